"""The addresses of databases, as the settings write them."""

from pathlib import Path

from sqlalchemy import URL, exc, make_url

from shared.database_errors import DatabaseError


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite URL, None for another engine. Raises DatabaseError for a URL that cannot be used."""
    parsed = with_driver(url)
    return Path(parsed.database or "") if parsed.drivername.startswith("sqlite") else None


def file_url(file: Path) -> str:
    """The URL of a SQLite file."""
    return URL.create("sqlite", database=str(file)).render_as_string()


def with_driver(url: str) -> URL:
    """The URL with the driver that we use. Raises DatabaseError for one that cannot be used."""
    try:
        parsed = make_url(url)
    except exc.ArgumentError:
        parsed = URL.create("")
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in {"sqlite", "postgresql+psycopg"} or not parsed.database:
        raise DatabaseError("database.url: expected sqlite:///FILE or postgresql://USER@HOST/NAME, got another form")
    return parsed
