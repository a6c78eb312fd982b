"""What the shop took in a period: by day and hour, product, cashier, till and way to pay."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, bindparam, cast, func, select

from pos.office.figures import Period
from pos.office.filter_fields import day_begins
from pos.till.methods import Method
from shared import schema
from shared.pages import words
from shared.statements import Statement

QUARTER = 15 * 60 * 1_000_000  # µs: the zones of this world differ by whole quarters of an hour
MOST_PRODUCTS = 20
HOURS = 24


@dataclass(frozen=True, slots=True)
class Share:
    """What of the sales is one product's, or one cashier's: how many, and what they came to."""

    name: str
    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class Way:
    """What was paid in one way, cash less its change, and what of it was paid back."""

    method: str
    taken: int
    given_back: int


@dataclass(frozen=True, slots=True)
class Figures:
    """A period's sales; `returned` is what goods were worth that came back, whenever they were sold."""

    sales: int
    total: int
    discounts: int
    returns: int
    returned: int
    per_day: dict[date, int]
    per_hour: list[int]
    products: list[Share]
    cashiers: list[Share]
    tills: list[Share]
    ways: list[Way]


def figures(connection: Connection, period: Period, timezone: ZoneInfo) -> Figures:
    """Read and add up. Wants a snapshot."""
    since = day_begins(period.first, timezone)
    quarters = [(at * QUARTER, amount) for at, amount in _QUARTERS.run(connection, since=since)]
    sales, total, rounded = _WHOLE.run(connection, since=since).one()
    returns, returned = _RETURNS.run(connection, since=since).one()
    return Figures(
        sales=sales,
        total=total,
        discounts=_DISCOUNTS.run(connection, since=since).scalar_one(),
        returns=returns,
        returned=returned,
        per_day=_per_day(quarters, period, timezone),
        per_hour=_per_hour(quarters, timezone),
        products=[Share(*row) for row in _PRODUCTS.run(connection, since=since, most=MOST_PRODUCTS)],
        cashiers=[Share(*row) for row in _CASHIERS.run(connection, since=since)],
        tills=[Share(*row) for row in _TILLS.run(connection, since=since)],
        ways=_ways(connection, since, total + rounded),
    )


def _per_day(quarters: Iterable[tuple[int, int]], period: Period, timezone: ZoneInfo) -> dict[date, int]:
    found = dict.fromkeys(period.days, 0)
    for at, amount in quarters:
        day = words.time_of(at, timezone).date()
        # A clock that ran ahead sells tomorrow.
        found[day] = found.get(day, 0) + amount
    return found


def _per_hour(quarters: Iterable[tuple[int, int]], timezone: ZoneInfo) -> list[int]:
    found = [0] * HOURS
    for at, amount in quarters:
        found[words.time_of(at, timezone).hour] += amount
    return found


def _ways(connection: Connection, since: int, due: int) -> list[Way]:
    """Cash is what the other ways left of what was due: its payments hold what was handed over, change and all."""
    cashless = _CASHLESS.run(connection, since=since)
    taken: dict[str, int] = {method: amount for method, amount in cashless if method}
    taken[Method.CASH.value] = due - sum(taken.values())
    back: dict[str, int] = dict(_REFUNDS.run(connection, since=since).all())
    listed = [*(method.value for method in Method), *sorted(taken.keys() - set(Method))]
    ways = [Way(method, taken.get(method, 0), back.get(method, 0)) for method in listed]
    return [way for way in ways if way.taken or way.given_back]


_S, _L, _D, _M, _P, _G, _R = map(
    schema.table,
    (
        schema.Sale,
        schema.SaleLine,
        schema.SaleDiscount,
        schema.Payment,
        schema.Product,
        schema.GoodsReturn,
        schema.Refund,
    ),
)
_is_of = (_S.c.at >= bindparam("since")) & (_S.c.at > 0)


def _sum(value: ColumnElement[int]) -> ColumnElement[int]:
    return func.coalesce(cast(func.sum(value), schema.Whole), 0)


def _shares(name: ColumnElement[str]) -> Select[str, int, int]:
    return select(name, func.count(), _sum(_S.c.total)).where(_is_of).group_by(name).order_by(_sum(_S.c.total).desc())


_WHOLE = Statement(select(func.count(), _sum(_S.c.total), _sum(_S.c.rounding)).where(_is_of))
_quarter = _S.c.at // QUARTER
_QUARTERS = Statement(select(_quarter, _sum(_S.c.total)).where(_is_of).group_by(_quarter))
_CASHIERS, _TILLS = Statement(_shares(_S.c.actor)), Statement(_shares(_S.c.register))
_DISCOUNTS = Statement(select(_sum(_D.c.off)).join(_S, _S.c.id == _D.c.sale_id).where(_is_of))
# Outer joins, for SQLite then begins with the sales of the period, and not with every line that was ever sold.
_sold = _sum(_L.c.amount)
_by_product = (
    select(_L.c.product_id, _sum(_L.c.quantity).label("pieces"), _sold.label("sold"))
    .select_from(_S.outerjoin(_L, _L.c.sale_id == _S.c.id))
    .where(_is_of)
    .group_by(_L.c.product_id)
    .order_by(_sold.desc(), _L.c.product_id)
    .limit(bindparam("most"))
    .subquery()
)
_PRODUCTS = Statement(
    select(_P.c.name, _by_product.c.pieces, _by_product.c.sold)
    .join(_by_product, _by_product.c.product_id == _P.c.id)
    .order_by(_by_product.c.sold.desc(), _P.c.id)
)
_is_cashless = (_M.c.sale_id == _S.c.id) & (_M.c.method != Method.CASH.value)
_CASHLESS = Statement(
    select(_M.c.method, _sum(_M.c.amount))
    .select_from(_S.outerjoin(_M, _is_cashless))
    .where(_is_of)
    .group_by(_M.c.method)
)
_is_back = _G.c.at >= bindparam("since")
_RETURNS = Statement(select(func.count(), _sum(_G.c.total)).where(_is_back))
_REFUNDS = Statement(
    select(_R.c.method, _sum(_R.c.amount)).join(_G, _G.c.id == _R.c.return_id).where(_is_back).group_by(_R.c.method)
)
