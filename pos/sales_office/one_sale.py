"""All that the shop knows of one sale: its lines and what became of each unit, discounts, payments, prints."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select

from shared import schema
from shared.statements import Statement


class UnknownSaleError(LookupError):
    """A sale that the shop never made."""


@dataclass(frozen=True, slots=True)
class Discount:
    """What was off, why, and who gave it; `approved_by` is "" where nobody had to allow it. Both are actors."""

    line: int
    off: int
    reason: str
    note: str
    given_by: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class Line:
    """What was sold: `amount` is what was paid for it; `serial` and the unit's `state` now are "" without a serial."""

    number: int
    product: str
    quantity: int
    price: int
    amount: int
    serial: str
    state: str
    discount: Discount | None


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment; `standing` as in `pos.office.payments`."""

    method: str
    amount: int
    reference: str
    standing: str


@dataclass(frozen=True, slots=True)
class CameBack:
    """Pieces of a line that came back: `amount` is what was paid for them; `approved_by` as in `Discount`."""

    line: int
    number: str
    at: int
    quantity: int
    amount: int
    reason: str
    condition: str
    actor: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class OneSale:
    """One sale; `at` in µs since 1970 UTC, `off` the discount off the whole, `prints` how often it was printed."""

    id: str
    number: str
    at: int
    register: str
    actor: str
    total: int
    rounding: int
    prints: int
    lines: tuple[Line, ...]
    off: Discount | None
    payments: tuple[Payment, ...]
    returns: tuple[CameBack, ...]

    @property
    def change(self) -> int:
        """What was given back in cash."""
        return sum(payment.amount for payment in self.payments) - self.total - self.rounding


def one_sale(connection: Connection, sale: str) -> OneSale:
    """The sale of this id. Raises UnknownSaleError."""
    head = _HEAD.run(connection, id=sale).first()
    if head is None:
        raise UnknownSaleError(sale)
    discounts = {row[0]: Discount(*row) for row in _DISCOUNTS.run(connection, id=sale)}
    lines = tuple(Line(*(*row, discounts.get(row[0]))) for row in _LINES.run(connection, id=sale))
    payments = tuple(Payment(*row) for row in _PAYMENTS.run(connection, id=sale))
    returns = tuple(CameBack(*row) for row in _RETURNS.run(connection, id=sale))
    return OneSale(*(*head, lines, discounts.get(0), payments, returns))


_S, _L, _D, _M, _P, _I, _G, _B = map(
    schema.table,
    (
        schema.Sale,
        schema.SaleLine,
        schema.SaleDiscount,
        schema.Payment,
        schema.Product,
        schema.Item,
        schema.GoodsReturn,
        schema.ReturnLine,
    ),
)
_HEAD = Statement(
    select(_S.c.id, _S.c.number, _S.c.at, _S.c.register, _S.c.actor, _S.c.total, _S.c.rounding, _S.c.prints).where(
        _S.c.id == bindparam("id"), _S.c.at > 0
    )
)
_DISCOUNTS = Statement(
    select(_D.c.line, _D.c.off, _D.c.reason, _D.c.note, _D.c.given_by, _D.c.approved_by).where(
        _D.c.sale_id == bindparam("id")
    )
)
_LINES = Statement(
    select(
        _L.c.line,
        _P.c.name,
        _L.c.quantity,
        _L.c.price,
        _L.c.amount,
        func.coalesce(_I.c.serial, ""),
        func.coalesce(_I.c.state, ""),
    )
    .select_from(_L.join(_P, _P.c.id == _L.c.product_id).outerjoin(_I, _I.c.id == _L.c.item_id))
    .where(_L.c.sale_id == bindparam("id"))
    .order_by(_L.c.line)
)
_PAYMENTS = Statement(
    select(_M.c.method, _M.c.amount, _M.c.reference, _M.c.standing)
    .where(_M.c.sale_id == bindparam("id"))
    .order_by(_M.c.line)
)
_RETURNS = Statement(
    select(
        _B.c.sale_line,
        _G.c.number,
        _G.c.at,
        _B.c.quantity,
        _B.c.amount,
        _B.c.reason,
        _B.c.condition,
        _G.c.actor,
        _G.c.approved_by,
    )
    .join(_G, _G.c.id == _B.c.return_id)
    .where(_B.c.sale_id == bindparam("id"))
    .order_by(_G.c.at, _B.c.sale_line)
)
