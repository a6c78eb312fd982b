"""The ways to pay: what each needs, and how payments meet a total. Pure.

Amounts are in the currency's shop unit. Only cash is rounded, and only cash gives change.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pos.till.basket import Paid, PaymentError
from pos.till.rounding import Rounding

LONGEST_REFERENCE = 64
CARD_NUMBER = re.compile(r"(?<![0-9])(?:[0-9][ -]?){12,18}[0-9](?![0-9])")


class Method(StrEnum):
    """A way to pay. Their order is that of the keys 1 to 5."""

    CASH = "cash"
    CARD = "card"
    QRIS = "qris"
    TRANSFER = "transfer"
    CREDIT = "credit"  # a voucher or store credit; its reference is the credit's id


EXCHANGE = "exchange"  # goods that come back with the same ticket pay for new ones; nobody chooses it
REFERENCED = frozenset(Method) - {Method.CASH}  # somebody else knows the payment by a reference
ONCE = frozenset({Method.QRIS, Method.TRANSFER})  # whose references are never given twice; a card terminal's are


@dataclass(frozen=True, slots=True)
class Settlement:
    """How payments meet a total: they are worth the total, plus `rounding` (negative when down), plus `change`."""

    rounding: int
    change: int


@dataclass(frozen=True, slots=True)
class Rest:
    """What is still to pay after some payments: in cash with its rounding, or by any other way."""

    cash: int
    rounding: int
    cashless: int


def settle(total: int, payments: Sequence[Paid], rounding: Rounding) -> Settlement:
    """What is rounded and what is given back. Raises PaymentError for too little, or too much that is not cash."""
    received, cashless = _parts(payments)
    paid = received + cashless
    if cashless > total:
        why = f"expected at most {total} that is not cash, got {cashless}"
        raise PaymentError("payment_over", why, total=total, paid=paid)
    owed = total - cashless
    has_cash = any(payment.method == Method.CASH for payment in payments)
    due = _due(owed, received, rounding) if has_cash else owed
    if received < due:
        raise PaymentError("payment_short", f"expected payments of {total}, got {paid}", total=total, paid=paid)
    return Settlement(due - owed, received - due)


def rest(total: int, taken: Sequence[Paid], rounding: Rounding) -> Rest:
    """What these payments leave to pay of a total; never less than nothing."""
    received, cashless = _parts(taken)
    owed = max(0, total - cashless)
    due = _due(owed, received, rounding)
    return Rest(max(0, due - received), due - owed, max(0, owed - received))


def check_references(payments: Iterable[Paid]) -> None:
    """Raise PaymentError where a payment has no reference that needs one, or two have the same."""
    seen: set[tuple[str, str]] = set()
    for payment in payments:
        key = (payment.method, reference_key(payment.reference))
        if payment.method in ONCE | {Method.CREDIT} and (key in seen or not key[1]):
            why = f"expected a reference of its own for each payment by {payment.method}, got {payment.reference!r}"
            raise PaymentError("reference_missing" if not key[1] else "reference_twice", why, method=payment.method)
        seen.add(key)


def reference_key(reference: str) -> str:
    """What is compared of a reference: people and slips write it with other spaces and in other letters."""
    return "".join(reference.split()).upper()


def holds_card_number(text: str) -> bool:
    """Whether a text holds a payment card's number: 13 to 19 digits with a right Luhn digit (ISO/IEC 7812)."""
    return any(_has_luhn_sum(re.sub("[ -]", "", number)) for number in CARD_NUMBER.findall(text))


def _has_luhn_sum(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return sum(digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(digits)) % 10 == 0


def _due(owed: int, received: int, rounding: Rounding) -> int:
    """What of this is paid in cash: who gave the exact amount is not asked for more, to round it up."""
    rounded = rounding.of(owed)
    return min(rounded, received) if received >= owed else rounded


def _parts(payments: Iterable[Paid]) -> tuple[int, int]:
    received = cashless = 0
    for payment in payments:
        if payment.method == Method.CASH:
            received += payment.amount
        else:
            cashless += payment.amount
    return received, cashless
