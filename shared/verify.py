"""Check the whole ledger: every register's chain, its head, and that the items' rows say what their events say."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, cast, exists, func, select
from sqlalchemy.types import Text

from shared import ledger, schema
from shared.statements import Among, Statement

PAGE = 2000
ITEM_ID = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Broken:
    """Where the ledger does not hold: an entry or an item, and why."""

    where: str
    why: str


@dataclass(slots=True)
class Verdict:
    """What was checked; `broken` is the first break of each register and every item that differs."""

    registers: int
    entries: int
    items: int
    broken: list[Broken]


def verify(connection: Connection) -> Verdict:
    """Check everything on one snapshot."""
    verdict = Verdict(0, 0, 0, [])
    known = ledger.heads(connection)
    for register, head in sorted(known.items()):
        verdict.registers += 1
        verdict.entries += head.seq
        verdict.broken += _chain(connection, register, head)
    verdict.broken += _strays(connection, set(known))
    verdict.items = connection.execute(select(func.count()).select_from(schema.Item)).scalar_one()
    verdict.broken += _items(connection)
    return verdict


def _chain(connection: Connection, register: tuple[str, str], head: ledger.Head) -> list[Broken]:
    last = ledger.Head(0, ledger.GENESIS)
    for entry in _entries(connection, register):
        where = f"{register[0]}/{register[1]} entry {entry.seq}"
        if entry.seq != last.seq + 1:
            return [Broken(f"{register[0]}/{register[1]} entry {last.seq + 1}", "is missing")]
        if not entry.follows(last.hash):
            return [Broken(where, "was changed, or the entry before it was: its hash does not fit")]
        last = ledger.Head(entry.seq, entry.hash)
    if last != head:
        return [Broken(f"{register[0]}/{register[1]} entry {max(head.seq, last.seq)}", _other_end(head, last))]
    return []


def _other_end(head: ledger.Head, last: ledger.Head) -> str:
    if last.seq < head.seq:
        return f"is missing: the log ends at entry {last.seq}"
    return f"is not the one that the register's head names: entry {head.seq}"


def _entries(connection: Connection, register: tuple[str, str]) -> Iterator[ledger.Event]:
    after = 0
    while page := ledger.newer(connection, register, after, PAGE):
        yield from page
        after = page[-1].seq


def _strays(connection: Connection, known: set[tuple[str, str]]) -> list[Broken]:
    event = schema.table(schema.Event).c
    found = connection.execute(select(event.store, event.register).distinct())
    return [
        Broken(f"{store}/{register} entry 1", "no such register is known")
        for store, register in found
        if (store, register) not in known
    ]


def _items(connection: Connection) -> Iterator[Broken]:
    """Items whose row differs from their last event, both ways; page by page, whatever the number of items."""
    after = ""
    while page := _SUBJECTS.run(connection, after=after, limit=PAGE).all():
        said = {subject: (version, state) for subject, version, state in _SAID.run(connection, subjects=_column(page))}
        ids = [int(subject) for subject in said if ITEM_ID.fullmatch(subject)]
        rows = {str(item): (version, state) for item, version, state in _ROWS.run(connection, ids=ids)}
        yield from (_difference(item, rows.get(item), said[item]) for item in said if rows.get(item) != said[item])
        after = page[-1][0]
    for (item,) in _UNSAID.run(connection):
        yield Broken(f"item {item}", "has a row, but no entry in the ledger")


def _column(rows: list[tuple[Any, ...]]) -> list[Any]:
    return [row[0] for row in rows]


def _difference(item: str, row: tuple[int, str] | None, said: tuple[int, str]) -> Broken:
    if row is None:
        return Broken(f"item {item}", "is in the ledger, but its row is missing")
    return Broken(f"item {item}", f"its row says {row[1]} (version {row[0]}), the ledger {said[1]} (version {said[0]})")


_I = schema.table(schema.Item)
_E = schema.table(schema.Event)
_of_items = _E.c.kind == "item"
_SUBJECTS = Statement(
    select(_E.c.subject)
    .where(_of_items, _E.c.subject > bindparam("after"))
    .group_by(_E.c.subject)
    .order_by(_E.c.subject)
    .limit(bindparam("limit"))
)
_SAID = Statement(
    select(_E.c.subject, _E.c.version, _E.c.state)
    .where(_of_items, Among(_E.c.subject, "subjects"))
    .order_by(_E.c.version)
)
_ROWS = Statement(select(_I.c.id, _I.c.version, _I.c.state).where(Among(_I.c.id, "ids")))
_UNSAID = Statement(
    select(_I.c.id).where(~exists().where(_of_items, _E.c.subject == cast(_I.c.id, Text))).order_by(_I.c.id)
)
