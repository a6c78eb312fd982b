"""Asks one that may know, in a thread with a connection of its own that is kept open.

After a failure the circuit stays open for a moment, and nobody waits for it.
"""

import logging
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Protocol

from shared.database import DatabaseError
from shared.source import Truth

log = logging.getLogger(__name__)

OPEN_SECONDS = 1.0
WARM_SECONDS = 10.0
MOST_AT_ONCE = 100

Told = list[Truth] | None  # None: nothing was said


class Knowing(Protocol):
    """Who may know what is so: the source, or a till's server."""

    def truths(self, items: Sequence[int]) -> list[Truth]:
        """What is so of these units. Raises DatabaseError."""


class Asker:
    """Questions in by `ask`, an answer to each out by `answer`; `say` is told why nobody answers, "" if somebody does.

    Both are called in the asker's thread, `say` only with news.
    """

    def __init__(
        self, name: str, source: Knowing, answer: Callable[[int, Told], None], say: Callable[[str], None]
    ) -> None:
        self._source = source
        self._answer = answer
        self._say = say
        self._said: str | None = None
        self._questions: SimpleQueue[tuple[int, tuple[int, ...]] | None] = SimpleQueue()
        self._open_until = 0.0
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; one that waits for somebody dead is left behind."""
        self._questions.put(None)
        self._thread.join(1.0)

    def ask(self, question: int, items: Sequence[int]) -> bool:
        """Put a question; False where there was silence a moment ago, and there is no point in asking."""
        if time.monotonic() < self._open_until:
            return False
        self._questions.put((question, tuple(items)))
        return True

    def _run(self) -> None:
        self._ask([])  # the first question finds an open connection
        while True:
            batch = self._next_batch()
            if batch is None:
                return
            truths = self._ask(sorted({item for _, items in batch for item in items}))
            for question, items in batch:
                self._answer(question, _told_of(items, truths))

    def _next_batch(self) -> list[tuple[int, tuple[int, ...]]] | None:
        try:
            first = self._questions.get(timeout=WARM_SECONDS)
        except Empty:
            return []  # keeps the connection warm
        batch = [first]
        while len(batch) < MOST_AT_ONCE and not self._questions.empty():
            batch.append(self._questions.get())
        return None if None in batch else [entry for entry in batch if entry]

    def _ask(self, items: list[int]) -> dict[int, Truth] | None:
        try:
            truths = {truth.item: truth for truth in self._source.truths(items)}
        except Exception as error:
            if not isinstance(error, DatabaseError):
                log.exception("asking %s failed", self._thread.name)
            if items:
                self._open_until = time.monotonic() + OPEN_SECONDS
            self._tell(str(error) or type(error).__name__)
            return None
        self._tell("")
        return truths

    def _tell(self, why: str) -> None:
        if why != self._said:
            self._said = why
            self._say(why)


def _told_of(items: tuple[int, ...], truths: dict[int, Truth] | None) -> Told:
    """What was said of these units; nothing where not of all: a till without its database knows only its sales."""
    if truths is None or any(item not in truths for item in items):
        return None
    return [truths[item] for item in items]
