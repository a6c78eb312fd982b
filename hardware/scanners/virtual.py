"""Kind `virtual`: a scanner that is worked from the program itself, for demonstrations and tests."""

from dataclasses import dataclass
from threading import Condition
from typing import ClassVar

from hardware.errors import DeviceLost, OpenFailed
from hardware.options import DeviceOptions
from hardware.scanners.byte_scanner import ByteScanner, ByteScannerOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualScannerOptions(ByteScannerOptions):
    """Settings of a virtual scanner."""

    kind: str = "virtual"


class VirtualScanner(ByteScanner):
    """A scanner whose wire is a buffer: any thread may `scan`, `unplug` and `replug` it."""

    options_class: ClassVar[type[DeviceOptions]] = VirtualScannerOptions

    def __init__(self, options: VirtualScannerOptions) -> None:
        super().__init__(options)
        self._changed = Condition()
        self._wire = bytearray()
        self._plugged = True
        self._opened = False

    def scan(self, data: bytes) -> None:
        """Let bytes arrive, with the suffix that the scanner would send; an unplugged one scans into nothing."""
        with self._changed:
            if self._plugged:
                self._wire += data
                self._changed.notify_all()

    def unplug(self) -> None:
        """Pull the plug: what was not yet read is gone."""
        with self._changed:
            self._plugged = False
            self._opened = False
            self._wire.clear()
            self._changed.notify_all()

    def replug(self) -> None:
        """Put the plug back; the scanner must be opened again."""
        with self._changed:
            self._plugged = True

    def close(self) -> None:
        """Let go of the wire."""
        with self._changed:
            self._opened = False
            self._changed.notify_all()

    def _open_line(self) -> None:
        with self._changed:
            if not self._plugged:
                raise OpenFailed(f"cannot open scanner {self.name!r}: it is unplugged, plug it in")
            self._opened = True

    def _arrive(self, timeout: float) -> bytes:
        with self._changed:
            self._changed.wait_for(lambda: self._wire or not self._opened, timeout)
            if not self._opened:
                raise DeviceLost(f"scanner {self.name!r} is unplugged or not open")
            data = bytes(self._wire)
            self._wire.clear()
            return data
