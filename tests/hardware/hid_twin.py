"""HID relay boards where no kernel makes one: what `hardware.hidraw` would carry, answered as the boards do.

`tests/vm` puts the same reports through a real kernel.
"""

from hardware.errors import DeviceLost, OpenFailed
from hardware.hidraw import HidIdentity, HidRaw


class HidTwin(HidRaw):
    """A board of either make, and the hand on its plug.

    Attributes:
        relays: whether each relay is on; the first is 1.
        reports: every report that it was sent.
        failing_reads: how many readings fail before one works.
        ignored: how many switchings it does not heed.
    """

    def __init__(self, identity: HidIdentity) -> None:
        super().__init__("/dev/lunas/relay-twin")
        self.identity = identity
        self.relays: dict[int, bool] = {}
        self.reports: list[bytes] = []
        self.failing_reads = 0
        self.ignored = 0
        self._plugged = True
        self._opened = False

    def open(self) -> HidIdentity:
        if not self._plugged:
            raise OpenFailed(f"cannot open {self.port}: nothing is plugged in there: plug it in")
        self._opened = True
        return self.identity

    def unplug(self) -> None:
        """Pull the plug: its relays drop."""
        self._plugged = self._opened = False
        self.relays.clear()

    def replug(self) -> None:
        """Put it back: a new device at the same place."""
        self._plugged = True

    def write(self, report: bytes) -> None:
        self._take(report)
        self._switch(report[1] & 0x0F, on=report[1] & 0xF0 == 0xF0)

    def send_feature(self, report: bytes) -> None:
        self._take(report)
        assert report[1] in {0xFF, 0xFD}
        self._switch(report[2], on=report[1] == 0xFF)

    def get_feature(self, size: int) -> bytes:
        self.check()
        if self.failing_reads:
            self.failing_reads -= 1
            raise DeviceLost(f"{self.port} does not answer: Broken pipe")
        bits = sum(on << channel - 1 for channel, on in self.relays.items())
        return bytes([0, *b"HURTM", 0, 0, bits])[:size]

    def check(self) -> None:
        if not self._opened:
            raise DeviceLost(f"{self.port} is not open: open it first")

    def close(self) -> None:
        self._opened = False

    def _take(self, report: bytes) -> None:
        self.check()
        assert len(report) == 9
        assert report[0] == 0
        self.reports.append(report)

    def _switch(self, channel: int, *, on: bool) -> None:
        if self.ignored:
            self.ignored -= 1
        else:
            self.relays[channel] = on
