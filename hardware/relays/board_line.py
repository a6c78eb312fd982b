"""A serial line to a relay board whose outputs are relays of their own: they share the port, which opens only once.

Each relay holds a `BoardLine`; those of one port meet in its `_Port`, which lives for as long as one of them does. When
one of them opens the port anew, the others find theirs gone and open it too: they cannot know what the board has done
meanwhile. All relays of a board are used by one thread.
"""

from collections.abc import Callable
from typing import Final
from weakref import WeakSet, WeakValueDictionary

from hardware.errors import DeviceLost, OpenFailed
from hardware.serial_link import SerialLink


class _Port:
    """The port itself, and who has it open."""

    def __init__(self, port: str, baud: int) -> None:
        self.link = SerialLink(port, baud)
        self.users: WeakSet[BoardLine] = WeakSet()

    def open_for(self, user: "BoardLine") -> None:
        if user in self.users or not self._works():
            self.users.clear()
            self.link.open()
        self.users.add(user)

    def close_for(self, user: "BoardLine") -> None:
        self.users.discard(user)
        if not self.users:
            self.link.close()

    def _works(self) -> bool:
        try:
            self.link.check()
        except DeviceLost:
            return False
        return True


_PORTS: Final[WeakValueDictionary[tuple[str, int], _Port]] = WeakValueDictionary()


class BoardLine:
    """What a `SerialLink` is, for one of several relays."""

    def __init__(self, port: str, baud: int) -> None:
        self.port = port
        self._shared = _PORTS.get((port, baud)) or _PORTS.setdefault((port, baud), _Port(port, baud))

    def open(self) -> None:
        """Take the port, or share in it. Raises OpenFailed."""
        self._shared.open_for(self)

    def open_off(self, relay: str, off: Callable[[], None]) -> None:
        """Take the port and switch this relay off; where that fails, let the port go. Raises OpenFailed."""
        self.open()
        try:
            off()
        except DeviceLost as error:
            self.close()
            raise OpenFailed(f"cannot switch relay {relay!r} off: {error}") from error

    def read(self, timeout: float) -> bytes:
        """Return what has come, as `SerialLink.read` does. Raises DeviceLost."""
        return self._link().read(timeout)

    def write(self, data: bytes) -> None:
        """Send. Raises DeviceLost."""
        self._link().write(data)

    def check(self) -> None:
        """Find out whether the device is still there. Raises DeviceLost."""
        self._link().check()

    def close(self) -> None:
        """Let the port go; who comes last closes it."""
        self._shared.close_for(self)

    def _link(self) -> SerialLink:
        if self not in self._shared.users:
            raise DeviceLost(f"{self.port} is not open: open it first")
        return self._shared.link
