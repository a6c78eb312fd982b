"""What comes back with a cart, as the till's page shows it: what it is worth, and how the rest of that goes back."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from pos.returns import sold
from pos.returns.rules import Back, Refund, pay_back
from pos.returns.take_back import value_of
from pos.till.basket import Counter


@dataclass(frozen=True, slots=True)
class Coming:
    """`value` is what it is worth; `due` what of that is to be paid back, by `refunds`, less `rounding` in cash."""

    value: int
    due: int
    refunds: tuple[Refund, ...]
    rounding: int
    needs_leader: bool


NOTHING_COMES = Coming(0, 0, (), 0, needs_leader=False)


def coming(connection: Connection, counter: Counter, backs: Sequence[Back], total: int) -> Coming:
    """What comes back, beside new goods of so much in `total`."""
    if not backs:
        return NOTHING_COMES
    value = value_of(connection, backs)
    due = max(0, value - total)
    ways = sold.ways(connection, {back.sold.sale for back in backs})
    refunds, rounding = pay_back(due, ways, counter.rounding)
    allowed = all(back.approved_by for back in backs)
    return Coming(value, due, refunds, rounding, value > counter.refund_limit and not allowed)
