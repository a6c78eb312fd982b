"""A device that types, grabbed (EVIOCGRAB): its keys come here alone, and not into whatever has the focus."""

import errno
import os
import select
import time
from collections.abc import Mapping
from typing import Final, NamedTuple

from evdev import InputDevice, ecodes

from hardware.errors import DeviceLost, OpenFailed
from hardware.hotplug import wait_for_device

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
    errno.EBUSY: "another program, or another part of this one, has grabbed it: close that, or name another device",
    errno.ENOTTY: "it is no keyboard: `lunas devices` lists those that are",
    errno.EINVAL: "it is no keyboard: `lunas devices` lists those that are",
}


class KeyEvent(NamedTuple):
    """An event as the kernel gives it (struct input_event, linux/input.h)."""

    kind: int
    code: int
    value: int


class GrabbedKeys:
    """One such device. What it typed before it was opened is not taken."""

    def __init__(self, port: str) -> None:
        self._port = port
        self._device: InputDevice[str] | None = None
        self._poll = select.poll()

    def open(self) -> None:
        """Grab it. Raises OpenFailed."""
        self.close()
        wait_for_device(self._port, "input", _PLUG_PATIENCE)
        try:
            self._device = InputDevice(self._port)
            self._poll = select.poll()
            self._poll.register(self._device.fd, select.POLLIN)
            self._wait_until_quiet(self._device)
            self._device.grab()
        except OSError as error:
            self.close()
            raise OpenFailed(f"cannot open {self._port}: {_ADVICE.get(error.errno, str(error))}") from error

    def close(self) -> None:
        """Let go of it: what it types goes to the focus again."""
        device, self._device = self._device, None
        if device is not None:
            try:
                device.close()
            except OSError:
                # Of a device that is gone the descriptor is closed all the same.
                return

    def held(self) -> list[int]:
        """Which keys are down, by their codes."""
        return self._device.active_keys() if self._device else []

    def has_caps_lock(self) -> bool:
        """Whether the light of caps lock is on."""
        return self._device is not None and ecodes.LED_CAPSL in self._device.leds()

    def events(self, timeout: float) -> list[KeyEvent]:
        """Return what arrived, as soon as anything did, or nothing after `timeout` seconds. Raises DeviceLost."""
        device = self._device
        if device is None:
            raise DeviceLost(f"{self._port} is not open: open it first")
        if not self._poll.poll(timeout * 1000):
            return []
        try:
            return _read(device)
        except OSError as error:
            # A dead descriptor is ready to read for ever.
            self.close()
            raise DeviceLost(f"{self._port} is gone: {os.strerror(error.errno or 0)}") from error

    def _wait_until_quiet(self, device: "InputDevice[str]") -> None:
        """Wait for a moment without a key: one that is down at the grab stays down for the host for ever."""
        deadline = time.monotonic() + _QUIET_PATIENCE
        while self._poll.poll(_QUIET * 1000) or device.active_keys():
            if time.monotonic() > deadline:
                raise TimeoutError("a key of it is down: let go of it")
            _read(device)


def _read(device: "InputDevice[str]") -> list[KeyEvent]:
    try:
        return [KeyEvent(event.type, event.code, event.value) for event in device.read()]
    except BlockingIOError:
        return []
