"""The book of held sales: what is put by stands in rows until it is opened or discarded, and then in none."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from shared import schema
from shared.book import Book, Values, rows_of, unsaid
from shared.ledger import Event
from shared.statements import Among, Statement

KIND = "held_sale"
HELD = "held"  # the state in which there is a row
VALUES = ("state", "source", "incident", "at", "units", "goods")
NO_ROW: Values = ("gone", "", "", None, [], [])


def _rows(connection: Connection, ids: list[Any]) -> dict[str, Values]:
    units: dict[str, list[int]] = defaultdict(list)
    goods: dict[str, list[list[int]]] = defaultdict(list)
    for held, product, item, quantity in _LINES.run(connection, ids=ids):
        if item is None:
            goods[held].append([product, quantity])
        else:
            units[held].append(item)
    rows = {
        held: (HELD, *values, sorted(units[held]), sorted(goods[held]))
        for held, *values in _SALES.run(connection, ids=ids)
    }
    return dict.fromkeys(map(str, ids), NO_ROW) | rows


def _said(events: Sequence[Event]) -> Values:
    put_by = [event for event in events if event.version == 1 and event.state == HELD]
    if not put_by or events[-1].version > 1:
        return NO_ROW  # opened, discarded, or paid before the gate's word arrived
    facts = [event.facts() for event in put_by]
    first = facts[0]
    units = sorted(item for told in facts for item in told["items"])
    goods = sorted(line for told in facts for line in told.get("goods", ()))
    at = min(put_by[0].at, first.get("sent", put_by[0].at))
    return (HELD, put_by[0].register, first.get("incident", ""), at, units, goods)


_L = schema.table(schema.HeldLine)
_SALES = rows_of(schema.HeldSale, "source", "incident", "at")
_LINES = Statement(select(_L.c.held, _L.c.product_id, _L.c.item_id, _L.c.quantity).where(Among(_L.c.held, "ids")))

HELD_BOOK = Book(KIND, VALUES, _rows, _said, unsaid(KIND, schema.HeldSale), is_numbered=False)
