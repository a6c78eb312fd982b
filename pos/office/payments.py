"""Payments that are not cash, held against what the acquirer or the bank says: seen there, or reversed.

A sale with a reversed payment is owed. Who has found the money after all marks it as seen; who got it in another way
keeps that in its place, and the ledger has what it was before.
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, bindparam, select, update

from pos.till import references
from pos.till.basket import Paid
from pos.till.methods import Method
from shared import schema
from shared.ledger import Turn
from shared.statements import Statement

KIND = "payment"  # in the ledger; its subject is `SALE/LINE`
LISTED = 500


class Standing(StrEnum):
    """What somebody found out of a payment; "" where nobody has looked yet."""

    SEEN = "seen"  # in the statement
    REVERSED = "reversed"  # the money went back, or never came: the sale is owed
    PAID_ANEW = "paid_anew"  # it came in another way then, for which nobody has looked yet


FOUND = (Standing.SEEN, Standing.REVERSED)  # what a statement says
ANEW = (Method.CARD, Method.QRIS, Method.TRANSFER)  # how what was owed is paid: cash goes into a drawer, at a till


class UnknownPaymentError(LookupError):
    """A payment that the shop does not have, or one that nobody's statement has."""


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment; `at` in µs since 1970 UTC."""

    sale: str
    line: int
    number: str
    at: int
    method: str
    amount: int
    reference: str
    standing: str


def between(connection: Connection, start: int, end: int) -> list[PaymentRow]:
    """The payments of sales from `start` to before `end` (µs since 1970 UTC), the newest first; at most `LISTED`."""
    rows = _BETWEEN.run(connection, start=start, end=end, most=LISTED)
    return [PaymentRow(*row) for row in rows]


def owed(connection: Connection) -> list[PaymentRow]:
    """Every reversed payment, the newest first; at most `LISTED`."""
    return [PaymentRow(*row) for row in _OWED.run(connection, most=LISTED)]


def mark(turn: Turn, sale: str, line: int, standing: Standing) -> None:
    """Say what was found out. Raises UnknownPaymentError."""
    before, version = _locked(turn, sale, line)
    if before != standing:
        _MARK.run(turn.connection, sale=sale, line=line, standing=standing.value, version=version + 1)
        turn.record(KIND, f"{sale}/{line}", version + 1, standing.value, standing.value, {})


def pay_anew(turn: Turn, sale: str, line: int, method: Method, reference: str) -> None:
    """Keep that what was owed came in another way. Raises UnknownPaymentError where nothing is owed.

    Raises SaleRefusedError `reference_used` where it paid something already.
    """
    before, version = _locked(turn, sale, line)
    if before != Standing.REVERSED:
        raise UnknownPaymentError(f"{sale}/{line} is not owed")
    references.claim(turn.connection, sale, [Paid(method.value, 0, reference)])
    now = {"method": method.value, "reference": reference}
    _PAY_ANEW.run(turn.connection, sale=sale, line=line, standing=Standing.PAID_ANEW.value, version=version + 1, **now)
    turn.record(KIND, f"{sale}/{line}", version + 1, Standing.PAID_ANEW, Standing.PAID_ANEW, {})
    turn.record("sale", sale, version + 1, "paid_anew", "sold", {"line": line, **now})


def _locked(turn: Turn, sale: str, line: int) -> tuple[str, int]:
    """The payment's standing and version."""
    row = _LOCK.run(turn.connection, sale=sale, line=line).first()
    if row is None:
        raise UnknownPaymentError(f"{sale}/{line}")
    return row[0], row[1]


_P, _S = schema.table(schema.Payment), schema.table(schema.Sale)
_this = (_P.c.sale_id == bindparam("sale")) & (_P.c.line == bindparam("line"))
_is_told = (_P.c.method != Method.CASH.value) & (_P.c.method != Method.CREDIT.value)  # those are the shop's own
_rows = (
    select(_P.c.sale_id, _P.c.line, _S.c.number, _S.c.at, _P.c.method, _P.c.amount, _P.c.reference, _P.c.standing)
    .join(_S, _S.c.id == _P.c.sale_id)
    .order_by(_S.c.at.desc(), _P.c.line)
    .limit(bindparam("most"))
)
_BETWEEN = Statement(_rows.where(_is_told, _S.c.at >= bindparam("start"), _S.c.at < bindparam("end")))
_OWED = Statement(_rows.where(_P.c.standing == Standing.REVERSED.value))
_LOCK = Statement(select(_P.c.standing, _P.c.version).where(_this, _is_told).with_for_update())
_MARK = Statement(update(_P).where(_this).values(standing=bindparam("standing"), version=bindparam("version")))
_PAY_ANEW = Statement(
    update(_P).where(_this).values({name: bindparam(name) for name in ("method", "reference", "standing", "version")})
)
