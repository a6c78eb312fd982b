"""The lamp on the gate's relay: drawn from the frames that reach the board, and from nothing else."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread

from hardware.cable import Cable
from hardware.relays.serial_board import LCUS, FrameDecoder

CHANNEL = 1
WAIT_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame for the lamp's output, in hex as people write it; `monotonic` is when it came."""

    is_on: bool
    hex: str
    monotonic: float


class Board:
    """The far end of the relay's cable, read in a thread of its own."""

    def __init__(self, cable: Cable, hear: Callable[[Frame], None]) -> None:
        self._cable = cable
        self._hear = hear
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="relay board", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """Read what is left, and end."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        decoder = FrameDecoder(LCUS)
        while not self._stopping.is_set():
            data = self._cable.receive(WAIT_SECONDS)
            now = time.monotonic()
            for channel, is_on in decoder.feed(data):
                if channel == CHANNEL:
                    self._hear(Frame(is_on, LCUS[channel, is_on].hex(" ").upper(), now))
