"""What was sold, as goods that come back need it: the sale of a unit is found by the unit."""

from collections import Counter as Tally
from collections.abc import Collection, Sequence

from sqlalchemy import Connection, bindparam, func, select

from pos import lookup
from pos.returns.rules import SoldLine, ways_back
from pos.till.methods import Method
from shared import schema
from shared.signed_receipt import is_receipt_number
from shared.statements import Among, Statement

Key = tuple[str, int]
"""A line of a sale: the sale's id, and the line's number."""


def last_sale_of(connection: Connection, item: int) -> SoldLine | None:
    """The line in which the unit was sold last; None where no sale of it is kept."""
    row = _LAST.run(connection, item=item).first()
    return lines(connection, [(row[0], row[1])])[0] if row else None


def lines(connection: Connection, keys: Sequence[Key]) -> list[SoldLine]:
    """These lines, in this order. Raises KeyError for one that is not there."""
    found = {(line.sale, line.line): line for line in of_sales(connection, {sale for sale, _ in keys})}
    return [found[key] for key in keys]


def of_sales(connection: Connection, sales: Collection[str]) -> list[SoldLine]:
    """All lines of these sales, in their order."""
    wanted = sorted(sales)
    rows = _LINES.run(connection, ids=wanted).all()
    returned = {(sale, line): int(quantity) for sale, line, quantity in _RETURNED.run(connection, ids=wanted)}
    products = {one.id: one for one in lookup.find_products_by_id(connection, sorted({row[5] for row in rows}))}
    items = {one.id: one for one in lookup.find_items(connection, sorted({row[6] for row in rows if row[6]}))}
    return [
        SoldLine._make((*row[:5], products[row[5]], items.get(row[6]), *row[7:], returned.get((row[0], row[1]), 0)))
        for row in rows
    ]


def sale_of_number(connection: Connection, number: str) -> str:
    """The id of the sale whose receipt has this number, "" where there is none."""
    # Units are scanned here too, and no index has the numbers.
    return (_NUMBERED.run(connection, number=number).scalar() or "") if is_receipt_number(number) else ""


def ways(connection: Connection, sales: Collection[str]) -> dict[Method, int]:
    """What may go back by each way in which these sales were paid, in the order in which they were.

    What any of them gave back before counts against all of them, so it is never too much. What goods that came back
    had paid is none of these: it becomes store credit.
    """
    wanted = sorted(sales)
    rows = _PAID.run(connection, ids=wanted).all()
    due = sum(int(total) for (total,) in _DUE.run(connection, ids=wanted))
    change = sum(amount for _, amount in rows) - due
    paid = [(Method(method), amount) for method, amount in rows if method in set(Method)]
    before: Tally[Method] = Tally()
    for method, amount in _REFUNDED.run(connection, ids=wanted):
        before[Method(method)] += amount
    return ways_back([*paid, (Method.CASH, -change)] if change else paid, before)


_S, _L, _R, _B, _P, _F = map(
    schema.table,
    (schema.Sale, schema.SaleLine, schema.GoodsReturn, schema.ReturnLine, schema.Payment, schema.Refund),
)
_LAST = Statement(
    select(_L.c.sale_id, _L.c.line)
    .join(_S, _S.c.id == _L.c.sale_id)
    .where(_L.c.item_id == bindparam("item"))
    .order_by(_S.c.at.desc())
    .limit(1)
)
_LINES = Statement(
    select(
        _L.c.sale_id,
        _L.c.line,
        _S.c.number,
        _S.c.register,
        _S.c.at,
        _L.c.product_id,
        _L.c.item_id,
        _L.c.quantity,
        _L.c.amount,
        _L.c.tax,
    )
    .join(_S, _S.c.id == _L.c.sale_id)
    .where(Among(_S.c.id, "ids"))
    .order_by(_S.c.at, _S.c.id, _L.c.line)
)
_RETURNED = Statement(
    select(_B.c.sale_id, _B.c.sale_line, func.sum(_B.c.quantity))
    .where(Among(_B.c.sale_id, "ids"))
    .group_by(_B.c.sale_id, _B.c.sale_line)
)
_NUMBERED = Statement(select(_S.c.id).where(_S.c.number == bindparam("number"), _S.c.reply != ""))
_PAID = Statement(select(_P.c.method, _P.c.amount).where(Among(_P.c.sale_id, "ids")).order_by(_P.c.sale_id, _P.c.line))
_DUE = Statement(select(_S.c.total + _S.c.rounding).where(Among(_S.c.id, "ids")))
_of_these = select(_B.c.return_id).where(Among(_B.c.sale_id, "ids"))
_REFUNDED = Statement(select(_F.c.method, _F.c.amount).where(_F.c.return_id.in_(_of_these)))
