"""One HID device through the kernel's hidraw: reports out and in, and whether it is there.

As Documentation/hid/hidraw.rst of the kernel has it. No library: what hidapi would add on Linux is a list
of the devices, which udev gives. A report is sent with its number before it, 0 for devices that do not number theirs.
"""

import contextlib
import errno
import fcntl
import os
import select
import struct
from collections.abc import Mapping
from typing import Final, NamedTuple

from hardware.errors import DeviceLost, OpenFailed

_INFO: Final = struct.Struct("IHH")
_WRITE: Final = 1
_READ: Final = 2
_GONE: Final = select.POLLHUP | select.POLLERR | select.POLLNVAL
_ADVICE: Final[Mapping[int | None, str]] = {
    errno.ENOENT: "nothing is plugged in there: plug it in, or correct the port",
    errno.ENODEV: "it was just unplugged: plug it in again",
    errno.EACCES: "this user may not use it: install Lunas' udev rules, and add the user to the group dialout",
    errno.ENOTTY: "it is no HID device: name one of /dev/hidraw*, see lunas devices",
}


class HidIdentity(NamedTuple):
    """What the device says that it is."""

    vendor: int
    product: int


class HidRaw:
    """One hidraw node; one thread uses it at a time."""

    def __init__(self, port: str) -> None:
        self.port = port
        self._descriptor: int | None = None

    def open(self) -> HidIdentity:
        """Open it, and return what it is.

        Raises:
            OpenFailed: with the reason and what to do.
        """
        self.close()
        try:
            self._descriptor = os.open(self.port, os.O_RDWR | os.O_CLOEXEC)
            _, vendor, product = _INFO.unpack(_ioctl(self._descriptor, 0x03, bytes(_INFO.size), _READ))
        except OSError as error:
            self.close()
            raise OpenFailed(f"cannot open {self.port}: {_ADVICE.get(error.errno, error.strerror)}") from error
        return HidIdentity(vendor, product)

    def write(self, report: bytes) -> None:
        """Send an output report. Raises DeviceLost."""
        descriptor = self._open_descriptor()
        try:
            os.write(descriptor, report)
        except OSError as error:
            raise self._lost(error) from error

    def send_feature(self, report: bytes) -> None:
        """Send a feature report. Raises DeviceLost."""
        descriptor = self._open_descriptor()
        try:
            _ioctl(descriptor, 0x06, report, _READ | _WRITE)
        except OSError as error:
            raise self._lost(error) from error

    def get_feature(self, size: int) -> bytes:
        """Return feature report 0, `size` bytes with its number. Raises DeviceLost."""
        descriptor = self._open_descriptor()
        try:
            return _ioctl(descriptor, 0x07, bytes(size), _READ | _WRITE)
        except OSError as error:
            raise self._lost(error) from error

    def check(self) -> None:
        """Find out, without asking it, whether the device is still there. Raises DeviceLost."""
        poll = select.poll()
        poll.register(self._open_descriptor(), 0)
        if any(event & _GONE for _, event in poll.poll(0)):
            raise DeviceLost(f"{self.port} is gone: it was unplugged, or fell off the bus")

    def close(self) -> None:
        """Let it go; never raises."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def _open_descriptor(self) -> int:
        if self._descriptor is None:
            raise DeviceLost(f"{self.port} is not open: open it first")
        return self._descriptor

    def _lost(self, error: OSError) -> DeviceLost:
        return DeviceLost(f"{self.port} does not answer: {error.strerror}")


def _ioctl(descriptor: int, number: int, data: bytes, direction: int) -> bytes:
    """Ask the kernel as linux/hidraw.h numbers it: direction, size, the letter H, number."""
    return fcntl.ioctl(descriptor, direction << 30 | len(data) << 16 | ord("H") << 8 | number, data)
