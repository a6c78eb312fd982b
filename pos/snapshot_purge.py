"""Lets go of pictures of alarms that may not be kept any longer: at start, and every hour."""

import logging
from threading import Event, Thread

from shared import snapshots
from shared.database import Database, DatabaseError

log = logging.getLogger(__name__)

PURGE_SECONDS = 3600.0
RETRY_SECONDS = 60.0
STOP_SECONDS = 2.0


class SnapshotPurge:
    """One thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="snapshot purge", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; one that waits for a dead database is left behind."""
        self._stopping.set()
        self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        pause = 0.0
        while not self._stopping.wait(pause):
            pause = PURGE_SECONDS if self.purge() else RETRY_SECONDS

    def purge(self) -> bool:
        """Let go of what is over; False where the database does not answer."""
        try:
            count = self._database.write(snapshots.purge)
        except DatabaseError as error:
            log.warning("pictures that are over cannot be deleted yet: %s", error)
            return False
        if count:
            log.info("%d pictures of alarms were kept long enough, and are deleted", count)
        return True
