"""Puts a backup back: into a SQLite file or a PostgreSQL database, at one stroke, while tills and gates look on.

What is put back gets a new epoch, so that gates copy afresh and journals deliver again, and a new key for sign-ins:
the people of that day may be others, and the backup may have lain about.
"""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, bindparam, exists, func, inspect, select, update

from shared import schema, sqlite
from shared.backup import DRAFT, BackupError, check, copy_out, copy_pages
from shared.database import (
    Database,
    DatabaseDamagedError,
    file_url,
    filling_file,
    reading_file,
    refuse_newer,
    schema_of,
    sqlite_file,
)
from shared.row_copy import lock_tables, replace_rows
from shared.sqlite import BESIDE, WriteTurn
from shared.statements import Statement
from shared.upgrade import upgrade
from shared.verify import Verdict, verify
from shared.whole_files import put_in_place


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back: `newest` is its last entry's time in µs, 0 for none; `gates` their names, armed or not."""

    verdict: Verdict
    newest: int
    gates: tuple[tuple[str, bool], ...]


def restore(url: str, file: Path, aside: Path | None) -> Restored:
    """Make the backup the database at `url`. `aside`: where a shop that is there is kept; None refuses to replace it.

    Raises BackupError, SchemaError for a newer backup or database, DatabaseGoneError, OSError; then nothing changed.
    """
    target = sqlite_file(url)
    with _drafting(target) as draft:
        restored = _make_ready(file, draft)
        if target is None:
            _put_in_server(url, draft, aside)
        else:
            _put_in_file(target, draft, aside)
    return restored


@contextmanager
def _drafting(target: Path | None) -> Iterator[Path]:
    """Beside the database's file, so that it can take its place."""
    if target is None:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder, "restored.db")
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(target.name + ".restored")
    sqlite.discard(draft)
    try:
        yield draft
    finally:
        sqlite.discard(draft)


def _make_ready(file: Path, draft: Path) -> Restored:
    """Copy the backup, bring the copy to this program's schema, give it a new epoch, and verify it."""
    try:
        _copy_sound(file, draft)
        upgrade(file_url(draft))
        with filling_file(draft) as connection:
            _RENEW.run(connection, epoch=secrets.token_hex(16), key=secrets.token_hex(32))
        verdict = check(draft)
    except DatabaseDamagedError as error:
        raise BackupError(f"{file} cannot be used, it is damaged: {error.why}. Take another backup.") from error
    if verdict.broken:
        first = verdict.broken[0]
        raise BackupError(f"{file} cannot be used, it does not hold: {first.where} {first.why}. Take another backup.")
    return _told(draft, verdict)


def _copy_sound(file: Path, draft: Path) -> None:
    with reading_file(file) as backup:
        found = schema_of(backup)
        if found is None:
            raise BackupError(f"{file} is no backup of a Lunas shop.")
        refuse_newer(found, file)
        copy_out(backup, draft)


def _told(draft: Path, verdict: Verdict) -> Restored:
    with reading_file(draft) as connection:
        newest: int = _NEWEST.run(connection).scalar_one()
        gates = tuple((name, bool(armed)) for name, armed in _GATES.run(connection))
    return Restored(verdict, newest, gates)


def _put_in_server(url: str, draft: Path, aside: Path | None) -> None:
    """One transaction: others read the old shop until it commits, and the new one after."""
    with Database(url) as database:
        with database.reading() as connection:
            _refuse_shop(connection, database, aside)
        upgrade(url)

        def replace(connection: Connection) -> None:
            lock_tables(connection)
            _keep(connection, database, aside)
            with reading_file(draft) as source:
                replace_rows(connection, source)
            if verify(connection).broken:
                raise BackupError(f"{database} did not take the backup as it is. Nothing was changed.")

        database.write(replace)


def _put_in_file(file: Path, draft: Path, aside: Path | None) -> None:
    """In the writers' turn. A sound database is overwritten by SQLite itself, so that whoever has it open sees it."""
    with WriteTurn(file).taken():
        if not file.exists():
            sqlite.put_in_place(draft, file)
            return
        try:
            with Database(file_url(file)) as database, database.snapshot() as connection:
                _keep(connection, database, aside)
        except DatabaseDamagedError as error:
            if aside is None:
                raise BackupError(f"{error.database} is damaged: {error.why}. {_HOW}") from error
            _move_aside(file, aside)
            sqlite.put_in_place(draft, file)
        else:
            _overwrite(file, draft)


def _keep(connection: Connection, database: Database, aside: Path | None) -> None:
    """Write a shop that is there to `aside`."""
    if _refuse_shop(connection, database, aside) and aside:
        draft = aside.with_name(aside.name + DRAFT)
        sqlite.discard(draft)
        copy_out(connection, draft)
        put_in_place(draft, aside)


def _refuse_shop(connection: Connection, database: Database, aside: Path | None) -> bool:
    """Whether the database holds something. Raises BackupError where that may not be replaced."""
    tables = inspect(connection).get_table_names()
    found = schema_of(connection)
    if found is not None:
        refuse_newer(found, database)
    is_used = bool(tables) and (found is None or bool(_ANY_EVENT.run(connection).scalar()))
    if is_used and aside is None:
        raise BackupError(f"{database} holds a shop already. {_HOW}")
    return is_used


def _move_aside(file: Path, aside: Path) -> None:
    """A damaged database as it stands, with what belongs to it, for whoever may want to look into it."""
    for beside in ("", *BESIDE[:-1]):
        part = file.with_name(file.name + beside)
        if part.exists():
            shutil.move(part, aside.with_name(aside.name + beside))


def _overwrite(file: Path, draft: Path) -> None:
    """One transaction of SQLite's: whoever reads goes on reading the old pages until it commits."""
    target = sqlite.connect(file, journal_mode=sqlite.shared_journal_mode())
    try:
        with reading_file(draft) as source:
            copy_pages(source, target)
    finally:
        target.close()


_HOW = "With --replace it is kept aside, and the backup takes its place."
_EVENT = schema.table(schema.Event)
_GATE = schema.table(schema.Gate)
_RENEW = Statement(update(schema.Shop).values(epoch=bindparam("epoch"), cookie_key=bindparam("key")))
_NEWEST = Statement(select(func.coalesce(func.max(_EVENT.c.at), 0)))
_GATES = Statement(select(_GATE.c.name, _GATE.c.armed).order_by(_GATE.c.name))
_ANY_EVENT = Statement(select(exists().select_from(_EVENT)))
