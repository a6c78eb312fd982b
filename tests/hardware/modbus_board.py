"""A Modbus RTU relay board on the far end of a cable, with the bytes and the timers of Waveshare's manual."""

import time
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from threading import Condition

from hardware.cable import Cable
from hardware.errors import DeviceLost
from hardware.relays.modbus_frames import crc
from tests.hardware.plugged_in import plugged_in

REQUEST = 8
FOR_EVER = float("inf")


class ModbusBoard:
    """Eight relays at one address; it answers only frames that are whole and meant for it.

    Attributes:
        heard: the frames that it took, oldest first.
        has_timer: whether it knows the pulse.
        is_mute: it switches, but says nothing.
        is_stuck: it says that it switches, but does not.
        only_answer: the bytes that it says to everything, where it is not what it should be.
    """

    def __init__(self, cable: Cable, unit: int = 1) -> None:
        self.heard: list[bytes] = []
        self.has_timer = True
        self.is_mute = False
        self.is_stuck = False
        self.only_answer = b""
        self._cable = cable
        self._unit = unit
        self._until = [0.0] * 8
        self._held = b""
        self._changed = Condition()

    def is_on(self, channel: int) -> bool:
        """Whether a relay is on; the first is 1."""
        return time.monotonic() < self._until[channel - 1]

    def turns(self, channel: int, wanted: bool, timeout: float) -> bool:
        """Wait until a relay is as wanted; False if it is not in time."""
        deadline = time.monotonic() + timeout
        with self._changed:
            while self.is_on(channel) is not wanted and time.monotonic() < deadline:
                self._changed.wait(0.01)
        return self.is_on(channel) is wanted

    def force(self, channel: int, *, on: bool) -> None:
        """Be switched by another hand."""
        self._until[channel - 1] = FOR_EVER if on else 0.0

    def hear(self, data: bytes) -> None:
        """Take bytes as they come; those that begin no whole frame are passed over."""
        self._held += data
        while len(self._held) >= REQUEST:
            frame = self._held[:REQUEST]
            is_whole = frame[0] == self._unit and crc(frame[:-2]) == frame[-2:]
            self._held = self._held[REQUEST if is_whole else 1 :]
            if is_whole:
                self.heard.append(frame)
                self._obey(frame)

    def say(self, body: bytes) -> None:
        """Send a frame."""
        if not self.is_mute:
            with suppress(DeviceLost):
                self._cable.send(self.only_answer or body + crc(body))

    def _obey(self, frame: bytes) -> None:
        what, coil, value = frame[1:3], frame[3], int.from_bytes(frame[4:6], "big")
        match what:
            case b"\x05\x00":
                self._switch(coil, FOR_EVER if value else 0.0)
            case b"\x05\x02" if self.has_timer:
                self._switch(coil, time.monotonic() + value / 10)
            case b"\x01\x00":
                bits = sum(self.is_on(channel) << channel - 1 for channel in range(1, 9))
                self.say(bytes((self._unit, 1, 1, bits)))
                return
            case _:
                self.say(bytes((self._unit, frame[1] | 0x80, 2)))
                return
        self.say(frame[:-2])

    def _switch(self, coil: int, until: float) -> None:
        with self._changed:
            if not self.is_stuck:
                self._until[coil] = until
            self._changed.notify_all()


def modbus_board(path: Path) -> AbstractContextManager[tuple[ModbusBoard, Cable]]:
    """Plug a board in at `path`."""
    return plugged_in(path, ModbusBoard)
