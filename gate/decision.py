"""What the gate decides on what it saw: one row per case. Pure.

The reason is found first; the policy then says what the shop does about it.
"""

from dataclasses import dataclass
from enum import StrEnum

from shared.codes import Miss
from shared.gate_policy import DEFAULT_POLICY, Outcome, Policy, Reason
from shared.items import ItemState

__all__ = ["DEFAULT_POLICY", "Leave", "Outcome", "Policy", "Reason", "Sighting", "Verdict", "Word", "decide"]


class Word(StrEnum):
    """What the source of truth said when the replica's belief was put to it."""

    NOT_ASKED = "not_asked"
    CONFIRMED = "confirmed"
    SILENT = "silent"


class Leave(StrEnum):
    """Whether an exit permit lets a unit out."""

    NONE = "none"
    VALID = "valid"
    UNSURE = "unsure"  # there is one, and no clock to be trusted that its time is not over


@dataclass(frozen=True, slots=True)
class Sighting:
    """What was seen: the states of the units that the text may name, or why it names none.

    `leaves`: whether a permit lets each of these units out, `vouched`: whether a receipt says that it was sold; empty
    where none does.
    """

    states: tuple[ItemState, ...]
    miss: Miss | None = None  # None with no states: the text could not be read at all
    word: Word = Word.NOT_ASKED
    is_entering: bool = False
    has_left: bool = False  # proven before and nobody saw it come back, or by another gate a moment ago
    leaves: tuple[Leave, ...] = ()
    vouched: tuple[bool, ...] = ()
    is_bypassed: bool = False  # somebody who may carry it out has just shown a badge


@dataclass(frozen=True, slots=True)
class Verdict:
    """What happens, and why."""

    outcome: Outcome
    reason: Reason

    @property
    def severity(self) -> int:
        """Greater is worse: a passage never hides a worse verdict."""
        return SEVERITY.index(self.outcome) * 2 - (self.reason is Reason.UNCONFIRMED)


SEVERITY = (Outcome.IGNORE, Outcome.PASS, Outcome.CHECK, Outcome.ALARM)

_OF_STATE = {
    ItemState.PAID: Reason.PAID,
    ItemState.DEPARTED: Reason.AGAIN,
    ItemState.IN_TRANSIT: Reason.PERMIT,
    ItemState.IN_STOCK: Reason.UNPAID,
    ItemState.RETURNED: Reason.UNPAID,
    ItemState.QUARANTINED: Reason.UNPAID,
    ItemState.WRITTEN_OFF: Reason.WRITTEN_OFF,
}
_OF_UNPAID = {Leave.NONE: Reason.UNPAID, Leave.VALID: Reason.PERMIT, Leave.UNSURE: Reason.UNCONFIRMED}
_OF_MISS = {
    Miss.DAMAGED: Reason.DAMAGED,
    Miss.UNREGISTERED: Reason.UNREGISTERED,
    Miss.UNKNOWN: Reason.UNKNOWN,
    Miss.PRODUCT_CODE: Reason.FOREIGN,
    Miss.FOREIGN: Reason.FOREIGN,
}
_PASSABLE = {Reason.PAID, Reason.AGAIN, Reason.PERMIT, Reason.RECEIPT}


def decide(sighting: Sighting, policy: Policy = DEFAULT_POLICY) -> Verdict:
    """The verdict on a sighting."""
    reason = _reason(sighting)
    return Verdict(policy[reason], reason)


def _reason(sighting: Sighting) -> Reason:
    if not sighting.states:
        return _OF_MISS[sighting.miss] if sighting.miss else Reason.UNREADABLE
    if sighting.is_entering:
        return Reason.ENTERED
    reasons = [_of_unit(sighting, place) for place in range(len(sighting.states))]
    passable = [reason in _PASSABLE for reason in reasons]
    if all(passable):
        return Reason.TWICE if sighting.has_left and reasons[0] is Reason.AGAIN else reasons[0]
    if sighting.is_bypassed:
        return Reason.BYPASS
    if any(passable):
        return Reason.AMBIGUOUS
    return _of_unpassable(reasons, sighting.word)


def _of_unpassable(reasons: list[Reason], word: Word) -> Reason:
    if Reason.UNCONFIRMED in reasons or (Reason.UNPAID in reasons and word is Word.SILENT):
        return Reason.UNCONFIRMED
    return Reason.UNPAID if Reason.UNPAID in reasons else Reason.WRITTEN_OFF


def _of_unit(sighting: Sighting, place: int) -> Reason:
    """Why one of the units may leave, or not, as if the text named no other."""
    reason = _OF_STATE[sighting.states[place]]
    if reason is not Reason.UNPAID:
        return reason
    reason = _OF_UNPAID[sighting.leaves[place]] if sighting.leaves else reason
    is_vouched = sighting.word is Word.SILENT and any(sighting.vouched[place : place + 1])
    return Reason.RECEIPT if is_vouched and reason is not Reason.PERMIT else reason
