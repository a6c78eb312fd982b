"""Which way a unit goes, by the order in which the two ends of a lane read it. Pure: time is passed in, in seconds.

What the inner end reads first is taken to be leaving, at once. What the outer end alone has read may be coming in, or
the inner end has missed it: it waits a moment for the inner end, and without it is taken to be leaving too.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shared.scanner_ways import Side

WAIT_SECONDS = 1.0  # how long what only the outer end has read may wait for the inner end
WITHIN_SECONDS = 5.0  # reads of both ends this far apart are one way through
MOST_KNOWN = 10_000  # the longest unseen are forgotten first


class Way(StrEnum):
    """Which way it goes."""

    ENTERING = "entering"
    UNSURE = "unsure"
    LEAVING = "leaving"  # as far as the scanners that have read it tell
    LEFT = "left"  # the inner end read it, and then the outer one
    TWICE = "twice"  # as before, and it had left so already, and nobody saw it come back


@dataclass(frozen=True, slots=True)
class _Read:
    side: Side
    at: float
    way: Way


@dataclass(slots=True)
class Lanes:
    """The lanes of one gate: `ends` has the lane and the side of each scanner that stands at an end of one."""

    ends: Mapping[str, tuple[str, Side]]
    _read: OrderedDict[tuple[str, str], _Read] = field(default_factory=OrderedDict)
    _left: OrderedDict[str, None] = field(default_factory=OrderedDict)

    def see(self, thing: str, scanner: str, now: float) -> Way:
        """Note a read of `thing`, and say which way it goes. A scanner that is no end of a lane sees what leaves."""
        if scanner not in self.ends:
            return Way.LEAVING
        lane, side = self.ends[scanner]
        before = self._read.pop((lane, thing), None)
        if before and now - before.at > WITHIN_SECONDS:
            before = None
        way = self._way(thing, before, side)
        self._read[lane, thing] = _Read(side, now, way)
        if len(self._read) > MOST_KNOWN:
            self._read.popitem(last=False)
        return way

    def waited(self, thing: str) -> None:
        """No inner end has read it in time: from now on it counts as leaving."""
        for key, read in self._read.items():
            if key[1] == thing and read.way is Way.UNSURE:
                self._read[key] = _Read(read.side, read.at, Way.LEAVING)

    def _way(self, thing: str, before: _Read | None, side: Side) -> Way:
        if before is None:
            return Way.LEAVING if side is Side.INSIDE else Way.UNSURE
        if before.side is side:
            return before.way
        if side is Side.INSIDE:
            self._left.pop(thing, None)
            return Way.ENTERING
        return self._leave(thing)

    def _leave(self, thing: str) -> Way:
        is_known = thing in self._left
        self._left[thing] = None
        self._left.move_to_end(thing)
        if len(self._left) > MOST_KNOWN:
            self._left.popitem(last=False)
        return Way.TWICE if is_known else Way.LEFT
