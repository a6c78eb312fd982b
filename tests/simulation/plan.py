"""What happens in a shop in a day: drawn from a seed, before any of it happens. Pure.

Times are seconds since midnight.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

HOUR = 3600.0
OPENS, CLOSES = 9, 22
BUSY = {12: 1.6, 13: 1.6, 17: 1.8, 18: 2.0, 19: 1.6}  # against the other hours
MISSED_BY_A_CASHIER = 0.01  # of the baskets
THIEVES = 0.015
COME_BACK = 0.03  # leave again with what they bought before
OUTAGES = ((11.0, 12.0, (0, 1)), (15.0, 18.0, (1,)), (20.0, 20.4, (0, 1)))  # from, to, which gates
RESTART = (16.5, 1)  # in the middle of an outage
STRAYS = ((14.0, 0.5, 0), (19.0, 0.3, 1))  # from, for how long, before which gate
STRAY_EVERY = 40.0  # seconds between two reads of a label that hangs there


class Who(Enum):
    """What a customer does."""

    HONEST = "pays for everything"
    MISSED = "pays, and the cashier misses one"
    THIEF = "pays for nothing"


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One thing that happens, at a time."""

    at: float
    what: str = field(compare=False)  # sell, leave, leave again, cut, mend, restart, stray
    gate: int = field(compare=False, default=0)
    till: int = field(compare=False, default=0)
    serials: tuple[str, ...] = field(compare=False, default=())


def plan(dice: random.Random, hours: int, customers_an_hour: float, gates: int, tills: int) -> tuple[list[Step], int]:
    """The steps of the first `hours` of a day in their order, and how many units the shop needs for them."""
    serials = (f"SN-{number:06d}" for number in range(10**6))
    steps = [step for step in _accidents(serials) if step.at < hours * HOUR]
    for hour in range(OPENS, min(hours, CLOSES)):
        for _ in range(round(customers_an_hour * BUSY.get(hour, 1.0))):
            arrives = (hour + dice.random()) * HOUR
            basket = tuple(next(serials) for _ in range(dice.choice((1, 1, 2, 3))))
            steps += _customer(dice, arrives, basket, gates, tills)
    return sorted(steps), int(next(serials).removeprefix("SN-"))


def _customer(dice: random.Random, at: float, basket: tuple[str, ...], gates: int, tills: int) -> Iterator[Step]:
    gate, till = dice.randrange(gates), dice.randrange(tills)
    who = dice.choices((Who.HONEST, Who.MISSED, Who.THIEF), (1, MISSED_BY_A_CASHIER, THIEVES))[0]
    leaves = at
    if who is not Who.THIEF:
        paid = basket[1:] if who is Who.MISSED else basket
        at += dice.uniform(300, 1200)
        leaves = at + dice.uniform(5, 600)
        yield Step(at, "sell", till=till, serials=paid)
    yield Step(leaves, "leave", gate=gate, serials=basket)
    if who is Who.HONEST and dice.random() < COME_BACK:
        yield Step(leaves + dice.uniform(600, 7200), "leave again", gate=dice.randrange(gates), serials=basket[:1])


def _accidents(serials: Iterator[str]) -> Iterator[Step]:
    for begin, end, cut in OUTAGES:
        for gate in cut:
            yield Step(begin * HOUR, "cut", gate=gate)
            yield Step(end * HOUR, "mend", gate=gate)
    yield Step(RESTART[0] * HOUR, "restart", gate=RESTART[1])
    for begin, hours, gate in STRAYS:
        serial = next(serials)
        for number in range(round(hours * HOUR / STRAY_EVERY)):
            yield Step(begin * HOUR + number * STRAY_EVERY, "stray", gate=gate, serials=(serial,))
