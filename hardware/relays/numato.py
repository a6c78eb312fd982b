"""Kind `numato`: Numato Lab's USB relay modules, which are asked and told in words over a serial line (CDC-ACM).

From the maker's manual: `relay on 0`, `relay off 0` and `relay read 0`, each ended by CR. The module echoes what it is
told, answers on a line of its own, and ends with the prompt `>`: `relay read 0` gives back `relay read 0 LF CR on LF CR
>`. Relays are counted from 0; 10 and above are the letters from A on. The baud rate means nothing to it.
"""

import contextlib
import string
import time
from dataclasses import dataclass, field
from typing import ClassVar, Final

from hardware.errors import DeviceLost
from hardware.options import DeviceOptions, expects
from hardware.relay import Relay
from hardware.relays.board_line import BoardLine

_BAUD: Final = 9600
_PATIENCE: Final = 0.5
_PROMPT: Final = b">"
_LONGEST_ANSWER: Final = 256
_NUMBERS: Final = string.digits + string.ascii_uppercase
_STATES: Final = {"on": True, "off": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class NumatoOptions(DeviceOptions):
    """Settings of a Numato relay module."""

    kind: str = "numato"
    port: str = field(metadata=expects("the device's path, such as /dev/serial/by-id/..."))
    channel: int = field(default=0, metadata=expects("the relay on the module, the first is 0", 0, 31))


class NumatoBoard(Relay):
    """One relay of a module, read back after each switching."""

    options_class: ClassVar[type[DeviceOptions]] = NumatoOptions

    def __init__(self, options: NumatoOptions) -> None:
        super().__init__(options)
        self._relay = _NUMBERS[options.channel]
        self._line = BoardLine(options.port, _BAUD)

    def open(self) -> None:
        """Take the port, end whatever was half said to the module, and switch the relay off."""
        self._line.open_off(self.name, self._begin)

    def on(self) -> None:
        """Switch the relay on, and see that it is."""
        self._switch(on=True)

    def off(self) -> None:
        """Switch the relay off, and see that it is."""
        self._switch(on=False)

    def check(self) -> bool:
        """Return whether the relay is on, as the module reads it."""
        self._line.check()
        answer = self._say(f"relay read {self._relay}")
        if answer not in _STATES:
            raise self._lost(f"expected it to answer on or off, got {answer!r:.60}")
        return _STATES[answer]

    def close(self) -> None:
        """Switch the relay off and give the port back."""
        with contextlib.suppress(DeviceLost):
            self.off()
        self._line.close()

    def _begin(self) -> None:
        self._line.write(b"\r")
        self.off()

    def _switch(self, *, on: bool) -> None:
        wanted = "on" if on else "off"
        self._say(f"relay {wanted} {self._relay}")
        if self.check() is not on:
            raise self._lost(f"it was told {wanted} and reads back {'off' if on else 'on'}")

    def _say(self, command: str) -> str:
        """Return the module's answer to a command, "" where it has none."""
        # What it still had to say to an earlier one is no answer to this.
        self._line.read(0)
        self._line.write(f"{command}\r".encode())
        return self._until_prompt(command.encode()).decode("ascii", "replace").strip()

    def _until_prompt(self, command: bytes) -> bytes:
        """Return what comes between the echo of a command and the prompt."""
        deadline = time.monotonic() + _PATIENCE
        heard = b""
        while _PROMPT not in (answer := heard.partition(command)[2]):
            patience = deadline - time.monotonic()
            if patience <= 0 or len(heard) > _LONGEST_ANSWER:
                raise self._lost(f"expected {command.decode()!r} and a prompt, got {heard[:40]!r}")
            heard += self._line.read(patience)
        return answer.partition(_PROMPT)[0]

    def _lost(self, reason: str) -> DeviceLost:
        return DeviceLost(f"{self._line.port} does not act as a Numato module: {reason}")
