"""Asks the source before an alarm, in a thread of its own: an item paid a moment ago must not alarm.

The loop owns the deadline. After a failure the circuit stays open for a moment, and questions are answered "silent"
at once.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread

from gate.glance import Glance
from gate.source import Source
from shared.database import DatabaseError
from shared.source import Truth

log = logging.getLogger(__name__)

OPEN_SECONDS = 1.0
WARM_SECONDS = 10.0
MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Answer:
    """What the source said to one question; `truths` is None where it said nothing."""

    question: int
    truths: list[Truth] | None


class Confirmer:
    """Questions in, answers out by `deliver`; where the source can be read at once, `glance` needs neither."""

    def __init__(self, source: Source, deliver: Callable[[Answer], None]) -> None:
        self._source = source
        self._glance = Glance(source.file)
        self._deliver = deliver
        self._questions: SimpleQueue[tuple[int, tuple[int, ...]] | None] = SimpleQueue()
        self._open_until = 0.0
        self._thread = Thread(target=self._run, name="confirmer", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; one that waits for a dead source is left behind."""
        self._questions.put(None)
        self._thread.join(1.0)
        self._glance.close()

    def glance(self, items: Sequence[int]) -> list[Truth] | None:
        """What the source says, if it can be had without waiting. Only the gate's loop may call this."""
        return self._glance.truths(items)

    def ask(self, question: int, items: Sequence[int]) -> bool:
        """Put a question; False where the source was silent a moment ago, and there is no point in asking."""
        if time.monotonic() < self._open_until:
            return False
        self._questions.put((question, tuple(items)))
        return True

    def _run(self) -> None:
        while True:
            batch = self._next_batch()
            if batch is None:
                return
            truths = self._ask_source(sorted({item for _, items in batch for item in items}))
            for question, items in batch:
                told = None if truths is None else [truths[item] for item in items if item in truths]
                self._deliver(Answer(question, told))

    def _next_batch(self) -> list[tuple[int, tuple[int, ...]]] | None:
        try:
            first = self._questions.get(timeout=WARM_SECONDS)
        except Empty:
            return []  # keeps a connection warm
        batch = [first]
        while len(batch) < MOST_AT_ONCE and not self._questions.empty():
            batch.append(self._questions.get())
        return None if None in batch else [entry for entry in batch if entry]

    def _ask_source(self, items: list[int]) -> dict[int, Truth] | None:
        try:
            return {truth.item: truth for truth in self._source.truths(items)}
        except Exception as error:
            if not isinstance(error, DatabaseError):
                log.exception("asking the source failed")
            self._open_until = time.monotonic() + OPEN_SECONDS
            return None
