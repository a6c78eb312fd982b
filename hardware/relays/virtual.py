"""Kind `virtual`: a relay without a board, which keeps a record, for demonstrations and tests."""

import time
from collections import deque
from dataclasses import dataclass
from threading import Lock
from typing import ClassVar, Final, NamedTuple

from hardware.errors import DeviceLost, OpenFailed
from hardware.options import DeviceOptions
from hardware.relay import Relay

_KEPT: Final = 10_000


class Switched(NamedTuple):
    """A command that reached the relay: when, in seconds of `time.monotonic()`, and what."""

    monotonic: float
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualRelayOptions(DeviceOptions):
    """Settings of a virtual relay."""

    kind: str = "virtual"


class VirtualRelay(Relay):
    """A relay with read-back; any thread may look at it, `unplug` and `replug` it.

    Attributes:
        record: the newest commands, oldest first.
        state: whether the output is on.
    """

    options_class: ClassVar[type[DeviceOptions]] = VirtualRelayOptions

    def __init__(self, options: VirtualRelayOptions) -> None:
        super().__init__(options)
        self.record: deque[Switched] = deque(maxlen=_KEPT)
        self.state = False
        self._lock = Lock()
        self._plugged = True
        self._opened = False

    def open(self) -> None:
        """Take the relay and switch it off."""
        with self._lock:
            if not self._plugged:
                raise OpenFailed(f"cannot open relay {self.name!r}: it is unplugged, plug it in")
            self._opened = True
        self.off()

    def on(self) -> None:
        """Switch the output on."""
        self._switch(on=True)

    def off(self) -> None:
        """Switch the output off."""
        self._switch(on=False)

    def check(self) -> bool:
        """Return whether the output is on."""
        with self._lock:
            self._require_open()
            return self.state

    def close(self) -> None:
        """Switch the output off and let go."""
        with self._lock:
            if self._opened:
                self._note(on=False)
            self._opened = False

    def unplug(self) -> None:
        """Pull the plug: without power the output is off."""
        with self._lock:
            self._plugged = self._opened = self.state = False

    def replug(self) -> None:
        """Put the plug back; the relay must be opened again."""
        with self._lock:
            self._plugged = True

    def _switch(self, *, on: bool) -> None:
        with self._lock:
            self._require_open()
            self._note(on=on)

    def _note(self, *, on: bool) -> None:
        self.state = on
        self.record.append(Switched(time.monotonic(), on))

    def _require_open(self) -> None:
        if not self._opened:
            raise DeviceLost(f"relay {self.name!r} is unplugged or not open")
