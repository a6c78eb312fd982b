"""Pictures around an alarm: a camera's process remembers the last seconds, and the gate says which are to be kept.

The loop only says so; all else is done by two threads and the camera's process. What is kept waits as files beside the
journal until the source has it, for no longer than it may be kept.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event as Flag
from threading import Thread

from gate.source import Source
from hardware.camera.album import Album, Page
from hardware.camera.lookout import Lookout, LookoutOptions, SharedLookout
from hardware.errors import HardwareError
from hardware.options import read_options
from shared.database import DatabaseError
from shared.snapshots import DAY, KEPT_DAYS, Snapshot
from shared.table_reader import Table

log = logging.getLogger(__name__)

WORD_SECONDS = 0.1
RETRY_SECONDS = 3.0
LOOK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class CameraState:
    """How the camera that takes snapshots is: "" or what is wrong with it."""

    fault: str


class Snapshots:
    """The camera's thread and the pictures' way to the source."""

    def __init__(
        self,
        lookout: Lookout | SharedLookout,
        folder: Path,
        source: Source,
        deliver: Callable[[CameraState], None],
    ) -> None:
        """`folder`: where the lookout puts pictures."""
        self._lookout = lookout
        self._album = Album(folder)
        self._source = source
        self._deliver = deliver
        self._wishes: SimpleQueue[tuple[str, float]] = SimpleQueue()
        self._fault = "not tried yet"
        self._stopping = Flag()
        self._threads = [
            Thread(target=self._watch, name="snapshots", daemon=True),
            Thread(target=self._bring, name="pictures", daemon=True),
        ]

    def start(self) -> None:
        """Begin to look."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Give the camera back; a thread that waits for a dead source is left behind."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(1.0)

    def keep(self, incident: str) -> None:
        """Keep what was and will be seen around now; never waits."""
        self._wishes.put((incident, time.monotonic()))

    def _watch(self) -> None:
        while not self._stopping.is_set():
            try:
                self._lookout.open()
                self._say("")
                self._look()
            except HardwareError as error:
                self._say(str(error))
            except Exception as error:
                log.exception("taking snapshots failed; trying again")
                self._say(f"taking snapshots failed: {error!r}")
            self._stopping.wait(RETRY_SECONDS)
        self._lookout.close()

    def _look(self) -> None:
        while not self._stopping.is_set():
            self._lookout.watch(WORD_SECONDS)
            try:
                self._lookout.keep(*self._wishes.get_nowait())
            except Empty:
                continue

    def _say(self, fault: str) -> None:
        if fault != self._fault:
            log.warning("no snapshots: %s", fault) if fault else log.info("snapshots are taken")
            self._fault = fault
            self._deliver(CameraState(fault))

    def _bring(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            try:
                self.bring()
            except DatabaseError:
                self._stopping.wait(RETRY_SECONDS)  # the follower says it
            except Exception:
                log.exception("pictures of an alarm could not be brought; trying again")
                self._stopping.wait(RETRY_SECONDS)

    def bring(self) -> None:
        """Bring what waits to the source, and let go of what may not be kept any longer. Raises DatabaseError."""
        oldest = time.time_ns() // 1000 - KEPT_DAYS * DAY
        for page in self._album.pages():
            if page.at > oldest:
                self._bring_one(page)
            page.file.unlink(missing_ok=True)

    def _bring_one(self, page: Page) -> None:
        try:
            picture = page.file.read_bytes()
        except FileNotFoundError:  # it went, for there was no room
            return
        self._source.picture(Snapshot(page.name, page.number, page.at, picture))


def snapshot_options(table: Table) -> LookoutOptions | None:
    """What `[gate.snapshots]` says, None without it. Raises OptionMistake."""
    return read_options(LookoutOptions, table) if table else None
