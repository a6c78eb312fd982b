"""Sightings that wait for the source's word before they may alarm. The loop owns the deadline."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from gate.confirming import Confirmer
from gate.decision import Word
from gate.incidents import NO_TILL, LastTill
from gate.lanes import Way
from gate.replica import Belief
from hardware.scanner import Scan
from shared.codes import Miss
from shared.source import Truth

CONFIRM_SECONDS = 0.150
LATE_SECONDS = 2.0  # an answer that comes this late still turns a chime into an alarm


@dataclass(frozen=True, slots=True)
class Seen:
    """A scan, what it is a passage of, the units that it may name or why it names none, and which way it goes.

    `receipt` is the number of the one that vouches for the unit, "" for none.
    """

    scan: Scan
    thing: str
    beliefs: list[Belief]
    miss: Miss | None = None
    way: Way = Way.LEAVING
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class _Asked:
    seen: Seen
    deadline: float


class Asking:
    """Questions to the source. `judge` is called with each sighting as corrected, the source's word, and the till."""

    def __init__(
        self, confirmer: Confirmer, judge: Callable[[Seen, Word, LastTill], None], clock: Callable[[], float]
    ) -> None:
        self._confirmer = confirmer
        self._judge = judge
        self._clock = clock
        self._asked: dict[int, _Asked] = {}
        self._unanswered: dict[int, _Asked] = {}
        self._questions = 0

    @property
    def is_open(self) -> bool:
        """Whether any sighting waits."""
        return bool(self._asked)

    def ask(self, seen: Seen) -> None:
        """Put what is believed to the source; one question at a time for one thing."""
        if any(asked.seen.thing == seen.thing for asked in self._asked.values()):
            return
        items = [belief.item for belief in seen.beliefs]
        truths = self._confirmer.glance(items)
        if truths is not None:
            self._judge_by(seen, truths)
            return
        self._questions += 1
        self._asked[self._questions] = _Asked(seen, self._clock() + CONFIRM_SECONDS)
        if not self._confirmer.ask(self._questions, items):
            self.hear(self._questions, None)

    def hear(self, question: int, truths: list[Truth] | None) -> None:
        """Take an answer; `truths` is None where the source said nothing."""
        asked = self._asked.pop(question, None) or (
            self._unanswered.pop(question, None) if truths is not None else None
        )
        if asked is None:
            return
        if truths is None:
            self._unanswered[question] = asked
            self._judge(asked.seen, Word.SILENT, NO_TILL)
        else:
            self._judge_by(asked.seen, truths)

    def tick(self, now: float) -> float:
        """Wait no longer than the deadline; returns when the next one is, infinite for none."""
        for question in [question for question, asked in self._asked.items() if now >= asked.deadline]:
            self.hear(question, None)
        for question in [number for number, asked in self._unanswered.items() if now > asked.deadline + LATE_SECONDS]:
            del self._unanswered[question]
        return min((asked.deadline for asked in self._asked.values()), default=float("inf"))

    def _judge_by(self, seen: Seen, truths: list[Truth]) -> None:
        told = {truth.item: truth for truth in truths}
        beliefs = [_corrected(belief, told.get(belief.item)) for belief in seen.beliefs]
        till = next((LastTill(truth.till, truth.till_at) for truth in truths), NO_TILL)
        self._judge(replace(seen, beliefs=beliefs), Word.CONFIRMED, till)


def _corrected(belief: Belief, truth: Truth | None) -> Belief:
    return replace(belief, state=truth.state, version=truth.version) if truth else belief
