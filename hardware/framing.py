"""PURE. Bytes as they trickle in from a scanner become frames, one per label.

Scanners end a label with CR, LF, CR LF, TAB or ETX, as they are set up, or with nothing: then a pause ends it. STX and
NUL before a label are padding. GS (0x1D) separates the fields of a GS1 label, and is data.
"""

import re
from typing import Final

IDLE_GAP: Final = 0.5
"""Seconds of silence that end a frame which has no terminator."""

LONGEST_FRAME: Final = 1280
"""Bytes; no label is longer, nor a receipt's code of 100 units, and a longer frame is a broken line or an attack."""

TERMINATORS: Final = re.compile(rb"[\r\n\t\x03]")
PADDING: Final = b"\x02\x00"


class Framing:
    """Cuts a stream of bytes into frames. Time is passed in, in seconds of any steady clock.

    The same bytes give the same frames, however they are split over calls. Never holds more than `LONGEST_FRAME` bytes.

    Attributes:
        idle_gap: seconds of silence that end a frame without a terminator.
        last_byte: when the newest byte came.
        overlong: how many frames were dropped for being longer than `LONGEST_FRAME`.
    """

    def __init__(self, idle_gap: float = IDLE_GAP) -> None:
        self.idle_gap = idle_gap
        self.last_byte = 0.0
        self.overlong = 0
        self._partial = b""
        self._skipping = False

    @property
    def due(self) -> float | None:
        """When the frame that is under way ends by itself, or None while there is none."""
        return self.last_byte + self.idle_gap if self._partial or self._skipping else None

    def feed(self, data: bytes, now: float) -> list[bytes]:
        """Return the frames that `data`, which arrived at `now`, completes."""
        if not data:
            return []
        frames = self.idle(now)
        self.last_byte = now
        *ends, rest = TERMINATORS.split(data)
        for end in ends:
            self._grow(end)
            frames += self._end()
        self._grow(rest)
        return frames

    def idle(self, now: float) -> list[bytes]:
        """Return the frame under way if nothing came for the idle gap, as a list of one or none."""
        if not self._partial and not self._skipping:
            return []
        return self._end() if now >= self.last_byte + self.idle_gap else []

    def clear(self) -> None:
        """Forget the frame under way: its other half went with the unplugged scanner."""
        self._partial = b""
        self._skipping = False

    def _grow(self, data: bytes) -> None:
        if self._skipping:
            return
        self._partial = self._partial + data if self._partial else data.lstrip(PADDING)
        if len(self._partial) > LONGEST_FRAME:
            self._partial = b""
            self._skipping = True
            self.overlong += 1

    def _end(self) -> list[bytes]:
        frame, self._partial, self._skipping = self._partial, b"", False
        return [frame] if frame else []
