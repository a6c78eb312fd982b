"""Core statements, compiled once per engine and run on the driver's own cursor: a hot path pays for its SQL once.

SQLAlchemy's own execution costs more per statement than SQLite itself does, so nothing of it stands between a
compiled statement and the driver but the translation of errors.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NoReturn, Self

from sqlalchemy import ColumnElement, Connection, Dialect, bindparam, exc
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Boolean


class Among(FunctionElement[bool]):
    """`column IN (one bound list)`, whatever the list's length, so that the SQL never changes.

    The list travels as an array on PostgreSQL and as JSON on SQLite.
    """

    inherit_cache = True
    type = Boolean()

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        super().__init__(column, bindparam(name))

    def self_group(self, against: object = None) -> Self:  # noqa: ARG002 - asked for by the base
        """Stay bare: SQLite searches an index for `x IN (...)`, and scans the whole table for `(x IN (...)) = 1`."""
        return self


@compiles(Among, "sqlite")
def _among_sqlite(among: Among, compiler: SQLCompiler, **options: object) -> str:
    column, values = (compiler.process(part, **options) for part in among.clauses)
    return column + " IN (SELECT value FROM json_each(" + values + "))"  # noqa: S608 - both are the compiler's own


@compiles(Among, "postgresql")
def _among_postgresql(among: Among, compiler: SQLCompiler, **options: object) -> str:
    column, values = (compiler.process(part, **options) for part in among.clauses)
    return column + " = ANY(" + values + ")"


class RowsMissedError(AssertionError):
    """A change met other rows than were locked for it: nothing of its transaction may stay."""


class Rows:
    """What a statement gave: its rows as the driver makes them, and how many rows it met or changed."""

    __slots__ = ("found", "rowcount")

    def __init__(self, found: list[tuple[Any, ...]], rowcount: int) -> None:
        self.found = found
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self.found)

    def all(self) -> list[tuple[Any, ...]]:
        """Every row."""
        return self.found

    def first(self) -> tuple[Any, ...] | None:
        """The first row, None where there is none."""
        return self.found[0] if self.found else None

    def one(self) -> tuple[Any, ...]:
        """The only row. Raises ValueError where there is none, or another."""
        (row,) = self.found
        return row

    def scalar(self) -> Any:
        """The first value of the first row, None where there is none."""
        return self.found[0][0] if self.found else None

    def scalar_one(self) -> Any:
        """The first value of the only row. Raises ValueError where there is none, or another."""
        return self.one()[0]


@dataclass(frozen=True, slots=True)
class _Compiled:
    sql: str
    constants: Mapping[str, Any]
    in_order: Callable[[Mapping[str, Any]], tuple[Any, ...]] | None  # where the driver wants values by position

    def bound(self, values: Mapping[str, Any]) -> Any:
        every = {**self.constants, **values} if self.constants else values
        if self.in_order is None:
            return every
        ordered = self.in_order(every)
        if list in map(type, ordered):
            return [json.dumps(value) if type(value) is list else value for value in ordered]
        return ordered


class Statement:
    """One statement with named values. Results come back as the driver gives them: whole numbers, text, bytes."""

    def __init__(self, clause: ClauseElement) -> None:
        self._clause = clause
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: Connection, **values: Any) -> Rows:
        """Run it once; a list is bound as `Among` wants it. Raises sqlalchemy.exc.DBAPIError and its kinds."""
        compiled = self._for(connection.dialect)
        cursor: Any = connection.connection.cursor()
        try:
            cursor.execute(compiled.sql, compiled.bound(values))
            # Everything at once: an open result would hold back SQLite's checkpoints.
            return Rows(cursor.fetchall() if cursor.description else [], cursor.rowcount)
        except connection.dialect.loaded_dbapi.Error as error:
            _raise_translated(connection, compiled.sql, error)

    def run_many(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run it for every row in one call of the driver; none for no rows. Raises as `run` does."""
        try:
            self.start(connection, rows)
        except connection.dialect.loaded_dbapi.Error as error:
            _raise_translated(connection, self.sql(connection.dialect), error)

    def start(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> Any:
        """Hand it to the driver for every row; give the driver's cursor. Raises the driver's own errors."""
        compiled = self._for(connection.dialect)
        cursor: Any = connection.connection.cursor()
        bound = [compiled.bound(row) for row in rows]
        if bound:
            cursor.executemany(compiled.sql, bound)
        return cursor

    def sql(self, dialect: Dialect) -> str:
        """The statement as this dialect's driver gets it."""
        return self._for(dialect).sql

    def _for(self, dialect: Dialect) -> _Compiled:
        name = dialect.name
        known = self._compiled.get(name)
        if known is None:
            compiled = self._clause.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
            if not isinstance(compiled, SQLCompiler):
                raise TypeError(f"expected a statement on rows, got {type(self._clause).__name__}")
            constants = {key: value for key, value in compiled.params.items() if value is not None}
            known = self._compiled[name] = _Compiled(str(compiled), constants, _in_order(compiled.positiontup))
        return known


@dataclass(frozen=True, slots=True)
class Change:
    """A statement for some rows; `must_meet`: each of them has to be met by exactly one row of the table."""

    statement: Statement
    rows: Sequence[Mapping[str, Any]]
    must_meet: bool = False


def run_together(connection: Connection, changes: Iterable[Change]) -> None:
    """Run statements of which no result is read, one after the other, in one round trip where the driver can.

    Raises as `Statement.run`, and RowsMissedError.
    """
    raw: Any = connection.connection.driver_connection
    is_postgresql = connection.dialect.name == "postgresql"
    try:
        with raw.pipeline() if is_postgresql else nullcontext():
            started = [(change, change.statement.start(connection, change.rows)) for change in changes if change.rows]
    except connection.dialect.loaded_dbapi.Error as error:
        _raise_translated(connection, "several statements at once", error)
    for change, cursor in started:
        if change.must_meet and cursor.rowcount != len(change.rows):
            raise RowsMissedError(f"expected to meet {len(change.rows)} rows, met {cursor.rowcount}")


@contextmanager
def driver_errors(connection: Connection, doing: str) -> Iterator[None]:
    """Raise the driver's own errors as SQLAlchemy's, for work on the driver's connection."""
    try:
        yield
    except connection.dialect.loaded_dbapi.Error as error:
        _raise_translated(connection, doing, error)


def _in_order(names: Sequence[str] | None) -> Callable[[Mapping[str, Any]], tuple[Any, ...]] | None:
    if names is None:
        return None
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple(values[name] for name in names)


def _raise_translated(connection: Connection, sql: str, error: Any) -> NoReturn:
    dialect = connection.dialect
    is_gone = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
    raise exc.DBAPIError.instance(
        sql, None, error, dialect.loaded_dbapi.Error, connection_invalidated=is_gone, dialect=dialect
    ) from error
