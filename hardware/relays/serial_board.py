"""Kind `lcus`: relay boards that are switched by a few bytes over a serial line, and the frames of each make.

LCUS-1/2/4/8 and their many copies carry a CH340 and take `A0 channel on sum` at 9600 baud 8N1, where sum is the byte
sum of the first three: `A0 01 01 A2` is channel 1 on, `A0 01 00 A1` off (read in several sellers' pages). They answer
nothing, so nothing is asked. The CH340 has no serial number: name its port by /dev/serial/by-path.
"""

import contextlib
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final

from hardware.errors import DeviceLost
from hardware.options import DeviceOptions, expects
from hardware.relay import Relay
from hardware.relays.board_line import BoardLine

Switching = tuple[int, bool]
"""A channel, counted from 1, and whether it is switched on."""

Profile = Mapping[Switching, bytes]
"""A make of board: the frame for each switching."""


def _lcus_frame(channel: int, *, on: bool) -> bytes:
    body = bytes((0xA0, channel, on))
    return body + bytes((sum(body) & 0xFF,))


LCUS: Final[Profile] = {
    (channel, on): _lcus_frame(channel, on=on) for channel, on in itertools.product(range(1, 9), (True, False))
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LcusOptions(DeviceOptions):
    """Settings of an LCUS relay board."""

    kind: str = "lcus"
    port: str = field(metadata=expects("the device's path, such as /dev/serial/by-path/..., or socket://host:port"))
    baud: int = field(default=9600, metadata=expects("bits per second", 300, 3_000_000))
    channel: int = field(default=1, metadata=expects("the output on the board", 1, 8))


class LcusBoard(Relay):
    """One output of an LCUS board. A sibling with other frames is a subclass with its own `profile`."""

    options_class: ClassVar[type[DeviceOptions]] = LcusOptions
    profile: ClassVar[Profile] = LCUS

    def __init__(self, options: LcusOptions) -> None:
        super().__init__(options)
        self._channel = options.channel
        self._line = BoardLine(options.port, options.baud)

    def open(self) -> None:
        """Take the port and switch the output off."""
        self._line.open_off(self.name, self.off)

    def on(self) -> None:
        """Switch the output on."""
        self._line.write(self.profile[self._channel, True])

    def off(self) -> None:
        """Switch the output off."""
        self._line.write(self.profile[self._channel, False])

    def check(self) -> None:
        """Find out whether the port is still there; the board itself says nothing."""
        self._line.check()

    def close(self) -> None:
        """Switch the output off and give the port back."""
        with contextlib.suppress(DeviceLost):
            self.off()
        self._line.close()


class FrameDecoder:
    """What a board would do with the bytes that reach it, such as to draw its lamp.

    Bytes that belong to no frame are skipped. Does no I/O; holds less than one frame.
    """

    def __init__(self, profile: Profile = LCUS) -> None:
        self._meaning = {frame: switching for switching, frame in profile.items()}
        self._longest = max(map(len, self._meaning))
        self._held = b""

    def feed(self, data: bytes) -> list[Switching]:
        """Return the (channel, on) of each frame that `data` completes, in order."""
        self._held += data
        switchings: list[Switching] = []
        while self._held and not self._is_beginning():
            frame = next((frame for frame in self._meaning if self._held.startswith(frame)), None)
            if frame is not None:
                switchings.append(self._meaning[frame])
            self._held = self._held[len(frame) if frame else 1 :]
        return switchings

    def _is_beginning(self) -> bool:
        held = self._held
        return len(held) < self._longest and any(frame != held and frame.startswith(held) for frame in self._meaning)
