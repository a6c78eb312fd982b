"""Backs the shop up at the settings' interval, in a child process of low priority: the till does not wait for it."""

import logging
import subprocess
import sysconfig
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

from hardware.children import start_child
from shared.backup_folder import last_backup
from shared.settings import BackupSettings

log = logging.getLogger(__name__)

LUNAS = Path(sysconfig.get_path("scripts"), "lunas")
RETRY_SECONDS = 600.0
LONGEST_WAIT = 3600.0  # a machine that slept looks again so soon
STOP_SECONDS = 5.0


class BackupClock:
    """One thread, which starts each backup and waits for it."""

    def __init__(self, settings_file: Path, chosen: BackupSettings) -> None:
        self._command = ["/usr/bin/nice", "-n", "19", str(LUNAS), "--config", str(settings_file), "backup"]
        self._chosen = chosen
        self._stopping = Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = Thread(target=self._run, name="backups", daemon=True)

    def start(self) -> None:
        """Begin; the first backup is made at once where the last one is older than the interval."""
        self._thread.start()

    def stop(self) -> None:
        """End; a backup that is under way is given up; the next one clears away what it left."""
        self._stopping.set()
        if self._child:
            self._child.terminate()
        self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        while not self._stopping.is_set():
            wait = self._seconds_left()
            if wait <= 0:
                wait = 0.0 if self._back_up() else RETRY_SECONDS
            self._stopping.wait(min(wait, LONGEST_WAIT))

    def _seconds_left(self) -> float:
        now = datetime.now(UTC)
        at = last_backup(self._chosen, now).at
        return (at + timedelta(hours=self._chosen.every_hours) - now).total_seconds() if at else 0.0

    def _back_up(self) -> bool:
        self._child = start_child(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        said = self._child.communicate()[1].decode(errors="replace").strip()
        if self._child.returncode and not self._stopping.is_set():
            log.error("no backup was made: %s", said.rpartition("\n")[2])
        return self._child.returncode == 0
