"""What the rows of sales hold of prices, discounts and taxes, and what the sales' events say that they should hold."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, cast, func, select

from shared import schema
from shared.canonical import canonical
from shared.incidents import commitment
from shared.statements import Among, Statement

Values = tuple[Any, ...]

PRICES = ("sum of the lines", "sum of the prices", "sum of what is off", "sum of the tax", "discounts", "taxes")
_DISCOUNT = ("line", "off", "amount", "percent", "reason", "given_by", "approved_by")
_TAX = ("tax_class", "rate", "base", "net", "taxed", "tax")
_NOTHING = (None, None, None, None)


def prices_of(connection: Connection, sales: list[Any]) -> dict[str, Values]:
    """The values named by PRICES of each sale, as its rows have them."""
    discounts: dict[str, list[Any]] = defaultdict(list)
    for sale, note, salt, *values in _DISCOUNTS.run(connection, ids=sales):
        discounts[sale].append({**dict(zip(_DISCOUNT, values, strict=True)), "note": commitment(note, salt)})
    taxes: dict[str, list[Any]] = defaultdict(list)
    for sale, *values in _TAXES.run(connection, ids=sales):
        taxes[sale].append(dict(zip(_TAX, values, strict=True)))
    sums = {sale: values for sale, *values in _SUMS.run(connection, ids=sales)}
    return {
        sale: (*sums.get(sale, _NOTHING), canonical(discounts[sale]), canonical(_by_class(taxes[sale])))
        for sale in sales
    }


def said_of_prices(facts: Mapping[str, Any]) -> Values:
    """The same as the event of a sale says it; one of before there were discounts and taxes says nothing of them."""
    discounts, taxes = facts.get("discounts", []), facts.get("taxes", [])
    off = sum(discount["off"] for discount in discounts)
    tax = sum(part["tax"] for part in taxes)
    prices = facts["total"] + off - (tax if facts.get("on_top") else 0)
    return (facts["total"], prices, off, tax, canonical(discounts), canonical(_by_class(taxes)))


def _by_class(taxes: list[Any]) -> list[Any]:
    return sorted(taxes, key=lambda part: str(part["tax_class"]))


_L, _D, _T = map(schema.table, (schema.SaleLine, schema.SaleDiscount, schema.SaleTax))
_sums = [_L.c.amount, _L.c.price * _L.c.quantity, _L.c.discount + _L.c.share, _L.c.tax]
_SUMS = Statement(
    select(_L.c.sale_id, *(cast(func.sum(value), schema.Whole) for value in _sums))
    .where(Among(_L.c.sale_id, "ids"))
    .group_by(_L.c.sale_id)
)
_DISCOUNTS = Statement(
    select(_D.c.sale_id, _D.c.note, _D.c.note_salt, *(_D.c[name] for name in _DISCOUNT))
    .where(Among(_D.c.sale_id, "ids"))
    .order_by(_D.c.sale_id, _D.c.line)
)
_TAXES = Statement(select(_T.c.sale_id, *(_T.c[name] for name in _TAX)).where(Among(_T.c.sale_id, "ids")))
