"""A Numato relay module on the far end of a cable, with the bytes of the maker's manual."""

import time
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from threading import Condition
from typing import Protocol

from hardware.cable import Cable
from hardware.errors import DeviceLost
from tests.hardware.plugged_in import plugged_in

NUMBERS = "0123456789ABCDEFGHIJKLMNOPQRSTUV"


class Wire(Protocol):
    """What carries its bytes to the program."""

    def send(self, data: bytes) -> None:
        """Let bytes arrive."""


class NumatoModule:
    """Echoes, switches, answers and prompts.

    Attributes:
        relays: whether each relay is on.
        slowness: seconds before each byte that it sends.
        words: how it calls off and on.
        is_mute: it switches, but says nothing.
        is_stuck: it says that it switches, but does not.
    """

    def __init__(self, wire: Wire) -> None:
        self.relays = [False] * 32
        self.slowness = 0.0
        self.words = (b"off", b"on")
        self.is_mute = False
        self.is_stuck = False
        self._wire = wire
        self._line = b""
        self._changed = Condition()

    def turns(self, relay: int, wanted: bool, timeout: float) -> bool:
        """Wait until a relay is as wanted; False if it is not in time."""
        with self._changed:
            return self._changed.wait_for(lambda: self.relays[relay] is wanted, timeout)

    def say(self, data: bytes) -> None:
        """Send, as fast as it does."""
        if self.is_mute:
            return
        with suppress(DeviceLost):
            for byte in data:
                time.sleep(self.slowness)
                self._wire.send(bytes([byte]))

    def hear(self, data: bytes) -> None:
        """Take bytes as they come."""
        for byte in data:
            self.say(bytes([byte]) if byte != ord("\r") else b"")
            if byte == ord("\r"):
                self._obey(self._line.decode("latin-1").split())
                self._line = b""
            else:
                self._line += bytes([byte])

    def _obey(self, words: list[str]) -> None:
        match words:
            case ["relay", "on" | "off" as wanted, number] if number in NUMBERS:
                self._switch(NUMBERS.index(number), on=wanted == "on" and not self.is_stuck)
            case ["relay", "read", number] if number in NUMBERS:
                self.say(b"\n\r" + self.words[self.relays[NUMBERS.index(number)]])
        self.say(b"\n\r>")

    def _switch(self, number: int, *, on: bool) -> None:
        with self._changed:
            self.relays[number] = on
            self._changed.notify_all()


def numato_module(path: Path) -> AbstractContextManager[tuple[NumatoModule, Cable]]:
    """Plug a module in at `path`."""
    return plugged_in(path, NumatoModule)
