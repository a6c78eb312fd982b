"""A scan, and what every scanner can do."""

import time
from abc import abstractmethod
from dataclasses import dataclass
from typing import Self

from hardware.device import Device


@dataclass(frozen=True, slots=True)
class Scan:
    """One read of one label, as the scanner gave it: what it means is for others to judge.

    Attributes:
        raw: the frame, without its terminator, nor the prefix and suffix of the settings.
        text: `raw`, one character a byte (ISO 8859-1), so that no rubbish can fail to decode.
        symbology: the kind of label, where the scanner tells it apart from the text.
        scanner: the scanner's name in the settings.
        monotonic: when the last byte arrived, in seconds of `time.monotonic()`.
        wall: the same moment, in seconds of `time.time()`.
    """

    raw: bytes
    text: str
    symbology: str | None
    scanner: str
    monotonic: float
    wall: float

    @classmethod
    def of(cls, raw: bytes, scanner: str, monotonic: float, symbology: str | None = None) -> Self:
        """Return the scan of a frame whose last byte arrived at `monotonic`, now or a moment ago."""
        wall = time.time() - (time.monotonic() - monotonic)
        return cls(raw, raw.decode("latin-1"), symbology, scanner, monotonic, wall)


class Scanner(Device):
    """What gives scans."""

    @abstractmethod
    def open(self) -> None:
        """Make it ready; what was left of an earlier opening is forgotten.

        Raises:
            OpenFailed: it is absent, busy, or not allowed.
        """

    @abstractmethod
    def read(self, timeout: float) -> Scan | None:
        """Return the next scan, or None when none came within `timeout` seconds.

        Raises:
            DeviceLost: it is gone, or not open.
        """
