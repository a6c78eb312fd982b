"""The far end of an emulated USB serial adapter: what the scanner or the relay board is."""

import threading
from pathlib import Path

from tests.vm.line import connected


class FarEnd:
    """Holds the line that comes out of the machine.

    Attributes:
        plugged: whether the adapter is in its socket.
    """

    def __init__(self, path: Path) -> None:
        self._line = connected(path)
        self._received = bytearray()
        self._more = threading.Condition()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        self.plugged = True

    def close(self) -> None:
        """Let the line go, after QEMU has ended."""
        self._thread.join(10)
        self._line.close()

    def send(self, data: bytes) -> None:
        """Send to the machine; lost while unplugged, where QEMU would keep it for the next plug."""
        if self.plugged:
            self._line.sendall(data)

    def receive(self, seconds: float) -> bytes:
        """Take what has come, as soon as anything has, or nothing after so many seconds."""
        with self._more:
            self._more.wait_for(lambda: bool(self._received), seconds)
            taken = bytes(self._received)
            self._received.clear()
        return taken

    def _read(self) -> None:
        while data := self._recv():
            with self._more:
                self._received += data
                self._more.notify_all()

    def _recv(self) -> bytes:
        try:
            return self._line.recv(4096)
        except OSError:
            return b""
