"""Keeps the gate's watch book: called by the loop at each of its rounds, it looks about twice a second."""

import time
from collections.abc import Callable, Mapping

from gate.recorder import Recorder
from gate.watch_book import WatchBook, gate_facts
from shared.journal import Journal

LOOK_SECONDS = 0.5

Parts = Callable[[], Mapping[str, bool]]


class Keeper:
    """One life of the gate's program, from `began` to `ended`."""

    def __init__(self, journal: Journal, recorder: Recorder, parts: Parts) -> None:
        """`parts`: which parts are there, by their names."""
        self._journal = journal
        self._recorder = recorder
        self._parts = parts
        self._book = WatchBook(time.monotonic(), _wall())
        self._next = 0.0

    def began(self) -> None:
        """The program starts; a life before that did not end in order ended when it was last seen."""
        last = self._journal.last
        was_killed = last is not None and last.facts().get("what") != "stopped"
        self._recorder.watch(gate_facts("started", _wall(), self._journal.alive_at if was_killed else 0))

    def look(self) -> None:
        """Write down what has changed, if it is time."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + LOOK_SECONDS
            for facts in self._book.look(self._parts(), now, _wall()):
                self._recorder.watch(facts)

    def ended(self) -> None:
        """The program ends in order."""
        self._recorder.watch(gate_facts("stopped", _wall()))


def _wall() -> int:
    return time.time_ns() // 1000
