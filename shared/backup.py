"""A backup: the whole shop at one moment, in one SQLite file of the same schema, whatever the shop's own engine.

The shop goes on meanwhile. A backup has its name only when it was read back and verified.
"""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from shared import sqlite
from shared.database import (
    Database,
    DatabaseDamagedError,
    DatabaseError,
    DatabaseGoneError,
    file_url,
    filling_file,
    reading_file,
)
from shared.row_copy import replace_rows
from shared.schema import Base
from shared.statements import driver_errors
from shared.upgrade import upgrade
from shared.verify import Verdict, verify
from shared.whole_files import put_in_place

ENDING = ".backup"
DRAFT = ".new"  # after a backup's name, until it is verified
TIME = "%Y%m%dT%H%M%SZ"  # in a backup's name, so that later is greater


class BackupError(DatabaseError):
    """A backup that cannot be made or used; the message says why and what to do."""


def name_at(now: datetime, word: str = "lunas") -> str:
    """The name of a backup made now: `lunas-20261122T103000Z.backup`."""
    return f"{word}-{now.astimezone(UTC):{TIME}}{ENDING}"


def back_up(database: Database, file: Path) -> Verdict:
    """Write the shop to a new file. Raises BackupError, DatabaseDamagedError, OSError; then no such file stands.

    A copy that does not hold is kept under another name, for whoever finds out why.
    """
    if file.exists():
        raise BackupError(f"{file} is there already. A backup never replaces another: give it a name of its own.")
    draft = file.with_name(file.name + DRAFT)
    try:
        verdict = _written(database, draft)
        if verdict.broken:
            raise BackupError(_keep_unsound(draft, file, verdict))
        put_in_place(draft, file)
    finally:
        sqlite.discard(draft)
    return verdict


def copy_out(connection: Connection, draft: Path) -> None:
    """Write all that this connection sees into a new SQLite file, which nobody else may read: it holds PINs' hashes."""
    if connection.dialect.name == "sqlite":
        _copy_to_file(connection, draft)
    else:
        _copy_rows(connection, draft)


def check(file: Path) -> Verdict:
    """Read every page and every entry of a file. Raises DatabaseDamagedError."""
    with reading_file(file) as connection:
        found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
        if found != "ok":
            raise DatabaseDamagedError(file, " ".join(found.split()))
        return verify(connection)


def _written(database: Database, draft: Path) -> Verdict:
    sqlite.discard(draft)
    try:
        with database.snapshot() as connection:
            copy_out(connection, draft)
        return check(draft)
    except DatabaseDamagedError as error:
        raise DatabaseDamagedError(database, error.why) from error
    except DatabaseGoneError as error:
        raise BackupError(f"no backup was made: {error}") from error


def _keep_unsound(draft: Path, file: Path, verdict: Verdict) -> str:
    unsound = file.with_name(file.name + ".unsound")
    put_in_place(draft, unsound)
    first = verdict.broken[0]
    return f"what was copied does not hold: {first.where} {first.why}. It is kept as {unsound}; see lunas verify."


def copy_pages(connection: Connection, target: Any) -> None:
    """Make the driver's connection `target` a copy of this SQLite database, in one transaction of the target's.

    In one step: between two, a writer would make it begin again.
    """
    source: Any = connection.connection.driver_connection
    with driver_errors(connection, "copying pages"):
        source.backup(target)


def _copy_to_file(connection: Connection, draft: Path) -> None:
    draft.touch(mode=0o600)
    target = sqlite.connect(draft, journal_mode="OFF", create=True)
    try:
        copy_pages(connection, target)
        _leave_out_perishables(target)
        target.execute("PRAGMA journal_mode = DELETE").fetchall()
    finally:
        target.close()


def _leave_out_perishables(target: Any) -> None:
    """Overwritten, not only deleted. A shop of an older schema may not have them all."""
    target.execute("PRAGMA secure_delete = ON").fetchall()
    for table in Base.metadata.sorted_tables:
        known = target.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table.name,)).fetchone()
        if known and table.info.get("perishable"):
            target.execute(f"DELETE FROM {table.name}")  # noqa: S608 - the schema's own name
    target.commit()


def _copy_rows(connection: Connection, draft: Path) -> None:
    upgrade(file_url(draft))
    with suppress(PermissionError):  # a memory stick's file system knows no owners
        draft.chmod(0o600)
    with filling_file(draft) as target:
        replace_rows(target, connection)
    sqlite.connect(draft, journal_mode="DELETE").close()
