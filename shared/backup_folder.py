"""The folder of a shop's automatic backups: the newest, its age, and no more of them than the shop wants to keep."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from shared import sqlite
from shared.backup import DRAFT, ENDING, TIME
from shared.settings import BackupSettings

OURS = re.compile(rf"lunas-[0-9]{{8}}T[0-9]{{6}}Z{re.escape(ENDING)}")
HEADS_ENDING = ".heads"
LATE = 2  # intervals


class Age(StrEnum):
    """How the last backup stands, for a manager."""

    OFF = "off"  # nobody asked for any
    NEVER = "never"
    OLD = "old"  # older than twice the interval
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The newest backup of the folder; `at` is None where there is none."""

    age: Age
    at: datetime | None


def last_backup(chosen: BackupSettings | None, now: datetime) -> LastBackup:
    """How the shop's backups stand. A file has its name only when it was verified, so its name tells all."""
    if chosen is None:
        return LastBackup(Age.OFF, None)
    at = max(map(_time_of, backups(chosen.folder)), default=None)
    if at is None:
        return LastBackup(Age.NEVER, None)
    is_old = now - at > LATE * timedelta(hours=chosen.every_hours)
    return LastBackup(Age.OLD if is_old else Age.GOOD, at)


def backups(folder: Path) -> list[Path]:
    """The folder's backups, oldest first; none where the folder is not there."""
    return sorted(path for path in folder.glob(f"*{ENDING}") if OURS.fullmatch(path.name))


def heads_beside(backup: Path) -> Path:
    """The file of the heads that were signed with a backup."""
    return backup.with_suffix(HEADS_ENDING)


def keep_newest(folder: Path, count: int) -> None:
    """Delete the older backups with their heads, and what killed ones left."""
    for backup in backups(folder)[:-count]:
        backup.unlink()
        heads_beside(backup).unlink(missing_ok=True)
    for draft in folder.glob(f"lunas-*{ENDING}{DRAFT}"):
        sqlite.discard(draft)


def _time_of(backup: Path) -> datetime:
    return datetime.strptime(backup.name, f"lunas-{TIME}{ENDING}").replace(tzinfo=UTC)
