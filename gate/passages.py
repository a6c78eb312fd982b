"""Repeat reads of one thing are one passage. Pure: time is passed in, in seconds of any steady clock."""

from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum

from gate.decision import Verdict

WINDOW_SECONDS = 3.0
MOST_OPEN = 10_000  # passages remembered at once; the oldest are forgotten first


class Read(StrEnum):
    """What a read is to its passage."""

    FIRST = "first"
    WORSE = "worse"  # the passage goes on, but its verdict is worse than any before
    REPEAT = "repeat"


@dataclass(slots=True)
class _Open:
    last_read: float
    severity: int


class Passages:
    """The passages under way. The window slides from the last read."""

    def __init__(self, window: float = WINDOW_SECONDS) -> None:
        self._window = window
        self._open: OrderedDict[str, _Open] = OrderedDict()

    def see(self, thing: str, verdict: Verdict, now: float) -> Read:
        """Note a read of `thing`, decided as `verdict`, and say what it is to its passage."""
        known = self._open.pop(thing, None)
        going_on = known is not None and now - known.last_read <= self._window
        worst = max(verdict.severity, known.severity) if known and going_on else verdict.severity
        self._open[thing] = _Open(now, worst)
        self._forget(now)
        if known is None or not going_on:
            return Read.FIRST
        return Read.WORSE if worst > known.severity else Read.REPEAT

    def _forget(self, now: float) -> None:
        while self._open:
            oldest = next(iter(self._open.values()))
            if len(self._open) <= MOST_OPEN and now - oldest.last_read <= self._window:
                return
            self._open.popitem(last=False)
