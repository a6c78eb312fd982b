"""The last seconds of a camera, and the moments of which some pictures are to be kept. Pure: time is passed in.

Of a moment are kept the pictures nearest to two seconds and one before it, to it, and to one and two after it.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final

AROUND: Final = (-2.0, -1.0, 0.0, 1.0, 2.0)
_SPAN: Final = 6.0  # seconds that are remembered: who asks may be late
_NEAR: Final = 0.75  # a picture farther from what is wanted is none of it
_MOST_WANTED: Final = 50


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture as a JPEG, taken at `monotonic`."""

    jpeg: bytes
    monotonic: float


@dataclass(frozen=True, slots=True)
class Kept:
    """A shot that belongs to a moment: its name, and the place in `AROUND`."""

    name: str
    number: int
    shot: Shot


@dataclass(frozen=True, slots=True)
class _Wanted:
    name: str
    number: int
    at: float


class Memory:
    """What was seen, forgotten after some seconds unless somebody asks for it."""

    def __init__(self) -> None:
        self._shots: deque[Shot] = deque()
        self._wanted: deque[_Wanted] = deque(maxlen=_MOST_WANTED)

    def keep(self, name: str, at: float) -> None:
        """Keep what was and will be seen around this moment."""
        self._wanted.extend(_Wanted(name, number, at + offset) for number, offset in enumerate(AROUND))

    def see(self, shot: Shot) -> list[Kept]:
        """Take the newest picture, and give those of which it is now clear that they are to be kept."""
        self._shots.append(shot)
        while self._shots[0].monotonic < shot.monotonic - _SPAN:
            self._shots.popleft()
        due = [wanted for wanted in self._wanted if wanted.at <= shot.monotonic]
        for wanted in due:
            self._wanted.remove(wanted)
        nearest = [(wanted, min(self._shots, key=lambda one: abs(one.monotonic - wanted.at))) for wanted in due]
        return [
            Kept(wanted.name, wanted.number, found)
            for wanted, found in nearest
            if abs(found.monotonic - wanted.at) <= _NEAR
        ]
