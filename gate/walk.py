"""The daily walk: the gate's own label is carried past each scanner, which proves scanner, decision and relay. Pure.

Wall time is passed in, in µs since 1970 UTC: this is one of the few rules that go by the clock on the wall. A wrong
clock makes a walk due, or lets it count for another day; it changes no decision about a unit.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Walk:
    """Which scanners saw the label, and on what day last. `by`: until when each should have, daily; None for never."""

    def __init__(self, scanners: Iterable[str], by: time | None, timezone: tzinfo) -> None:
        self._by = by
        self._timezone = timezone
        self._days: dict[str, date | None] = dict.fromkeys(scanners)

    def saw(self, scanner: str, at: int) -> None:
        """The label was read by this scanner."""
        self._days[scanner] = self._time(at).date()

    def missing(self, at: int) -> list[str]:
        """The scanners that should have seen it by now, today, and have not."""
        now = self._time(at)
        if self._by is None or now.time() < self._by:
            return []
        return [scanner for scanner, day in self._days.items() if day != now.date()]

    def _time(self, at: int) -> datetime:
        return (EPOCH + timedelta(microseconds=at)).astimezone(self._timezone)
