"""Core statements, compiled once per engine and run as driver SQL: a hot path pays for its SQL once."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, CursorResult, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import Boolean


class Among(ColumnElement[bool]):
    """`column IN (one bound list)`, whatever the list's length, so that the SQL never changes.

    The list travels as an array on PostgreSQL and as JSON on SQLite.
    """

    inherit_cache = True
    type = Boolean()

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        self.values = bindparam(name)

    @property
    def _from_objects(self) -> list[Any]:
        return list(self.column._from_objects)  # so that a SELECT over it knows its table


@compiles(Among, "sqlite")
def _among_sqlite(among: Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = compiler.process(among.column, **options), compiler.process(among.values, **options)
    return f"{column} IN (SELECT value FROM json_each({values}))"


@compiles(Among, "postgresql")
def _among_postgresql(among: Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = compiler.process(among.column, **options), compiler.process(among.values, **options)
    return f"{column} = ANY({values})"


@dataclass(frozen=True, slots=True)
class _Compiled:
    sql: str
    order: tuple[str, ...] | None  # of the values, where the driver wants them by position
    constants: Mapping[str, Any]


class Statement:
    """One statement with named values. Results come back as the driver gives them: whole numbers, text, bytes."""

    def __init__(self, clause: ClauseElement) -> None:
        self._clause = clause
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: Connection, **values: Any) -> CursorResult[Any]:
        """Run it once; a list is bound as `Among` wants it."""
        compiled = self._for(connection)
        return connection.exec_driver_sql(compiled.sql, _bound(values, compiled))

    def run_many(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run it for every row in one call of the driver; none for no rows."""
        compiled = self._for(connection)
        bound = [_bound(row, compiled) for row in rows]
        if bound:
            connection.exec_driver_sql(compiled.sql, bound)

    def _for(self, connection: Connection) -> _Compiled:
        name = connection.dialect.name
        if name not in self._compiled:
            compiled = self._clause.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
            assert isinstance(compiled, SQLCompiler)
            constants = {key: value for key, value in compiled.params.items() if value is not None}
            order = tuple(compiled.positiontup) if compiled.positiontup is not None else None
            self._compiled[name] = _Compiled(str(compiled), order, constants)
        return self._compiled[name]


def _bound(values: Mapping[str, Any], compiled: _Compiled) -> Any:
    every = {**compiled.constants, **values} if compiled.constants else values
    if compiled.order is None:
        return every
    return tuple(json.dumps(every[name]) if type(every[name]) is list else every[name] for name in compiled.order)
