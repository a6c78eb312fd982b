"""A serial line to a device: a path such as /dev/serial/by-id/..., or a pyserial URL such as socket://10.0.0.5:4001.

What pyserial leaves open is settled here, once for every serial driver: early bytes are kept, the port is not shared,
a gone device is always noticed, and whatever goes wrong is an `OpenFailed` or a `DeviceLost`.
"""

import contextlib
import errno
import os
import select
import termios
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import serial
from serial.urlhandler import protocol_socket

from hardware.errors import DeviceLost, OpenFailed

_CHUNK: Final = 4096
_WRITE_TIMEOUT: Final = 0.2
_CONNECT_TIMEOUT: Final = 0.3
# Lines without a descriptor (rfc2217://) are asked in slices of this many seconds: their own time-out cannot be
# changed for each read without negotiating the whole line anew.
_SLICE: Final = 0.05
_GONE: Final = select.POLLHUP | select.POLLERR | select.POLLNVAL | select.POLLRDHUP
_ADVICE: Final[Mapping[int | None, str]] = {
    errno.ENOENT: "nothing is plugged in there: plug it in, or correct the port",
    errno.ENXIO: "nothing is plugged in there: plug it in, or correct the port",
    errno.EACCES: "this user may not use it: add the user to the group dialout, and sign in again",
    errno.EAGAIN: "another program has it open: close that, or give this device another port",
    errno.EBUSY: "another program has it open: close that, or give this device another port",
    errno.ECONNREFUSED: "nobody answers there: plug the serial server in, or correct the address",
    errno.EHOSTUNREACH: "nobody answers there: plug the serial server in, or correct the address",
}
# termios.error is no OSError; a URL that makes no sense is a ValueError.
_FAULTS: Final = (OSError, termios.error, ValueError)


class SerialLink:
    """One serial port, 8N1. One thread uses it at a time; `patience` is how many seconds a write may wait."""

    def __init__(self, port: str, baud: int, patience: float = _WRITE_TIMEOUT) -> None:
        self.port = port
        self.baud = baud
        self._patience = patience
        self._line: serial.Serial | None = None
        self._descriptor: int | None = None
        self._poll = select.poll()
        self._device: Path | None = None

    def open(self) -> None:
        """Open the port for this program alone; bytes that came before are still there to be read.

        Raises:
            OpenFailed: with the reason and what to do.
        """
        self.close()
        try:
            line = _line(self.port, self.baud, self._patience)
            line.open()
        except _FAULTS as error:
            raise OpenFailed(f"cannot open {self.port}: {_advice(error)}") from error
        self._line = line
        self._attend(line)

    def read(self, timeout: float) -> bytes:
        """Return what has come, as soon as anything has, or nothing after about `timeout` seconds.

        Raises:
            DeviceLost: the device is gone, or the port is not open.
        """
        line = self._open_line()
        try:
            return self._read_descriptor(timeout) if self._descriptor is not None else _read_line(line, timeout)
        except _FAULTS as error:
            raise self._lost(error) from error

    def write(self, data: bytes) -> None:
        """Send `data`, waiting no longer than the link's patience for a device that does not take it.

        Raises:
            DeviceLost: the device is gone or does not take it, or the port is not open.
        """
        line = self._open_line()
        try:
            line.write(data[self._write_at_once(data) :])
        except _FAULTS as error:
            raise self._lost(error) from error

    def check(self) -> None:
        """Find out, without a byte sent, whether the device is still there.

        Raises:
            DeviceLost: the device is gone, or the port is not open.
        """
        line = self._open_line()
        try:
            gone = self._hung_up() if self._descriptor is not None else line.in_waiting < 0
        except _FAULTS as error:
            raise self._lost(error) from error
        if gone:
            raise DeviceLost(f"{self.port} is gone: it was unplugged or its driver let go of it")

    def close(self) -> None:
        """Give the port back, after what was written has left; never raises."""
        line, self._line, self._descriptor = self._line, None, None
        self._poll = select.poll()
        if line is not None:
            with contextlib.suppress(*_FAULTS):
                _let_leave(line, self._patience)
            _close(line)

    def _attend(self, line: serial.Serial) -> None:
        # loop:// and rfc2217:// have no descriptor; io.UnsupportedOperation is an OSError.
        with contextlib.suppress(OSError):
            self._descriptor = line.fileno()
            self._poll.register(self._descriptor, select.POLLIN | select.POLLRDHUP)
        # The device itself, not the stable name that udev keeps for it: a name may go while the device works on.
        self._device = Path(os.path.realpath(self.port)) if "://" not in self.port else None

    def _open_line(self) -> serial.Serial:
        if self._line is None:
            raise DeviceLost(f"{self.port} is not open: open it first")
        return self._line

    def _read_descriptor(self, timeout: float) -> bytes:
        # pyserial's own read would want the number of bytes beforehand: one by one costs a select for each, more
        # waits for what may never come.
        if self._descriptor is None or not self._poll.poll(timeout * 1000):
            return b""
        try:
            data = os.read(self._descriptor, _CHUNK)
        except BlockingIOError:
            return b""
        if not data:
            raise ConnectionResetError("it is readable but gives nothing")
        return data

    def _write_at_once(self, data: bytes) -> int:
        # pyserial's own write waits in a loop of selects, which an alarm should not; a few bytes nearly always fit.
        if self._descriptor is None:
            return 0
        try:
            return os.write(self._descriptor, data)
        except BlockingIOError:
            return 0

    def _hung_up(self) -> bool:
        if any(event & _GONE for _, event in self._poll.poll(0)):
            return True
        return self._device is not None and not self._device.exists()

    def _lost(self, error: BaseException) -> DeviceLost:
        return DeviceLost(f"{self.port} is gone: {error}")


def _line(port: str, baud: int, patience: float) -> serial.Serial:
    # pyserial would wait 5 s for a serial server that is off, and an alarm's other outputs with it.
    protocol_socket.POLL_TIMEOUT = _CONNECT_TIMEOUT
    # rfc2217:// refuses a write time-out.
    wait = None if port.startswith("rfc2217://") else patience
    line = serial.serial_for_url(port, baud, timeout=_SLICE, write_timeout=wait, exclusive=True, do_not_open=True)
    # pyserial throws away at open what has already come. A label held up while the gate was starting, or just after a
    # replug, would be missed; half a frame at the worst is what keeping it can cost.
    for flush in ("_reset_input_buffer", "reset_input_buffer"):
        setattr(line, flush, lambda: None)
    return line


def _read_line(line: serial.Serial, timeout: float) -> bytes:
    deadline = time.monotonic() + timeout
    data = line.read(line.in_waiting)
    while not data and time.monotonic() < deadline:
        data = line.read(1)
    return data


def _let_leave(line: serial.SerialBase, patience: float) -> None:
    """Wait until what was written has left, then drop the rest: the kernel would hold `close` up for 30 s."""
    if not isinstance(line, serial.Serial):
        return
    deadline = time.monotonic() + patience
    while line.out_waiting and time.monotonic() < deadline:
        time.sleep(0.001)
    if line.out_waiting:
        line.reset_output_buffer()


def _close(line: serial.Serial) -> None:
    # pyserial closes no socket whose other end hung up first.
    end = vars(line).get("_socket")
    with contextlib.suppress(*_FAULTS):
        line.close()
    if end is not None:
        end.close()


def _advice(error: BaseException) -> str:
    # For a port on the network pyserial keeps the number to itself, but not what it was raised from.
    number = getattr(error, "errno", None) or getattr(error.__context__, "errno", None)
    return _ADVICE.get(number, str(error))
