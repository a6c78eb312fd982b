"""Kind `modbus`: Modbus RTU relay boards on RS-485 or behind a serial server, such as Waveshare's and their kin.

Each switching is answered by an echo, and read back. Where the board has Waveshare's pulse, it times an alarm itself:
the siren drops though the gate be dead. No library: pymodbus takes a coil's value as a bool, and so cannot ask for it.
"""

import contextlib
import math
import time
from dataclasses import dataclass, field
from typing import ClassVar, Final

from hardware.errors import DeviceLost
from hardware.options import DeviceOptions, expects
from hardware.relay import Relay
from hardware.relays import modbus_frames as frames
from hardware.relays.board_line import BoardLine

_PATIENCE: Final = 0.3
_MARGIN: Final = 0.5  # seconds by which the board's timer runs longer, so that it does not drop before it is told to


@dataclass(frozen=True, slots=True, kw_only=True)
class ModbusOptions(DeviceOptions):
    """Settings of one relay of a Modbus RTU board."""

    kind: str = "modbus"
    port: str = field(metadata=expects("the device's path, such as /dev/serial/by-id/..., or socket://host:port"))
    baud: int = field(default=9600, metadata=expects("bits per second", 300, 3_000_000))
    unit: int = field(default=1, metadata=expects("the board's address on the line", 1, 247))
    channel: int = field(default=1, metadata=expects("the relay on the board, as printed on it", 1, 64))


class ModbusBoard(Relay):
    """One relay of a board, read back after each switching."""

    options_class: ClassVar[type[DeviceOptions]] = ModbusOptions

    def __init__(self, options: ModbusOptions) -> None:
        super().__init__(options)
        self._unit = options.unit
        self._coil = options.channel - 1
        self._line = BoardLine(options.port, options.baud)

    def open(self) -> None:
        """Take the port and switch the relay off."""
        self._line.open_off(self.name, self.off)

    def on(self) -> None:
        """Switch the relay on, and see that it is."""
        self._switch(on=True)

    def pulse(self, seconds: float) -> bool:
        """Let the board time it; one that does not know how is switched on."""
        tenths = math.ceil(min(seconds + _MARGIN, frames.LONGEST_PULSE) * 10)
        if frames.refusal(self._ask(frames.pulse_coil(self._unit, self._coil, tenths))):
            return super().pulse(seconds)
        self._expect(on=True)
        return True

    def off(self) -> None:
        """Switch the relay off, and see that it is."""
        self._switch(on=False)

    def check(self) -> bool:
        """Return whether the relay is on, as the board reads it."""
        return frames.is_on(self._obeyed(frames.read_coils(self._unit, self._coil)), self._coil)

    def close(self) -> None:
        """Switch the relay off and give the port back."""
        with contextlib.suppress(DeviceLost):
            self.off()
        self._line.close()

    def _switch(self, *, on: bool) -> None:
        self._obeyed(frames.write_coil(self._unit, self._coil, on=on))
        self._expect(on=on)

    def _expect(self, *, on: bool) -> None:
        if self.check() is not on:
            wanted, found = ("on", "off") if on else ("off", "on")
            raise self._lost(f"it was told {wanted} and reads back {found}")

    def _obeyed(self, request: bytes) -> bytes:
        answer = self._ask(request)
        if refusal := frames.refusal(answer):
            raise self._lost(refusal)
        return answer

    def _ask(self, request: bytes) -> bytes:
        """Return the board's answer, which may be a refusal."""
        self._line.check()
        # What it still had to say to an earlier one is no answer to this.
        self._line.read(0)
        self._line.write(request)
        deadline = time.monotonic() + _PATIENCE
        heard = b""
        while len(heard) < frames.answer_length(request, heard) and (left := deadline - time.monotonic()) > 0:
            heard += self._line.read(left)
        answer = heard[: frames.answer_length(request, heard)]
        if not frames.is_answer(request, answer):
            raise self._lost(f"expected an answer to {request.hex(' ')}, got {heard[:20].hex(' ') or 'nothing'}")
        return answer

    def _lost(self, reason: str) -> DeviceLost:
        return DeviceLost(f"{self._line.port} does not act as Modbus board {self._unit}: {reason}")
