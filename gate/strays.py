"""Stock that stands too near the gate is read again and again with nobody passing. Pure: time is passed in, in seconds.

A unit that alarmed several times within minutes is a stray: to be moved, not to sound all day. Whoever wants to carry
it out by that has been stopped as often before, and the screen asks to look at it each time.
"""

from collections import OrderedDict, deque

ALARMS = 3  # after so many of one unit ...
WITHIN_SECONDS = 600.0  # ... in so long, the next one makes it a stray; unseen for as long, it is none any more
MOST_KNOWN = 1_000  # the longest unseen are forgotten first


class Strays:
    """The units that alarmed lately, each with when."""

    def __init__(self) -> None:
        self._alarms: OrderedDict[str, deque[float]] = OrderedDict()

    def see(self, thing: str, now: float) -> bool:
        """Note a passage of `thing` that should alarm; whether it is a stray by now."""
        times = self._alarms.pop(thing, None) or deque(maxlen=ALARMS)
        is_stray = len(times) == ALARMS and now - times[0] <= WITHIN_SECONDS
        if is_stray:
            times.extend([now] * ALARMS)  # for as long as it is seen
        else:
            times.append(now)
        self._alarms[thing] = times
        if len(self._alarms) > MOST_KNOWN:
            self._alarms.popitem(last=False)
        return is_stray
