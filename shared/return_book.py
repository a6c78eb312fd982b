"""What is compared of goods that came back (see `shared.books`)."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from shared import schema
from shared.book import Book, Values, rows_of, unsaid
from shared.canonical import canonical
from shared.ledger import Event
from shared.statements import Among, Statement

_RETURN = ("number", "register", "actor", "at", "total", "exchanged", "rounding", "approved_by")
_LINE = ("sale_id", "sale_line", "quantity", "amount", "tax", "reason", "condition")
_REFUND = ("method", "amount", "reference")


def _returns(connection: Connection, ids: list[Any]) -> dict[str, Values]:
    lines = _parts(_LINES, _LINE, connection, ids)
    refunds = _parts(_REFUNDS, _REFUND, connection, ids)
    rows = _RETURNS.run(connection, ids=ids)
    return {one: (*values, canonical(lines[one]), canonical(refunds[one])) for one, *values in rows}


def _parts(
    statement: Statement, names: Sequence[str], connection: Connection, ids: list[Any]
) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one, *values in statement.run(connection, ids=ids):
        found[one].append(dict(zip(names, values, strict=True)))
    return found


def _said_of_return(events: Sequence[Event]) -> Values:
    said = events[0]
    facts = said.facts()
    told = (facts["total"], facts["exchanged"], facts["rounding"], facts["approved_by"])
    parts = (canonical(facts["lines"]), canonical(facts["refunds"]))
    return (facts["number"], said.register, said.actor, said.at, *told, *parts)


_L, _F = map(schema.table, (schema.ReturnLine, schema.Refund))
_RETURNS = rows_of(schema.GoodsReturn, *_RETURN)
_LINES = Statement(
    select(_L.c.return_id, *(_L.c[name] for name in _LINE))
    .where(Among(_L.c.return_id, "ids"))
    .order_by(_L.c.return_id, _L.c.line)
)
_REFUNDS = Statement(
    select(_F.c.return_id, *(_F.c[name] for name in _REFUND))
    .where(Among(_F.c.return_id, "ids"))
    .order_by(_F.c.return_id, _F.c.line)
)
RETURN_BOOK = Book(
    "return",
    (*_RETURN, "lines", "refunds"),
    _returns,
    _said_of_return,
    unsaid("return", schema.GoodsReturn),
    is_numbered=False,
)
