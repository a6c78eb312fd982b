"""A device that is read for as long as the program runs, whatever is pulled out meanwhile: a scanner, or a button."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread
from types import TracebackType
from typing import Final, Generic, Protocol, Self, TypeVar

from hardware.errors import HardwareError

_READ_TIMEOUT: Final = 0.1
_FIRST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 0.5
_JOIN_TIMEOUT: Final = 0.5

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReaderLost:
    """The device gives nothing any more, or could not be opened at first; said once until it is back.

    Attributes:
        scanner: its name in the settings.
        reason: what happened, in words for a person.
        monotonic: when, in seconds of `time.monotonic()`.
    """

    scanner: str
    reason: str
    monotonic: float


@dataclass(frozen=True, slots=True)
class ReaderBack:
    """The device is open: at first, or again. `monotonic` is when, in seconds of `time.monotonic()`."""

    scanner: str
    monotonic: float


class Readable(Protocol[T_co]):
    """What can be read: a device that gives something, or None when nothing came within `timeout` seconds."""

    name: str

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def read(self, timeout: float) -> T_co | None: ...  # noqa: D102 - as said above


class ReaderThread(Generic[T]):
    """Reads one device in a thread of its own; opens it again, with back-off, whenever it is lost.

    `deliver` is called in that thread with all that is read, each loss and return, in order; it should only put them on
    a queue.

    Attributes:
        heartbeat: when the thread last went round, in seconds of `time.monotonic()`: well under a second ago, except
            while a device takes longer to open. For a watchdog.
    """

    def __init__(self, device: Readable[T], deliver: Callable[[T | ReaderLost | ReaderBack], None]) -> None:
        self.heartbeat = time.monotonic()
        self._device = device
        self._deliver = deliver
        self._stopping = Event()
        self._lost = False
        self._pause = _FIRST_PAUSE
        self._thread = Thread(target=self._run, name=f"reader {device.name}", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """Close the device and end the thread, within half a second; a driver that hangs is left behind."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(_JOIN_TIMEOUT)
        if self._thread.is_alive():
            _log.warning("device %r does not let go; leaving it behind", self._device.name)

    def _run(self) -> None:
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                self._watch()
            except Exception as fault:  # noqa: BLE001 - a bug in one driver must never leave the gate blind
                self._report_loss(fault)
                # A driver that itself waited for its device to come has paused already, and knew when it came.
                self._stopping.wait(max(0.0, began + self._pause - time.monotonic()))
                self._pause = min(self._pause * 2, _LONGEST_PAUSE)
            self.heartbeat = time.monotonic()

    def _watch(self) -> None:
        with self._device as device:
            self._lost = False
            self._tell(ReaderBack(device.name, time.monotonic()))
            while not self._stopping.is_set():
                read = device.read(_READ_TIMEOUT)
                # Only a read that held proves the device: one that opens and fails at once must not be tried in haste.
                self._pause = _FIRST_PAUSE
                self.heartbeat = time.monotonic()
                if read is not None:
                    self._tell(read)

    def _report_loss(self, fault: Exception) -> None:
        if self._lost:
            return
        self._lost = True
        expected = isinstance(fault, HardwareError)
        reason = str(fault) if expected else f"the driver failed: {fault!r}"
        _log.warning("device %r is lost: %s", self._device.name, reason, exc_info=None if expected else fault)
        self._tell(ReaderLost(self._device.name, reason, time.monotonic()))

    def _tell(self, news: T | ReaderLost | ReaderBack) -> None:
        try:
            self._deliver(news)
        except Exception:  # noqa: BLE001 - what a consumer does wrong is no fault of the device
            _log.exception("could not hand on %r", news)
