"""A plain button that types as a keyboard does, on USB or Bluetooth: whatever key it has, that is a press.

It is grabbed, so that its key goes into nothing else. Name it by /dev/input/by-id.
"""

import time
from dataclasses import dataclass, field
from typing import ClassVar

from hardware.device import Device
from hardware.grabbed import GrabbedKeys
from hardware.keymap import DOWN, EV_KEY
from hardware.options import DeviceOptions, expects


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonOptions(DeviceOptions):
    """Settings of a button."""

    name: str = "button"
    kind: str = field(default="keyboard", metadata=expects("the driver", choices=("keyboard",)))
    port: str = field(metadata=expects("the button's path, such as /dev/input/by-id/...-event-kbd"))


@dataclass(frozen=True, slots=True)
class Press:
    """Somebody pressed it; `wall` is when, in seconds of `time.time()`."""

    wall: float


class Button(Device):
    """The button. A press from before it was opened is not taken, and one that is held down is one press."""

    options_class: ClassVar[type[DeviceOptions]] = ButtonOptions

    def __init__(self, options: ButtonOptions) -> None:
        super().__init__(options)
        self._keys = GrabbedKeys(options.port)

    def open(self) -> None:
        """Grab it."""
        self._keys.open()

    def read(self, timeout: float) -> Press | None:
        """Return a press, or None when none came within `timeout` seconds.

        Raises:
            DeviceLost: it is gone, or not open.
        """
        deadline = time.monotonic() + timeout
        while True:
            if any(event.kind == EV_KEY and event.value == DOWN for event in self._keys.events(timeout)):
                return Press(time.time())
            timeout = deadline - time.monotonic()
            if timeout <= 0:
                return None

    def close(self) -> None:
        """Let go of it."""
        self._keys.close()
