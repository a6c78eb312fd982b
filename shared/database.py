"""Engines and transactions for SQLite and PostgreSQL: write turns, retries, and what the schema must be.

Only this module creates engines. Every write is a function handed to `Database.write`, so that it can be run again
after a serialization failure or a deadlock.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlalchemy import URL, Connection, create_engine, event, exc, make_url, text
from sqlalchemy import inspect as inspected
from sqlalchemy.engine import Engine
from sqlalchemy.pool import QueuePool

from shared import sqlite
from shared.schema import SCHEMA

T = TypeVar("T")

TRIES = 10
TRANSIENT_STATES = {"40001", "40P01"}  # serialization failure, deadlock
POOL = {"pool_size": 8, "max_overflow": 64}


class DatabaseError(Exception):
    """The database cannot be used; the message says why and what to do."""


class DatabaseGoneError(DatabaseError):
    """It does not answer now: not there, not reachable, its disk full. It may come back."""


class _TryAgainError(DatabaseGoneError):
    """The engine chose this transaction to give way to others."""


class SchemaError(DatabaseError):
    """It is not a Lunas database of this program's schema."""


class Database:
    """One database, shared by all threads of a program."""

    def __init__(self, url: str, *, patience: int = 5) -> None:
        """`url` as in the settings; `patience`: seconds that PostgreSQL may take to connect.

        Raises DatabaseError for a URL that cannot be used. Does not connect.
        """
        parsed = _with_driver(url)
        self.file = sqlite_file(url)
        self._turn = sqlite.WriteTurn(self.file) if self.file else None
        self._name = str(self.file) if self.file else parsed.set(drivername="postgresql").render_as_string()
        self._engine = _sqlite_engine(self.file) if self.file else _postgresql_engine(parsed, patience)
        self._reader = self._with("", "AUTOCOMMIT")
        self._snapshot = self._with("BEGIN", "REPEATABLE READ")
        self._writer = self._with("BEGIN IMMEDIATE", "READ COMMITTED")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __str__(self) -> str:
        return self._name

    def close(self) -> None:
        """Drop all idle connections. The object stays usable: the next use connects afresh."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for single reads, each seeing what is committed by then. Raises DatabaseGoneError."""
        with _plain_errors(), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection on which all reads see the same moment. Raises DatabaseGoneError."""
        with _plain_errors(), self._snapshot.begin() as connection:
            yield connection

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one writing transaction and commit it; again from the start where the engine asks for that.

        Raises what `work` raises (then nothing is written), and DatabaseGoneError.
        """
        for attempt in range(TRIES):
            try:
                with _plain_errors(), self._turn_to_write(), self._writer.begin() as connection:
                    return work(connection)
            except _TryAgainError:
                time.sleep(0.002 * 2**attempt)
        raise DatabaseGoneError(f"the database was too busy for {TRIES} tries")

    def check_schema(self) -> None:
        """Raise SchemaError where the database is not of this program's schema, with what to do."""
        with self.reading() as connection:
            found = schema_of(connection)
        if found is None:
            raise SchemaError(f"{self} holds no Lunas database. Run: lunas init")
        refuse_newer(found, self)
        if found < SCHEMA:
            raise SchemaError(f"{self} has schema {found}, this program needs {SCHEMA}. Run: lunas init")

    def _turn_to_write(self) -> AbstractContextManager[None]:
        return self._turn.taken() if self._turn else nullcontext()

    def _with(self, begin: str, isolation: str) -> Engine:
        return self._engine.execution_options(**({"begin": begin} if self.file else {"isolation_level": isolation}))


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite URL, None for another engine. Raises DatabaseError for a URL that cannot be used."""
    parsed = _with_driver(url)
    return Path(parsed.database or "") if parsed.drivername.startswith("sqlite") else None


def schema_of(connection: Connection) -> str | None:
    """The schema that a database is of, None where it has none."""
    if not inspected(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def refuse_newer(found: str, name: object) -> None:
    """Raise SchemaError where the schema `found` is newer than this program's."""
    if found > SCHEMA:
        raise SchemaError(
            f"{name} has schema {found}, newer than this program's {SCHEMA}. Nothing was touched; upgrade this program."
        )


def _with_driver(url: str) -> URL:
    try:
        parsed = make_url(url)
    except exc.ArgumentError:
        parsed = URL.create("")
    if parsed.drivername == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in {"sqlite", "postgresql+psycopg"} or not parsed.database:
        raise DatabaseError("database.url: expected sqlite:///FILE or postgresql://USER@HOST/NAME, got another form")
    return parsed


def _sqlite_engine(file: Path) -> Engine:
    kind = sqlite.file_system(file)
    if kind in sqlite.NETWORK_FILE_SYSTEMS:
        raise DatabaseError(
            f"{file} is on a network file system ({kind}), where SQLite loses data. Use PostgreSQL for that."
        )
    mode = sqlite.shared_journal_mode()
    engine = create_engine(
        "sqlite://",
        module=sqlite.driver(),
        creator=lambda: sqlite.connect(file, journal_mode=mode),
        poolclass=QueuePool,
        **POOL,
    )

    @event.listens_for(engine, "connect")
    def _remember_file(_raw: Any, record: Any) -> None:
        record.info["inode"] = file.stat().st_ino

    @event.listens_for(engine, "checkout")
    def _refuse_other_file(_raw: Any, record: Any, _fairy: Any) -> None:
        # A file moved away stays open and would swallow what is written to it.
        if not file.exists() or file.stat().st_ino != record.info["inode"]:
            raise exc.DisconnectionError(f"{file} is not the file that was opened")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        statement = connection.get_execution_options()["begin"]
        if statement:
            connection.exec_driver_sql(statement)

    return engine


def _postgresql_engine(url: URL, patience: int) -> Engine:
    return create_engine(
        url,
        pool_pre_ping=True,
        connect_args={"connect_timeout": patience, "options": "-c lock_timeout=10s -c jit=off"},
        **POOL,
    )


def _is_transient(error: exc.DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return state in TRANSIENT_STATES or "database is locked" in str(error.orig)


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except (exc.IntegrityError, exc.ProgrammingError, exc.DataError):
        raise
    except exc.DBAPIError as error:
        kind = _TryAgainError if _is_transient(error) else DatabaseGoneError
        raise kind(f"the database does not answer: {_first_line(error.orig)}") from error
    except (exc.TimeoutError, exc.DisconnectionError, OSError) as error:
        raise DatabaseGoneError(f"the database does not answer: {_first_line(error)}") from error


def _first_line(error: object) -> str:
    return str(error).strip().partition("\n")[0]
