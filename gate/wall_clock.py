"""Whether the machine's clock can be trusted for the few rules that read it. Pure: all times are passed in.

A clock that ran back is found by what is known to have happened already: the newest event of the feed, and what this
gate itself wrote down. It is trusted again as soon as it is past that.
"""

import math

BUILT = 1_767_225_600  # seconds since 1970 UTC: this program is of 2026, and no clock that is right is before that
SLACK_SECONDS = 300.0  # two clocks of one shop may differ by so much
JUMP_SECONDS = 2.0


class WallClock:
    """What is known of one machine's clock."""

    def __init__(self) -> None:
        self._newest = 0.0
        self._ahead = math.nan  # of the steady clock

    def happened(self, at: int) -> None:
        """Something happened at this wall time, in µs since 1970 UTC: it is later now."""
        self._newest = max(self._newest, at / 1_000_000)

    def jump(self, wall: float, monotonic: float) -> float:
        """By how many seconds the clock was moved since it was asked last; 0 for a clock that just went on."""
        moved = wall - monotonic - self._ahead
        self._ahead = wall - monotonic
        return moved if abs(moved) > JUMP_SECONDS else 0.0

    def doubt(self, wall: float) -> str:
        """Why the clock cannot be trusted, "" where it can."""
        if wall < BUILT:
            return "the clock stands before 2026; set it"
        return "the clock is behind what has happened already; set it" if wall < self._newest - SLACK_SECONDS else ""
