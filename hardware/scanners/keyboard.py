"""Kind `keyboard`: scanners that type, as a keyboard does (USB HID, Bluetooth), read through evdev.

The scanner is grabbed (EVIOCGRAB), so that what it reads goes here alone and not into whatever has the focus. Set it to
the layout that the settings name, best USA; Enter, Tab or a pause ends a label. Name it by /dev/input/by-id.
"""

import errno
import os
import select
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final

from evdev import InputDevice, ecodes

from hardware.errors import DeviceLost, OpenFailed
from hardware.hotplug import wait_for_device
from hardware.keymap import KeyReader
from hardware.layouts import LAYOUTS
from hardware.options import DeviceOptions, expects
from hardware.scanners.byte_scanner import ByteScanner, ByteScannerOptions

# Together under half a second, within which a reader must be able to stop.
_PLUG_PATIENCE: Final = 0.25
_QUIET_PATIENCE: Final = 0.15
# Scanners leave up to 10 ms between two keys.
_QUIET: Final = 0.04
_ADVICE: Final[Mapping[int | None, str]] = {
    errno.ENOENT: "nothing is plugged in there: plug it in, or correct the port",
    errno.ENXIO: "nothing is plugged in there: plug it in, or correct the port",
    errno.ENODEV: "it was unplugged just now: plug it in",
    errno.EACCES: "this user may not use it: add the user to the group input, and sign in again",
    errno.EPERM: "this user may not use it: add the user to the group input, and sign in again",
    errno.EBUSY: "another program has grabbed it: close that, or name another scanner",
    errno.ENOTTY: "it is no keyboard: `lunas devices` lists those that are",
    errno.EINVAL: "it is no keyboard: `lunas devices` lists those that are",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyboardOptions(ByteScannerOptions):
    """Settings of a scanner that types."""

    kind: str = "keyboard"
    port: str = field(metadata=expects("the scanner's path, such as /dev/input/by-id/...-event-kbd"))
    layout: str = field(default="us", metadata=expects("the layout it is set to", choices=tuple(LAYOUTS)))


class KeyboardScanner(ByteScanner):
    """A scanner that types. What it typed before it was opened, and half a label at that moment, is not taken."""

    options_class: ClassVar[type[DeviceOptions]] = KeyboardOptions

    def __init__(self, options: KeyboardOptions) -> None:
        super().__init__(options)
        self._port = options.port
        self._layout = options.layout
        self._device: InputDevice[str] | None = None
        self._keys = KeyReader(options.layout, list)
        self._poll = select.poll()

    def close(self) -> None:
        """Let go of the scanner: what it reads goes to the focus again."""
        device, self._device = self._device, None
        if device is not None:
            try:
                device.close()
            except OSError:
                # Of a device that is gone the descriptor is closed all the same.
                return

    def _open_line(self) -> None:
        self.close()
        wait_for_device(self._port, "input", _PLUG_PATIENCE)
        try:
            self._device = InputDevice(self._port)
            self._poll = select.poll()
            self._poll.register(self._device.fd, select.POLLIN)
            self._grab(self._device)
        except OSError as error:
            self.close()
            raise OpenFailed(f"cannot open {self._port}: {_advice(error)}") from error

    def _grab(self, device: "InputDevice[str]") -> None:
        self._wait_until_quiet(device)
        device.grab()
        self._keys = KeyReader(self._layout, device.active_keys, caps_lock=ecodes.LED_CAPSL in device.leds())

    def _wait_until_quiet(self, device: "InputDevice[str]") -> None:
        """Wait for a moment without a key: one that is down at the grab stays down for the host for ever."""
        deadline = time.monotonic() + _QUIET_PATIENCE
        while self._poll.poll(_QUIET * 1000) or device.active_keys():
            if time.monotonic() > deadline:
                raise TimeoutError("a key of it is down: let go of it")
            self._take_events(device)

    def _arrive(self, timeout: float) -> bytes:
        device = self._device
        if device is None:
            raise DeviceLost(f"{self._port} is not open: open it first")
        if not self._poll.poll(timeout * 1000):
            return b""
        try:
            return self._take_events(device)
        except OSError as error:
            # A dead descriptor is ready to read for ever.
            self.close()
            raise DeviceLost(f"{self._port} is gone: {os.strerror(error.errno or 0)}") from error

    def _take_events(self, device: "InputDevice[str]") -> bytes:
        try:
            return b"".join(self._keys.feed(event.type, event.code, event.value) for event in device.read())
        except BlockingIOError:
            return b""


def _advice(error: OSError) -> str:
    return _ADVICE.get(error.errno, str(error))
