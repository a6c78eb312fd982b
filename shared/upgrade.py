"""Create the database, or bring it to this program's schema: one transaction, safe to repeat, safe to kill."""

import secrets
from pathlib import Path

from sqlalchemy import Connection, insert, select

from shared import sqlite
from shared.database import Database, DatabaseGoneError, file_url, refuse_newer, schema_of, sqlite_file
from shared.schema import Shop
from shared.sqlite import WriteTurn

MIGRATIONS = "shared:migrations"


def upgrade(url: str) -> None:
    """Bring the database at `url` to this program's schema; a SQLite file that is not there is made.

    Raises SchemaError for a newer schema, DatabaseDamagedError for a file that is there and is no database,
    DatabaseGoneError where the engine does not answer.
    """
    file = sqlite_file(url)
    if file is None:
        _migrate(url)
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with WriteTurn(file).taken():
            is_new = not file.exists()
            if is_new:
                _make(file)
    except OSError as error:
        raise DatabaseGoneError(f"cannot create {file}: {error.strerror}") from error
    if not is_new:
        _migrate(url)


def _make(file: Path) -> None:
    """Under another name first: a half-made database, or an empty file, never stands where a shop is looked for."""
    draft = file.with_name(file.name + ".new")
    sqlite.discard(draft)
    try:
        draft.touch(mode=0o660)
        sqlite.begin(draft)
        _migrate(file_url(draft))
        sqlite.put_in_place(draft, file)
    finally:
        sqlite.discard(draft)


def _migrate(url: str) -> None:
    with Database(url) as database:

        def migrate(connection: Connection) -> None:
            found = schema_of(connection)
            if found is not None:
                refuse_newer(found, database)
            _run_migrations(connection)
            _make_shop(connection)

        database.write(migrate)


def _run_migrations(connection: Connection) -> None:
    # Half a second on a Raspberry Pi, which only the commands that migrate should wait for.
    from alembic import command  # noqa: PLC0415 - as said above
    from alembic.config import Config  # noqa: PLC0415 - as said above

    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _make_shop(connection: Connection) -> None:
    if connection.execute(select(Shop.id)).first() is None:
        connection.execute(insert(Shop).values(id=1, epoch=secrets.token_hex(16), cookie_key=secrets.token_hex(32)))
