"""Asks before an alarm: an item paid a moment ago must not alarm.

The source and the tills that the settings name are asked at the same time, each in a thread of its own; the first that
answers is heard, and silence is when all of them are silent. The loop owns the deadline.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Lock

from gate.asker import Asker, Knowing, Told
from gate.glance import Glance
from gate.source import Source
from shared.source import Truth


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said to one question; `truths` is None where nobody said anything."""

    question: int
    truths: list[Truth] | None


@dataclass(frozen=True, slots=True)
class TillHeard:
    """How a till is that may be asked: why it does not answer, "" where it does."""

    till: str
    why: str


class Confirmer:
    """Questions in, answers out by `deliver`; where the source can be read at once, `glance` needs neither."""

    def __init__(
        self, source: Source, deliver: Callable[[Answer | TillHeard], None], tills: Mapping[str, Knowing] | None = None
    ) -> None:
        self._glance = Glance(source.file)
        self._deliver = deliver
        self._open: dict[int, int] = {}  # of each question that nobody has answered, how many may
        self._lock = Lock()
        self._askers = [Asker("confirmer", source, self._hear, lambda _: None)]
        self._askers += [
            Asker(f"confirmer {name}", till, self._hear, partial(self._hear_till, name))
            for name, till in (tills or {}).items()
        ]

    def start(self) -> None:
        """Begin to answer."""
        for asker in self._askers:
            asker.start()

    def stop(self) -> None:
        """End the threads."""
        for asker in self._askers:
            asker.stop()
        self._glance.close()

    def glance(self, items: Sequence[int]) -> list[Truth] | None:
        """What the source says, if it can be had without waiting. Only the gate's loop may call this."""
        return self._glance.truths(items)

    def ask(self, question: int, items: Sequence[int]) -> bool:
        """Put a question; False where everybody was silent a moment ago, and there is no point in asking."""
        with self._lock:  # nobody's answer is counted before all are asked
            asked = sum(asker.ask(question, items) for asker in self._askers)
            if asked:
                self._open[question] = asked
        return asked > 0

    def _hear(self, question: int, told: Told) -> None:
        with self._lock:
            left = self._open.pop(question, 0) - 1
            if left > 0 and told is None:
                self._open[question] = left
            is_first = left >= 0 and (told is not None or left == 0)
        if is_first:
            self._deliver(Answer(question, told))

    def _hear_till(self, till: str, why: str) -> None:
        self._deliver(TillHeard(till, why))
