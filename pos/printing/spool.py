"""What is to be printed waits here, so that a printer without paper keeps nobody from selling.

One thread owns the printer. It opens it for each job, for a printer on the network serves several tills in turn, and
looks at it between the jobs, so that the cashier knows before the next customer pays.
"""

import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Thread

from hardware.errors import HardwareError
from hardware.printer import PRINTING, Printer, PrinterState, Slip

LOST = "lost"  # beside what a printer can say of itself
LOOK_SECONDS = 5.0
RETRY_SECONDS = 1.0
SLIP_SECONDS = 600.0  # after that its customer has left
DRAWER_SECONDS = 5.0  # a drawer must not spring open when nobody expects it any more
MOST_WAITING = 20
STOP_SECONDS = 2.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A slip, which may be empty; `name` is what people call it; `printed` is called once it is out."""

    name: str
    slip: Slip
    opens_drawer: bool = False
    printed: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class Standing:
    """How the printer is, a `PrinterState` or LOST, and the names of what waits for it."""

    state: str
    waiting: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        """Whether it prints."""
        return self.state in PRINTING


@dataclass(slots=True)
class _Waiting:
    job: Job
    since: float
    drawer_due: bool


class Spool:
    """The queue and its thread. Any thread may put a job in and ask how it stands."""

    def __init__(self, printer: Printer, clock: Callable[[], float] = time.monotonic) -> None:
        self.columns = printer.columns
        self._printer = printer
        self._clock = clock
        self._jobs: deque[_Waiting] = deque()
        self._changed = Condition()
        self._state: str = PrinterState.READY
        self._is_stopping = False
        self._thread = Thread(target=self._run, name=f"printer {printer.name}", daemon=True)

    def start(self) -> None:
        """Begin to print."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the slip that is being printed; a printer that hangs is left behind."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()
        self._thread.join(STOP_SECONDS)

    def put(self, job: Job) -> None:
        """Print this after what waits already; where too much does, the oldest is let go."""
        with self._changed:
            if len(self._jobs) == MOST_WAITING:
                log.warning("%s is not printed: too much waits", self._jobs.popleft().job.name)
            self._jobs.append(_Waiting(job, self._clock(), job.opens_drawer))
            self._changed.notify_all()

    def drop(self) -> None:
        """Print nothing of what waits."""
        with self._changed:
            self._jobs.clear()

    def standing(self) -> Standing:
        """How it is now."""
        with self._changed:
            return Standing(self._state, tuple(each.job.name for each in self._jobs if each.job.slip))

    def work(self) -> bool:
        """Print what waits, or look how the printer is; False where it did not do what it should."""
        first = self._first()
        try:
            with self._printer:
                state = self._serve(first)
        except HardwareError as error:
            if self._state != LOST:
                log.warning("printer %s: %s", self._printer.name, error)
            state = LOST
        with self._changed:
            self._state = state
        return state in PRINTING

    def _serve(self, first: _Waiting | None) -> str:
        if self._takes_drawer():
            self._printer.open_drawer()
        state = self._printer.state()
        if first and state in PRINTING:
            state = self._print(first)
        return state

    def _takes_drawer(self) -> bool:
        """Whether one that waits wants the drawer open, wherever it stands: it wants that once, and not late."""
        now = self._clock()
        with self._changed:
            due = [each for each in self._jobs if each.drawer_due]
            for each in due:
                each.drawer_due = False
        return any(now - each.since <= DRAWER_SECONDS for each in due)

    def _print(self, first: _Waiting) -> PrinterState:
        """Paper that ended on the way has torn the slip: it stays the first, to be printed whole."""
        if first.job.slip:
            self._printer.print(first.job.slip)
        state = self._printer.state()
        if state in PRINTING:
            with self._changed:
                if self._jobs and self._jobs[0] is first:
                    self._jobs.popleft()
            first.job.printed()
        return state

    def _first(self) -> _Waiting | None:
        now = self._clock()
        with self._changed:
            while self._jobs and now - self._jobs[0].since > SLIP_SECONDS:
                log.warning("%s is not printed: it has waited too long", self._jobs.popleft().job.name)
            return self._jobs[0] if self._jobs else None

    def _run(self) -> None:
        is_well = self.work()
        while True:
            with self._changed:
                if not self._is_stopping and not (is_well and self._jobs):
                    self._changed.wait(LOOK_SECONDS if is_well and not self._jobs else RETRY_SECONDS)
                if self._is_stopping:
                    return
            is_well = self.work()
