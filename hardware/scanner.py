"""A scan, and what every scanner can do."""

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from types import TracebackType
from typing import ClassVar, Self

from hardware.options import DeviceOptions


@dataclass(frozen=True, slots=True)
class Scan:
    """One read of one label, as the scanner gave it: what it means is for others to judge.

    Attributes:
        raw: the frame, without its terminator.
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


class Scanner(ABC):
    """What gives scans. One thread uses it at a time; `with scanner:` opens and closes it.

    A driver names its settings in `options_class` and is made from them, closed.
    """

    options_class: ClassVar[type[DeviceOptions]]

    def __init__(self, options: DeviceOptions) -> None:
        self.name = options.name

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

    @abstractmethod
    def close(self) -> None:
        """Give it back. Closing twice is fine; nothing is ever raised."""

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
