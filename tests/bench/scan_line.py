"""A scanner's end of a line that is to be flooded."""

import os
import time
from collections.abc import Iterator, Sequence

from hardware.cable import Cable
from shared import codes

ONCE_EVERY = 200  # of so many scans of a line, one is of a label that comes once
MOST_HELD = 16384  # bytes that wait while the line is full; then nothing is scanned
STEP = 0.002


class ScanLine:
    """Scans at the pace that it is told, as far as the line takes it. `sent` counts scans, `once` the labels of one."""

    def __init__(self, cable: Cable, labels: Iterator[str]) -> None:
        """`labels`: what is read again and again. Among them come own serials that nobody registered, each once."""
        self.sent = 0
        self.once: list[str] = []
        self._cable = cable
        self._labels = labels
        self._held = b""

    def scan(self, scans: int) -> None:
        """Read so many labels, or fewer while the line is full."""
        for _ in range(scans):
            if len(self._held) > MOST_HELD:
                break
            self._hold(self._next())
        self._push()

    def scan_one(self, label: str) -> None:
        """Read this label, and wait until the line has taken it."""
        self._hold(label)
        self.finish()

    def finish(self) -> None:
        """Wait until the line has taken all that was read."""
        while self._held:
            self._push()
            time.sleep(STEP / 10)

    def _next(self) -> str:
        if self.sent % ONCE_EVERY:
            return next(self._labels)
        self.once.append(codes.issue())
        return self.once[-1]

    def _hold(self, label: str) -> None:
        self._held += label.encode() + b"\r"
        self.sent += 1

    def _push(self) -> None:
        try:
            self._held = self._held[os.write(self._cable.far_end, self._held) :] if self._held else b""
        except BlockingIOError:
            return


def flood(lines: Sequence[ScanLine], rate: int, seconds: float) -> Iterator[float]:
    """Scan on all lines, `rate` a second together; between two steps gives how long it has gone on."""
    began, asked = time.monotonic(), 0
    while (gone := time.monotonic() - began) < seconds:
        due = int(gone * rate / len(lines))
        for line in lines:
            line.scan(due - asked)
        asked = due
        yield gone
        time.sleep(STEP)
    for line in lines:
        line.finish()
