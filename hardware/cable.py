"""A virtual serial cable: the program opens one end by its path, as it would a real port; you hold the other.

The path is a link to a pseudo-terminal, as /dev/serial/by-id links to the real device: it stays the same over
unplugging and replugging, while the device behind it is a new one each time.
"""

import os
import pty
import select
import time
import tty
from pathlib import Path
from threading import Condition
from types import TracebackType
from typing import Final, Self

from hardware.errors import DeviceLost

_CHUNK: Final = 4096


class Cable:
    """One serial cable, plugged in when made; any thread may use it. `with Cable(path):` unplugs it at the end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._changed = Condition()
        # The near end is held open too, so that bytes sent before the program opens its end are kept for it.
        self._ends: tuple[int, int] | None = None
        self.replug()

    @property
    def plugged(self) -> bool:
        """Whether the path leads anywhere."""
        return self._ends is not None

    @property
    def far_end(self) -> int:
        """The descriptor of the end that is not the program's, for who must wait on it without a thread's detour.

        Raises:
            DeviceLost: the cable is unplugged.
        """
        ends = self._ends
        if ends is None:
            raise DeviceLost(f"the cable at {self.path} is unplugged")
        return ends[0]

    def send(self, data: bytes, timeout: float = 1.0) -> None:
        """Let bytes arrive at the program's end, in order.

        Raises:
            DeviceLost: the cable is unplugged.
            TimeoutError: the program did not read, and the wire is full; a part may have been sent.
        """
        deadline = time.monotonic() + timeout
        while data:
            data = data[self._send_some(data) :]
            if data and time.monotonic() >= deadline:
                raise TimeoutError(f"{self.path}: nobody reads, {len(data)} bytes are left")

    def receive(self, timeout: float) -> bytes:
        """Return what the program wrote, as soon as it wrote anything, or nothing after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        with self._changed:
            self._changed.wait_for(lambda: self.plugged, timeout)
        self._wait_for(select.POLLIN, max(0.0, deadline - time.monotonic()))
        with self._changed:
            try:
                return os.read(self._ends[0], _CHUNK) if self._ends else b""
            except BlockingIOError:
                return b""

    def unplug(self) -> None:
        """Pull the plug: the path is gone, and the program's end is dead; again is harmless."""
        with self._changed:
            ends, self._ends = self._ends, None
            if ends is not None:
                self.path.unlink(missing_ok=True)
                for end in ends:
                    os.close(end)

    def replug(self) -> None:
        """Plug in: a new device behind the same path; again is harmless."""
        with self._changed:
            if self._ends is None:
                self._ends = _new_ends()
                self._link(os.ttyname(self._ends[1]))
                self._changed.notify_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.unplug()

    def _send_some(self, data: bytes) -> int:
        with self._changed:
            if self._ends is None:
                raise DeviceLost(f"the cable at {self.path} is unplugged: replug it before sending")
            try:
                return os.write(self._ends[0], data)
            except BlockingIOError:
                pass
        self._wait_for(select.POLLOUT, 0.01)
        return 0

    def _wait_for(self, event: int, timeout: float) -> None:
        # Outside the lock, so that the other direction goes on. An end that is closed meanwhile only wakes us early.
        ends = self._ends
        if ends is not None:
            poll = select.poll()
            poll.register(ends[0], event)
            poll.poll(timeout * 1000)

    def _link(self, device: str) -> None:
        # Renamed into place: whoever opens the path meets the old device or the new one, never nothing.
        fresh = self.path.with_name(f"{self.path.name}.new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(device)
        fresh.replace(self.path)


def _new_ends() -> tuple[int, int]:
    far, near = pty.openpty()
    # Raw from the first byte: a terminal would echo labels back and turn CR into LF.
    tty.setraw(near)
    os.set_blocking(far, False)
    return far, near
