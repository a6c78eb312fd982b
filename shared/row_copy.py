"""All rows of one database into another, whatever their engines: streamed, in the caller's transactions."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, select, text

from shared.schema import Base
from shared.statements import driver_errors

FETCH = 5000  # rows held at a time


def replace_rows(target: Connection, source: Connection) -> None:
    """Empty the target's tables and fill them with the source's rows; both are of this program's schema.

    Rows are deleted, not truncated: others go on reading the old ones until the target's transaction commits. What is
    perishable is copied nowhere.
    """
    tables = Base.metadata.sorted_tables
    for table in reversed(tables):
        target.execute(delete(table))
    for table in tables:
        if table.info.get("perishable"):
            continue
        append = _append_postgresql if target.dialect.name == "postgresql" else _append_sqlite
        append(target, table, _rows(source, table))
    if target.dialect.name == "postgresql":
        _move_counters(target)


def lock_tables(connection: Connection) -> None:
    """Let nobody else write before this transaction ends; SQLite's writing transaction does so by itself."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(table.name for table in Base.metadata.sorted_tables)
        connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))


def _rows(source: Connection, table: Table) -> Iterator[Sequence[Any]]:
    streamed = {"stream_results": True, "yield_per": FETCH}
    result = source.execute(select(*table.columns), execution_options=streamed)
    for part in result.partitions():
        yield from part


def _append_sqlite(target: Connection, table: Table, rows: Iterator[Sequence[Any]]) -> None:
    places = ", ".join("?" * len(table.columns))
    with driver_errors(target, table.name):
        target.connection.cursor().executemany(f"INSERT INTO {_listed(table)} VALUES ({places})", map(tuple, rows))  # type: ignore[arg-type] # an iterator is streamed  # noqa: S608 - the schema's own names


def _append_postgresql(target: Connection, table: Table, rows: Iterator[Sequence[Any]]) -> None:
    cursor: Any = target.connection.cursor()
    with driver_errors(target, table.name), cursor.copy(f"COPY {_listed(table)} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _listed(table: Table) -> str:
    return f"{table.name} ({', '.join(column.name for column in table.columns)})"


def _move_counters(target: Connection) -> None:
    """The next row of a table that counts by itself comes after those that are there."""
    for table in Base.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None and column.autoincrement is True:
            target.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'),"  # noqa: S608 - the schema's own names
                    f" (SELECT coalesce(max({column.name}), 0) + 1 FROM {table.name}), false)"
                )
            )
