"""Kind `usb`: receipt printers on USB, through the kernel's own driver (usblp), which makes /dev/usb/lp0 and the like.

The kernel's node needs no library, and no other driver to be pushed aside. Bytes go to it as they are; what is read
from it is what the printer answers.
"""

import contextlib
import errno
import os
import select
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final

from hardware.errors import DeviceLost, OpenFailed
from hardware.options import DeviceOptions, expects
from hardware.printers.escpos import PATIENCE, EscposOptions, EscposPrinter, Wire

_CHUNK: Final = 64
_ADVICE: Final[Mapping[int | None, str]] = {
    errno.ENOENT: "nothing is plugged in there: plug it in and switch it on, or correct the port",
    errno.ENODEV: "nothing is plugged in there: plug it in and switch it on, or correct the port",
    errno.EACCES: "this user may not use it: install hardware/udev/99-lunas.rules, or add the user to the group lp",
    errno.EBUSY: "another program has it open: close that",
    errno.ENOSPC: "it is out of paper: put a new roll in",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UsbPrinterOptions(EscposOptions):
    """Settings of a printer on USB."""

    kind: str = "usb"
    port: str = field(metadata=expects("its node, such as /dev/lunas/printer-... or /dev/usb/lp0"))


class UsbPrinter(EscposPrinter):
    """A printer on USB."""

    options_class: ClassVar[type[DeviceOptions]] = UsbPrinterOptions
    _options: UsbPrinterOptions

    def _make_wire(self) -> Wire:
        return _Node(self._options.port)


class _Node:
    """The kernel's node of the printer; what goes wrong is an OpenFailed or a DeviceLost."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._descriptor: int | None = None

    def open(self) -> None:
        self.close()
        try:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        except OSError as error:
            raise OpenFailed(f"cannot open {self._path}: {_ADVICE.get(error.errno, str(error))}") from error

    def read(self, timeout: float) -> bytes:
        descriptor = self._open_descriptor()
        try:
            if not self._wait(descriptor, select.POLLIN, timeout):
                return b""
            answer = os.read(descriptor, _CHUNK)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise self._lost(error) from error
        if not answer:
            raise DeviceLost(f"{self._path} is gone: it was unplugged")
        return answer

    def write(self, data: bytes) -> None:
        descriptor = self._open_descriptor()
        deadline = time.monotonic() + PATIENCE
        while data:
            try:
                data = data[os.write(descriptor, data) :]
                continue
            except BlockingIOError:
                pass
            except OSError as error:
                raise self._lost(error) from error
            if not self._wait(descriptor, select.POLLOUT, deadline - time.monotonic()):
                raise DeviceLost(f"{self._path} takes no more: look at the printer's paper and lights")

    def close(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def _wait(self, descriptor: int, event: int, timeout: float) -> bool:
        poll = select.poll()
        poll.register(descriptor, event)
        return bool(poll.poll(max(0.0, timeout) * 1000))

    def _open_descriptor(self) -> int:
        if self._descriptor is None:
            raise DeviceLost(f"{self._path} is not open: open it first")
        return self._descriptor

    def _lost(self, error: OSError) -> DeviceLost:
        return DeviceLost(f"{self._path} is gone: {_ADVICE.get(error.errno, str(error))}")
