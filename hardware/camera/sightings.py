"""PURE. From labels in picture after picture to scans. Time is passed in, in seconds of any steady clock.

A label gives a scan when it comes into view, and one more each time it was held there for `hold` seconds: not thirty a
second. The check digit of an EAN or UPC lets one misread in ten through: those are believed when two pictures agree.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

AGREEMENT: Final = 1.0
"""Seconds within which a second picture must show the same EAN or UPC."""

_GS1: Final = frozenset({"]C1", "]d2", "]Q3"})
_EAN: Final = "]E"


class Label(NamedTuple):
    """What one label says.

    Attributes:
        data: its bytes, GS (0x1D) between the fields of GS1.
        symbology: its AIM identifier (ISO/IEC 15424), such as "]C1".
    """

    data: bytes
    symbology: str

    @property
    def frame(self) -> bytes:
        """The bytes that a scanner would send: GS1 is told by the identifier before them."""
        return self.symbology.encode() + self.data if self.symbology in _GS1 else self.data

    @property
    def is_doubtful(self) -> bool:
        """Whether one picture is not enough to believe it."""
        return self.symbology.startswith(_EAN)


class Sightings:
    """What was seen lately; holds no more than what came within `hold` or `AGREEMENT` seconds."""

    def __init__(self, hold: float) -> None:
        self._hold = hold
        self._doubtful: dict[bytes, float] = {}
        self._scanned: dict[bytes, float] = {}

    def see(self, labels: Iterable[Label], now: float) -> list[Label]:
        """Return those labels of one picture, taken at `now`, that are scans, each once."""
        self._doubtful = {data: at for data, at in self._doubtful.items() if now - at <= AGREEMENT}
        self._scanned = {data: at for data, at in self._scanned.items() if now - at < self._hold}
        seen = {label.data: label for label in labels}
        believed = [label for label in seen.values() if not label.is_doubtful or label.data in self._doubtful]
        self._doubtful |= {label.data: now for label in seen.values() if label.is_doubtful}
        scans = [label for label in believed if label.data not in self._scanned]
        self._scanned |= {label.data: now for label in scans}
        return scans
