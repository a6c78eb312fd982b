"""The source's word at once, where the database is a SQLite file of this machine.

The loop itself reads one row, as it reads its replica, on the same disk: no thread, no wait. Wherever that would mean
waiting, or does not work, the answer is None, and the confirming thread is asked.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shared import sqlite
from shared.items import ItemState
from shared.source import Truth

TRUTHS = "SELECT id, state, version, cart_register, cart_at FROM item WHERE id IN ({})"


class Glance:
    """Reads a SQLite database that others write. For one thread."""

    def __init__(self, file: Path | None) -> None:
        """`file`: the database's, None where it is no file."""
        self._file = file
        self._connection: Any = None
        self._inode = 0
        self._error_class = sqlite.driver().Error

    def truths(self, items: Sequence[int]) -> list[Truth] | None:
        """What the source says of these units, None where it cannot be said at once."""
        if self._file is None:
            return None
        try:
            if self._connection is None or self._file.stat().st_ino != self._inode:
                self._connect(self._file)
            rows = self._connection.execute(TRUTHS.format(", ".join("?" * len(items))), items).fetchall()
        except (OSError, self._error_class):
            self.close()
            return None
        return [Truth(item, ItemState(state), version, till or "", at or 0) for item, state, version, till, at in rows]

    def close(self) -> None:
        """Let the file go."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connect(self, file: Path) -> None:
        self.close()
        inode = file.stat().st_ino
        self._connection = sqlite.connect(file, journal_mode=sqlite.shared_journal_mode())
        self._connection.execute("PRAGMA busy_timeout = 0")
        self._inode = inode
