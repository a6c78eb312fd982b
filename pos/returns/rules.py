"""What may come back, for how much, and how it is paid back. Pure.

Amounts are whole numbers of the currency's shop unit. A line's amount is shared out over its pieces to the last unit,
so that all pieces together bring back exactly what was paid for the line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from pos.lookup import ItemRow, ProductRow
from pos.till.methods import Method
from pos.till.rounding import Rounding
from shared.items import ItemState


class Reason(StrEnum):
    """Why goods come back."""

    DEFECT = "defect"
    WRONG_ITEM = "wrong_item"
    CHANGED_MIND = "changed_mind"
    OTHER = "other"
    VOID = "void"  # the sale itself was a mistake: the goods never left the counter


class Condition(StrEnum):
    """How they come back."""

    SEALED = "sealed"
    OPENED = "opened"
    DAMAGED = "damaged"


CHOSEN_REASONS = tuple(reason for reason in Reason if reason is not Reason.VOID)

REFUSALS: Mapping[ItemState, str] = {
    ItemState.IN_STOCK: "not_sold",
    ItemState.RETURNED: "returned_before",
    ItemState.QUARANTINED: "not_sold",
    ItemState.IN_TRANSIT: "not_sold",
    ItemState.WRITTEN_OFF: "stolen",
}
"""Why a unit in a state cannot come back; one that was sold is in none of these."""


class SoldLine(NamedTuple):
    """One line of a sale that was made: `amount` was paid for all of it, `tax` is in that; `returned` came back before.

    `at` is in µs since 1970 UTC, `register` the till that sold it.
    """

    sale: str
    line: int
    number: str
    register: str
    at: int
    product: ProductRow
    item: ItemRow | None
    quantity: int
    amount: int
    tax: int
    returned: int

    @property
    def left(self) -> int:
        """How many can still come back."""
        return self.quantity - self.returned


@dataclass(frozen=True, slots=True)
class Back:
    """Pieces of a sold line that come back, why and how; `approved_by` is the leader who allowed it, or ""."""

    sold: SoldLine
    quantity: int
    reason: Reason
    condition: Condition
    approved_by: str = ""

    @property
    def key(self) -> str:
        """What the line is called by in a cart."""
        return f"return:{self.sold.sale}:{self.sold.line}"

    @property
    def amount(self) -> int:
        """What was paid for them."""
        return portion(self.sold.amount, self.sold.returned, self.quantity, self.sold.quantity)

    @property
    def tax(self) -> int:
        """What of that was tax."""
        return portion(self.sold.tax, self.sold.returned, self.quantity, self.sold.quantity)

    @property
    def after(self) -> ItemState:
        """Where a unit goes: what never left the counter goes back to stock, all else is looked at first."""
        is_here = self.reason is Reason.VOID and self.sold.item and self.sold.item.state == ItemState.PAID
        return ItemState.IN_STOCK if is_here else ItemState.RETURNED


@dataclass(frozen=True, slots=True)
class Refund:
    """One payment back; `reference` is whose it went through, or the id of the store credit that was given."""

    method: Method
    amount: int
    reference: str = ""


def portion(whole: int, before: int, pieces: int, of: int) -> int:
    """What pieces of a line come to, `before` of them having come back already."""
    return whole * (before + pieces) // of - whole * before // of


def is_voidable(line: SoldLine, register: str, today: date, sold_on: date) -> bool:
    """Whether a sale can still be undone at this till: today's, its own, with its units still at the counter."""
    is_here = line.item is None or line.item.state == ItemState.PAID
    return line.register == register and today == sold_on and is_here and not line.returned


def pay_back(value: int, ways: Mapping[Method, int], rounding: Rounding) -> tuple[tuple[Refund, ...], int]:
    """How a value is paid back by the ways in which the sales were paid, and what rounding takes off it in cash.

    `ways` has what may go back by each, in the order of the payments; what they do not cover becomes store credit.
    Cash is always rounded down: nobody is given more than was paid.
    """
    refunds: list[Refund] = []
    left = value
    for method, most in ways.items():
        amount = min(left, most)
        if method is Method.CREDIT or amount <= 0:
            continue
        refunds.append(Refund(method, amount))
        left -= amount
    if left:
        refunds.append(Refund(Method.CREDIT, left))
    rounded = [_rounded(refund, rounding) for refund in refunds]
    kept = tuple(refund for refund in rounded if refund.amount)
    return kept, sum(refund.amount for refund in kept) - value


def ways_back(paid: Sequence[tuple[Method, int]], refunded: Mapping[Method, int]) -> dict[Method, int]:
    """What may still go back by each way: what was paid by it, less what went back by it before."""
    ways: dict[Method, int] = {}
    for method, amount in paid:
        ways[method] = ways.get(method, 0) + amount
    return {method: max(0, amount - refunded.get(method, 0)) for method, amount in ways.items()}


def _rounded(refund: Refund, rounding: Rounding) -> Refund:
    if refund.method is not Method.CASH:
        return refund
    return Refund(refund.method, Rounding(rounding.step).of(refund.amount), refund.reference)
