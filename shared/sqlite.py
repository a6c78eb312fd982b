"""SQLite files: which library, which journal mode, who may write next.

Two connections that write or checkpoint one WAL database can corrupt it in SQLite 3.7.0 to 3.51.2 (the WAL-reset bug,
sqlite.org/wal.html; mended in 3.51.3, 3.50.7 and 3.44.6). Where only such a version is to be had, databases with
several writers use the rollback journal.
"""

import fcntl
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from shared import whole_files

log = logging.getLogger(__name__)

BUSY_SECONDS = 10
APPLICATION = 0x4C554E41  # "LUNA" in the header of a file that was begun here
BESIDE = ("-wal", "-shm", "-journal", "-turn")  # what may stand beside a database file, by the end of its name
NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "fuse.sshfs", "fuse.glusterfs"}


def driver() -> ModuleType:
    """The DB-API module with the newest SQLite: the bundled one where its wheel exists, else Python's own."""
    try:
        from pysqlite3 import dbapi2  # noqa: PLC0415 - has wheels for x86-64 only
    except ImportError:
        import sqlite3  # noqa: PLC0415 - as above

        return sqlite3
    return dbapi2  # type: ignore[no-any-return]


def is_wal_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite version is free of the WAL-reset bug."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


def shared_journal_mode() -> str:
    """The journal mode for a file that several connections write: WAL where it is safe, else DELETE with a warning."""
    module = driver()
    if is_wal_safe(module.sqlite_version_info):
        return "WAL"
    log.warning(
        "SQLite %s has the WAL-reset bug; using the slower rollback journal. 3.51.3 or newer mends it.",
        module.sqlite_version,
    )
    return "DELETE"


def connect(file: Path, *, journal_mode: str, synchronous: str = "FULL", create: bool = False) -> Any:
    """A connection in autocommit: transactions begin where the caller says so.

    Raises FileNotFoundError where the file is missing, and the driver's DatabaseError where it is empty, if `create` is
    not set: a lost database is never replaced by an empty one, and an empty file is never turned into a database.
    """
    if not create:
        _refuse_empty(file)
    connection = _open(file, "rwc" if create else "rw")
    try:
        for pragma in (f"journal_mode={journal_mode}", f"synchronous={synchronous}", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def is_at(inode: int, file: Path) -> bool:
    """Whether the file that was opened under this inode still stands there."""
    try:
        return os.stat(file).st_ino == inode  # noqa: PTH116 - three times as fast, and before every write
    except FileNotFoundError:
        return False


def begin(file: Path) -> None:
    """Turn an empty file into a database without tables, so that it is one from its first byte on."""
    connection = connect(file, journal_mode="DELETE", create=True)
    try:
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
    finally:
        connection.close()


def connect_read_only(file: Path) -> Any:
    """A connection that leaves the file as it is. Raises FileNotFoundError and DatabaseError as `connect`."""
    _refuse_empty(file)
    return _open(file, "ro")


def put_in_place(draft: Path, file: Path) -> None:
    """Give a finished database its name, where none stands. Raises OSError.

    What a lost file left beside it goes first: SQLite would play it into the new one.
    """
    for beside in BESIDE[:-1]:
        file.with_name(file.name + beside).unlink(missing_ok=True)
    whole_files.put_in_place(draft, file)


def discard(file: Path) -> None:
    """Delete a database file that nobody uses, and what SQLite and the write turn put beside it."""
    for beside in ("", *BESIDE):
        file.with_name(file.name + beside).unlink(missing_ok=True)


def _refuse_empty(file: Path) -> None:
    if not file.exists():
        raise FileNotFoundError(
            2, "no such database file (lunas init makes one, lunas restore puts a backup there)", str(file)
        )
    if file.stat().st_size == 0:
        raise driver().DatabaseError("the file is empty")


def _open(file: Path, mode: str) -> Any:
    name = str(file).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return driver().connect(
        f"file:{name}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS
    )


def file_system(file: Path, mounts: str | None = None) -> str:
    """The type of the file system that holds `file`, from /proc/mounts; "" where it cannot be told."""
    try:
        table = Path("/proc/mounts").read_text() if mounts is None else mounts
    except OSError:
        return ""
    points = [line.split()[1:3] for line in table.splitlines()]
    home = str(file.resolve().parent)
    holding = [(point, kind) for point, kind in points if home == point or home.startswith(point.rstrip("/") + "/")]
    return max(holding, key=lambda mount: len(mount[0]), default=("", ""))[1]


class WriteTurn:
    """Writers of all threads and processes take turns on one file lock.

    SQLite's own busy handler sleeps up to 100 ms at a time and is unfair.
    """

    def __init__(self, database: Path) -> None:
        self.database = database
        self._path = database.with_name(database.name + BESIDE[-1])
        self._threads = threading.Lock()

    def taken_here(self) -> AbstractContextManager[object]:
        """Hold off this program's other threads only."""
        return self._threads

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold the turn. Raises OSError where the lock file cannot be opened."""
        with self._threads:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                yield
            finally:
                os.close(descriptor)
