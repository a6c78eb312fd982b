"""Create the database, or bring it to this program's schema: one transaction, safe to repeat, safe to kill."""

import secrets

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, insert, select

from shared.database import Database, DatabaseGoneError, refuse_newer, schema_of, sqlite_file
from shared.schema import Shop


def upgrade(url: str) -> None:
    """Bring the database at `url` to this program's schema.

    Raises SchemaError for a newer schema, DatabaseGoneError where the engine does not answer.
    """
    _make_file(url)
    with Database(url) as database:

        def migrate(connection: Connection) -> None:
            found = schema_of(connection)
            if found is not None:
                refuse_newer(found, database)
            command.upgrade(_config(connection), "head")
            _make_shop(connection)

        database.write(migrate)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "shared:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _make_file(url: str) -> None:
    file = sqlite_file(url)
    if file is None:
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o660)
    except OSError as error:
        raise DatabaseGoneError(f"cannot create {file}: {error.strerror}") from error


def _make_shop(connection: Connection) -> None:
    if connection.execute(select(Shop.id)).first() is None:
        connection.execute(insert(Shop).values(id=1, epoch=secrets.token_hex(16), cookie_key=secrets.token_hex(32)))
