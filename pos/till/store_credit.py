"""Vouchers and store credit: a balance that whoever has the code may spend, never twice and never below nothing.

Issued by leaders in the office, or by a return; spent inside the transaction of the sale that it pays.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import Connection, bindparam, insert, select, update

from pos.till.basket import Paid, PaymentError
from pos.till.credit_code import credit_id, new_code
from pos.till.methods import Method
from shared import schema
from shared.ledger import Turn
from shared.statements import Statement

KIND = "credit"  # in the ledger
ISSUED, SPENT = "issued", "spent"
OPEN, EMPTY = "open", "empty"  # in the ledger: whether something is left
LARGEST_AMOUNT = 10**12
LISTED = 200


class CreditKind(StrEnum):
    """What a credit is for."""

    VOUCHER = "voucher"
    STORE_CREDIT = "store_credit"  # given back for what came back


@dataclass(frozen=True, slots=True)
class CreditRow:
    """One credit; `issued_by` is an actor, `issued_at` in µs since 1970 UTC, `sale` the id of what was given back."""

    id: str
    code: str
    kind: CreditKind
    amount: int
    balance: int
    sale: str
    issued_by: str
    issued_at: int
    version: int


@dataclass(frozen=True, slots=True)
class SpentOn:
    """A sale that a credit paid a part of; `at` in µs since 1970 UTC."""

    sale: str
    number: str
    at: int
    amount: int


def issue(turn: Turn, amount: int, kind: CreditKind, sale: str = "") -> CreditRow:
    """Give a new credit in this turn. Raises ValueError for an amount that is not 1 to `LARGEST_AMOUNT`."""
    if not 1 <= amount <= LARGEST_AMOUNT:
        raise ValueError(f"expected an amount of 1 to {LARGEST_AMOUNT}, got {amount}")
    code = new_code()
    row = CreditRow(credit_id(code), code, kind, amount, amount, sale, turn.actor, turn.now, 1)
    _ISSUE.run(turn.connection, **{name: getattr(row, name) for name in CreditRow.__slots__} | {"kind": kind.value})
    turn.record(KIND, row.id, 1, ISSUED, OPEN, {"kind": kind.value, "amount": amount, "sale": sale})
    return row


def spend(turn: Turn, sale_id: str, payments: Iterable[Paid]) -> list[Paid]:
    """Take what is paid by credits off their balances; the payments, with what each of those has `left`.

    Raises PaymentError: `credit_unknown`, or `credit_short` with the balance.
    """
    payments = list(payments)
    wanted = sorted({payment.reference: payment for payment in payments if payment.method == Method.CREDIT}.items())
    left = {credit: _spend(turn, sale_id, credit, payment.amount) for credit, payment in wanted}
    return [
        replace(payment, left=left[payment.reference]) if payment.reference in left else payment for payment in payments
    ]  # fmt: skip - one thought


def find(connection: Connection, credit: str) -> CreditRow | None:
    """The credit with this id."""
    row = _FIND.run(connection, id=credit).first()
    return _credit_row(*row) if row else None


def newest(connection: Connection) -> list[CreditRow]:
    """The credits that were issued last, the newest first."""
    return [_credit_row(*row) for row in _NEWEST.run(connection, most=LISTED)]


def spent_on(connection: Connection, credit: str) -> list[SpentOn]:
    """What a credit paid, the newest first."""
    return [SpentOn(*row) for row in _SPENT_ON.run(connection, credit=credit, method=Method.CREDIT.value)]


def _credit_row(
    credit: str, code: str, kind: str, amount: int, balance: int, *issued: str | int
) -> CreditRow:  # the columns of a row
    return CreditRow(credit, code, CreditKind(kind), amount, balance, *issued)  # type: ignore[arg-type] # as the row has them


def _spend(turn: Turn, sale_id: str, credit: str, amount: int) -> int:
    row = _LOCK.run(turn.connection, id=credit).first()
    if row is None:
        raise PaymentError("credit_unknown", "expected a credit that was issued, nobody issued this one")
    balance, version = row
    if balance < amount:
        why = f"expected a credit of {amount} or more, {balance} is left on it"
        raise PaymentError("credit_short", why, balance=balance, amount=amount)
    left: int = balance - amount
    _SET.run(turn.connection, id=credit, balance=left, version=version + 1)
    told = {"sale": sale_id, "amount": amount, "balance": left}
    turn.record(KIND, credit, version + 1, SPENT, OPEN if left else EMPTY, told)
    return left


_C = schema.table(schema.Credit)
_columns = [_C.c[name] for name in CreditRow.__slots__]
_this = _C.c.id == bindparam("id")
_ISSUE = Statement(insert(_C).values({name: bindparam(name) for name in CreditRow.__slots__}))
_FIND = Statement(select(*_columns).where(_this))
_LOCK = Statement(select(_C.c.balance, _C.c.version).where(_this).with_for_update())
_SET = Statement(update(_C).where(_this).values(balance=bindparam("balance"), version=bindparam("version")))
_NEWEST = Statement(select(*_columns).order_by(_C.c.issued_at.desc(), _C.c.id).limit(bindparam("most")))
_P, _S = schema.table(schema.Payment).c, schema.table(schema.Sale).c
_SPENT_ON = Statement(
    select(_S.id, _S.number, _S.at, _P.amount)
    .where(_P.sale_id == _S.id, _P.method == bindparam("method"), _P.reference == bindparam("credit"))
    .order_by(_S.at.desc(), _P.line)
)
