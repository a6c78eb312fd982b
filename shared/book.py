"""One kind of subject: what its rows hold, and what its events say that they should hold."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, cast, exists, select, true
from sqlalchemy.types import Text

from shared import schema
from shared.ledger import Event
from shared.statements import Among, Statement

Values = tuple[Any, ...]
Rows = Callable[[Connection, list[Any]], dict[str, Values]]
Said = Callable[[Sequence[Event]], Values]


class Book(NamedTuple):
    """One kind of subject: the values to compare, the rows' by id, the events', and the ids of rows without events."""

    kind: str
    values: tuple[str, ...]
    rows: Rows
    said: Said
    unsaid: Statement
    is_numbered: bool = True


def facts_of(events: Sequence[Event]) -> dict[str, Any]:
    """What the events tell, a later one over an earlier one."""
    facts: dict[str, Any] = {}
    for event in events:
        facts |= event.facts()
    return facts


def rows_of(model: type[schema.Base], *names: str) -> Statement:
    """Select the key and these columns of some rows."""
    table = schema.table(model)
    (key,) = table.primary_key.columns
    return Statement(select(key, *(table.c[name] for name in names)).where(Among(key, "ids")))


def plain(kind: str, model: type[schema.Base], names: tuple[str, ...], said: Said, *, is_numbered: bool = True) -> Book:
    """The book of a kind whose rows hold the values as they are."""
    statement = rows_of(model, *names)

    def rows(connection: Connection, ids: list[Any]) -> dict[str, Values]:
        return {str(subject): tuple(values) for subject, *values in statement.run(connection, ids=ids)}

    return Book(kind, names, rows, said, unsaid(kind, model), is_numbered)


def unsaid(kind: str, model: type[schema.Base], has_happened: Any = None) -> Statement:
    """Select the ids of rows without events; of those alone to which something `has_happened`."""
    (key,) = schema.table(model).primary_key.columns
    said = exists().where(_E.c.kind == kind, _E.c.subject == cast(key, Text))
    return Statement(select(key).where(~said, true() if has_happened is None else has_happened).order_by(key))


_E = schema.table(schema.Event)
