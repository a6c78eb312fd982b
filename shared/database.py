"""Engines and transactions for SQLite and PostgreSQL: write turns, retries, and what the schema must be.

Only this module creates engines. Every write is a function handed to `Database.write`, so that it can be run again
after a serialization failure or a deadlock.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlalchemy import URL, Connection, create_engine, event, exc, text
from sqlalchemy import inspect as inspected
from sqlalchemy.engine import Engine
from sqlalchemy.pool import NullPool, QueuePool

from shared import sqlite
from shared.database_errors import (
    DatabaseDamagedError,
    DatabaseError,
    DatabaseGoneError,
    SchemaError,
    TryAgainError,
    plain_errors,
)
from shared.database_url import file_url, sqlite_file, with_driver
from shared.schema import SCHEMA
from shared.statements import Statement

__all__ = [
    "Database",
    "DatabaseDamagedError",
    "DatabaseError",
    "DatabaseGoneError",
    "SchemaError",
    "file_url",
    "filling_file",
    "reading_file",
    "refuse_newer",
    "schema_of",
    "sqlite_file",
]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Begin:
    """What runs first on a connection, by use. Connections are in autocommit: transactions begin where we say so."""

    reading: Statement | None
    snapshot: Statement
    write: Statement


_SQLITE = _Begin(None, Statement(text("BEGIN")), Statement(text("BEGIN IMMEDIATE")))
_POSTGRESQL = _Begin(
    Statement(text("SELECT 1")),
    Statement(text("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")),
    Statement(text("BEGIN ISOLATION LEVEL READ COMMITTED")),
)
_COMMIT = Statement(text("COMMIT"))

TRIES = 10
POOL = {"pool_size": 8, "max_overflow": 64}


class Database:
    """One database, shared by all threads of a program."""

    def __init__(self, url: str, *, patience: int = 5) -> None:
        """`url` as in the settings; `patience`: seconds that PostgreSQL may take to connect.

        Raises DatabaseError for a URL that cannot be used. Does not connect.
        """
        parsed = with_driver(url)
        self.file = sqlite_file(url)
        self._turn = sqlite.WriteTurn(self.file) if self.file else None
        self._name = str(self.file) if self.file else parsed.set(drivername="postgresql").render_as_string()
        self._engine = _sqlite_engine(self.file) if self.file else _postgresql_engine(parsed, patience)
        self._begin = _SQLITE if self.file else _POSTGRESQL
        self._writer: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __str__(self) -> str:
        return self._name

    def close(self) -> None:
        """Drop all idle connections. The object stays usable: the next use connects afresh."""
        if self._turn:
            with self._turn.taken_here():
                self._drop_writer()
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for single reads, each seeing what is committed by then. Raises DatabaseGoneError."""
        with plain_errors(self), self._connected(self._begin.reading) as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection on which all reads see the same moment. Raises DatabaseGoneError."""
        with plain_errors(self), self._connected(self._begin.snapshot) as connection, _committed(connection):
            yield connection

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one writing transaction and commit it; again from the start where the engine asks for that.

        Raises what `work` raises (then nothing is written), and DatabaseGoneError.
        """
        for attempt in range(TRIES):
            try:
                with plain_errors(self), self._writing() as connection, _committed(connection):
                    return work(connection)
            except TryAgainError:
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

    def check_file(self) -> None:
        """Read every page of a SQLite file once. Raises DatabaseDamagedError; PostgreSQL minds its pages itself."""
        if self.file is None:
            return
        with self.reading() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        if found != "ok":
            raise DatabaseDamagedError(self, " ".join(found.split()))

    def _writing(self) -> AbstractContextManager[Connection]:
        return self._connected(self._begin.write) if self._turn is None else self._in_turn(self._turn)

    @contextmanager
    def _in_turn(self, turn: sqlite.WriteTurn) -> Iterator[Connection]:
        """SQLite's writers go one after the other, so that one connection, kept open, serves them all."""
        with turn.taken():
            writer = self._writer
            if writer is None or not sqlite.is_at(writer.info["inode"], turn.database):
                self._drop_writer()
                writer = self._writer = self._engine.connect()
            try:
                self._begin.write.run(writer)
                yield writer
            except exc.DBAPIError:
                self._drop_writer()
                raise
            finally:
                if writer.in_transaction():
                    writer.rollback()  # SQLAlchemy's own notion of one; the real one has ended

    def _drop_writer(self) -> None:
        if self._writer:
            self._writer.invalidate()
            self._writer.close()
            self._writer = None

    def _connected(self, first: Statement | None) -> Connection:
        """A connection on which `first` has run. It checks the connection too: a dead one is replaced."""
        connection = self._engine.connect()
        if first is None:
            return connection
        try:
            first.run(connection)
        except exc.DBAPIError as error:
            if not error.connection_invalidated:
                connection.close()
                raise
            connection.invalidate()
            connection.close()
            self._engine.dispose()
            connection = self._engine.connect()
            first.run(connection)
        return connection


@contextmanager
def reading_file(file: Path) -> Iterator[Connection]:
    """A snapshot of a SQLite file that nobody writes, such as a backup; it stays as it is. Raises DatabaseGoneError."""
    with _alone(file, lambda: sqlite.connect_read_only(file), _SQLITE.snapshot) as connection:
        yield connection


@contextmanager
def filling_file(file: Path) -> Iterator[Connection]:
    """One transaction on a draft that nobody else opens. Raises DatabaseGoneError.

    It keeps no journal: a draft that was not finished is thrown away.
    """
    with _alone(file, lambda: sqlite.connect(file, journal_mode="OFF"), _SQLITE.write) as connection:
        yield connection


@contextmanager
def _alone(file: Path, connect: Callable[[], Any], begin: Statement) -> Iterator[Connection]:
    engine = create_engine("sqlite://", module=sqlite.driver(), creator=connect, poolclass=NullPool)
    with plain_errors(file), engine.connect() as connection:
        begin.run(connection)
        with _committed(connection):
            yield connection


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
        if not sqlite.is_at(record.info["inode"], file):
            raise exc.DisconnectionError(f"{file} is not the file that was opened")

    return engine


def _postgresql_engine(url: URL, patience: int) -> Engine:
    return create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        connect_args={
            "connect_timeout": patience,
            "tcp_user_timeout": 1000 * patience,
            # A server that lost its power while we wait for its answer says nothing more: the kernel asks it.
            "keepalives_idle": patience,
            "keepalives_interval": 1,
            "keepalives_count": 3,
            "options": "-c lock_timeout=10s -c jit=off",
        },
        **POOL,
    )


@contextmanager
def _committed(connection: Connection) -> Iterator[None]:
    """Commit at the end, roll back on an exception."""
    try:
        yield
        _COMMIT.run(connection)
    except BaseException:
        _roll_back(connection)
        raise


def _roll_back(connection: Connection) -> None:
    try:
        connection.connection.rollback()
    except connection.dialect.loaded_dbapi.Error:
        connection.invalidate()  # it is gone, and its transaction with it
