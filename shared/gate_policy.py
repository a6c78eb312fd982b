"""The rows of the gate's decision table, what each does as it comes, and what a shop may make it do. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Outcome(StrEnum):
    """What happens at the gate."""

    IGNORE = "ignore"
    PASS = "pass"  # noqa: S105 - no password
    CHECK = "check"
    ALARM = "alarm"


class Reason(StrEnum):
    """Why, for programs, people and the ledger."""

    PAID = "paid"
    AGAIN = "again"
    PERMIT = "permit"
    ENTERED = "entered"  # seen by a scanner that only what comes in passes
    TWICE = "twice"  # left by a proving lane, or another gate just now, and was not seen to come back: a copied label?
    RECEIPT = "receipt"  # a receipt says that it was sold, and nobody who knows better answers
    BYPASS = "bypass"  # carried out by somebody who may, and has just shown a badge
    UNPAID = "unpaid"
    UNCONFIRMED = "unconfirmed"
    WRITTEN_OFF = "written_off"
    STRAY = "stray"  # alarmed again and again: stock that stands too near the gate
    AMBIGUOUS = "ambiguous"
    DAMAGED = "damaged"
    UNREGISTERED = "unregistered"
    UNKNOWN = "unknown"
    FOREIGN = "foreign"
    UNREADABLE = "unreadable"
    WALK = "walk"  # the label of the daily walk
    TEST = "test"  # somebody at the screen tries the outputs


LEFT_AS_SOLD = frozenset({Reason.PAID, Reason.RECEIPT})  # by what the gate knew, or by its receipt
Policy = Mapping[Reason, Outcome]

DEFAULT_POLICY: Policy = MappingProxyType({
    Reason.PAID: Outcome.PASS,
    Reason.AGAIN: Outcome.PASS,
    Reason.PERMIT: Outcome.PASS,
    Reason.ENTERED: Outcome.PASS,
    Reason.TWICE: Outcome.CHECK,
    Reason.RECEIPT: Outcome.PASS,
    Reason.BYPASS: Outcome.PASS,
    Reason.UNPAID: Outcome.ALARM,
    Reason.UNCONFIRMED: Outcome.ALARM,
    Reason.WRITTEN_OFF: Outcome.ALARM,
    Reason.STRAY: Outcome.CHECK,
    Reason.AMBIGUOUS: Outcome.CHECK,
    Reason.DAMAGED: Outcome.CHECK,
    Reason.UNREGISTERED: Outcome.CHECK,
    Reason.UNKNOWN: Outcome.PASS,
    Reason.FOREIGN: Outcome.IGNORE,
    Reason.UNREADABLE: Outcome.IGNORE,
    Reason.WALK: Outcome.PASS,
    Reason.TEST: Outcome.PASS,
})  # fmt: skip

OF_UNITS = (Outcome.PASS, Outcome.CHECK, Outcome.ALARM)
OF_OTHERS = (Outcome.IGNORE, Outcome.PASS, Outcome.CHECK)  # what is no unit of the shop never alarms
ROWS: Mapping[Reason, tuple[Outcome, ...]] = MappingProxyType({
    Reason.AGAIN: OF_UNITS,
    Reason.PERMIT: OF_UNITS,
    Reason.TWICE: OF_UNITS,
    Reason.RECEIPT: OF_UNITS,
    Reason.BYPASS: OF_UNITS,
    Reason.UNPAID: OF_UNITS,
    Reason.UNCONFIRMED: OF_UNITS,
    Reason.WRITTEN_OFF: OF_UNITS,
    Reason.STRAY: OF_UNITS,
    Reason.AMBIGUOUS: OF_UNITS,
    Reason.DAMAGED: OF_OTHERS,
    Reason.UNREGISTERED: OF_OTHERS,
    Reason.UNKNOWN: OF_OTHERS,
    Reason.FOREIGN: OF_OTHERS,
    Reason.UNREADABLE: OF_OTHERS,
})  # fmt: skip
