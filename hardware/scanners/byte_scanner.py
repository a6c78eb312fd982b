"""What all scanners have in common that give a stream of bytes, whatever carries it."""

import time
from abc import abstractmethod
from collections import deque
from dataclasses import dataclass, field

from hardware.affixes import PREFIX, SUFFIX, Affixes
from hardware.framing import IDLE_GAP, Framing
from hardware.options import DeviceOptions, expects
from hardware.scanner import Scan, Scanner


@dataclass(frozen=True, slots=True, kw_only=True)
class ByteScannerOptions(DeviceOptions):
    """Settings of a scanner that gives bytes."""

    idle_gap: float = field(
        default=IDLE_GAP,
        metadata=expects("seconds of silence that end an unsuffixed label", 0.02, 5),
    )
    prefix: str = field(
        default="",
        metadata=expects("what it sends before each label; line ends and tabs only at the beginning", pattern=PREFIX),
    )
    suffix: str = field(
        default="",
        metadata=expects("what it sends after each label; line ends and tabs only at the end", pattern=SUFFIX),
    )


class ByteScanner(Scanner):
    """Turns arriving bytes into scans; a driver says how to open and close, and how bytes arrive."""

    def __init__(self, options: ByteScannerOptions) -> None:
        super().__init__(options)
        self._framing = Framing(options.idle_gap)
        self._affixes = Affixes.of(options.prefix, options.suffix)
        self._ready: deque[Scan] = deque()

    @property
    def overlong(self) -> int:
        """How many frames were dropped since it was made because no label is that long: a broken line, or mischief."""
        return self._framing.overlong

    def open(self) -> None:
        """Open the line, and forget half a frame of the time before."""
        self._open_line()
        self._framing.clear()
        self._ready.clear()

    def read(self, timeout: float) -> Scan | None:
        """Return the next scan, or None when none came within `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while not self._ready:
            data = self._arrive(self._patience(deadline))
            now = time.monotonic()
            self._collect(data, now)
            if now >= deadline and not self._ready:
                return None
        return self._ready.popleft()

    def _patience(self, deadline: float) -> float:
        due = self._framing.due
        until = deadline if due is None else min(due, deadline)
        return max(0.0, until - time.monotonic())

    def _collect(self, data: bytes, now: float) -> None:
        # A frame that silence ended is as old as its last byte, not as old as the silence.
        quiet_since = self._framing.last_byte
        for frame in self._framing.idle(now):
            self._ready.append(Scan.of(self._affixes.off(frame), self.name, quiet_since))
        for frame in self._framing.feed(data, now):
            self._ready.append(Scan.of(self._affixes.off(frame), self.name, now))

    @abstractmethod
    def _open_line(self) -> None:
        """Open what carries the bytes; raises OpenFailed."""

    @abstractmethod
    def _arrive(self, timeout: float) -> bytes:
        """Return bytes as soon as any came, or none after `timeout` seconds; raises DeviceLost."""
