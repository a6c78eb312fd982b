"""When each part of the gate was there: what the journal is told of it. Pure: time is passed in.

A change is told at once, but no part's more often than every few seconds: one with a loose plug must not fill the
journal. Each hour every part's state is told again, so that whoever counts knows that somebody was there to tell.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LEAST_PAUSE = 5.0
AGAIN_SECONDS = 3600.0
JUMP = 5_000_000  # µs by which a clock is set rather than steered
LONGEST_NAME = 80


@dataclass(slots=True)
class _Told:
    is_up: bool | None
    at: float


class WatchBook:
    """One life of the gate's program."""

    def __init__(self, now: float, wall: int) -> None:
        """`now` in seconds of a steady clock, `wall` in µs since 1970 UTC."""
        self._began = now
        self._behind = wall - round(now * 1_000_000)
        self._told: dict[str, _Told] = {}

    def look(self, parts: Mapping[str, bool], now: float, wall: int) -> list[dict[str, Any]]:
        """What is to be written down: `parts` are there or not, by name."""
        return [
            *self._clock(now, wall),
            *(facts for name in parts for facts in self._part(name, parts[name], now, wall)),
        ]

    def _part(self, name: str, is_up: bool, now: float, wall: int) -> list[dict[str, Any]]:  # noqa: FBT001 - a state
        told = self._told.setdefault(name, _Told(None, self._began))
        is_new = is_up is not told.is_up
        # A part that comes at start is told at once, one that does not come has a moment to.
        pause = 0.0 if told.is_up is None and is_up else LEAST_PAUSE
        if now - told.at < (pause if is_new else AGAIN_SECONDS):
            return []
        facts = {"kind": "part", "name": name[:LONGEST_NAME], "up": is_up, "was": told.is_up, "at": wall}
        self._told[name] = _Told(is_up, now)
        return [facts]

    def _clock(self, now: float, wall: int) -> list[dict[str, Any]]:
        behind = wall - round(now * 1_000_000)
        jump, self._behind = behind - self._behind, behind
        return [gate_facts("clock", wall, jump)] if abs(jump) > JUMP else []


def gate_facts(what: str, wall: int, value: int = 0) -> dict[str, Any]:
    """The gate itself `started`, `stopped`, or had its `clock` set by `value` µs.

    The `value` of a start is until when the life before was seen, where that was killed, else 0.
    """
    return {"kind": "gate", "what": what, "at": wall, "value": value}
