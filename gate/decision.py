"""What the gate decides on what it saw: one row per case. Pure.

The reason is found first; the policy then says what the shop does about it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from shared.codes import Miss
from shared.items import ItemState


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
    TWICE = "twice"  # left by a lane that proves it, and nobody saw it come back since: a copied label?
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


class Word(StrEnum):
    """What the source of truth said when the replica's belief was put to it."""

    NOT_ASKED = "not_asked"
    CONFIRMED = "confirmed"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Sighting:
    """What was seen: the states of the units that the text may name, or why it names none."""

    states: tuple[ItemState, ...]
    miss: Miss | None = None  # None with no states: the text could not be read at all
    word: Word = Word.NOT_ASKED
    is_entering: bool = False
    has_left: bool = False  # proven before, and nobody saw it come back


@dataclass(frozen=True, slots=True)
class Verdict:
    """What happens, and why."""

    outcome: Outcome
    reason: Reason

    @property
    def severity(self) -> int:
        """Greater is worse: a passage never hides a worse verdict."""
        return SEVERITY.index(self.outcome) * 2 - (self.reason is Reason.UNCONFIRMED)


Policy = Mapping[Reason, Outcome]

SEVERITY = (Outcome.IGNORE, Outcome.PASS, Outcome.CHECK, Outcome.ALARM)
DEFAULT_POLICY: Policy = MappingProxyType({
    Reason.PAID: Outcome.PASS,
    Reason.AGAIN: Outcome.PASS,
    Reason.PERMIT: Outcome.PASS,
    Reason.ENTERED: Outcome.PASS,
    Reason.TWICE: Outcome.CHECK,
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
})  # fmt: skip

_OF_STATE = {
    ItemState.PAID: Reason.PAID,
    ItemState.DEPARTED: Reason.AGAIN,
    ItemState.IN_TRANSIT: Reason.PERMIT,
    ItemState.IN_STOCK: Reason.UNPAID,
    ItemState.RETURNED: Reason.UNPAID,
    ItemState.QUARANTINED: Reason.UNPAID,
    ItemState.WRITTEN_OFF: Reason.WRITTEN_OFF,
}
_OF_MISS = {
    Miss.DAMAGED: Reason.DAMAGED,
    Miss.UNREGISTERED: Reason.UNREGISTERED,
    Miss.UNKNOWN: Reason.UNKNOWN,
    Miss.PRODUCT_CODE: Reason.FOREIGN,
    Miss.FOREIGN: Reason.FOREIGN,
}
_PASSABLE = {Reason.PAID, Reason.AGAIN, Reason.PERMIT}


def decide(sighting: Sighting, policy: Policy = DEFAULT_POLICY) -> Verdict:
    """The verdict on a sighting."""
    reason = _reason(sighting)
    return Verdict(policy[reason], reason)


def _reason(sighting: Sighting) -> Reason:
    if not sighting.states:
        return _OF_MISS[sighting.miss] if sighting.miss else Reason.UNREADABLE
    if sighting.is_entering:
        return Reason.ENTERED
    reasons = [_OF_STATE[state] for state in sighting.states]
    passable = [reason in _PASSABLE for reason in reasons]
    if all(passable):
        return Reason.TWICE if sighting.has_left and reasons[0] is Reason.AGAIN else reasons[0]
    if any(passable):
        return Reason.AMBIGUOUS
    if Reason.UNPAID not in reasons:
        return Reason.WRITTEN_OFF
    return Reason.UNCONFIRMED if sighting.word is Word.SILENT else Reason.UNPAID
