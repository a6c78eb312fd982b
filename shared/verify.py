"""Check the whole ledger: every register's chain, its head, and that the items' rows say what their events say."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, cast, func, select
from sqlalchemy.types import Text

from shared import ledger, schema

PAGE = 2000


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


def _items(connection: Connection) -> list[Broken]:
    """Items whose row differs from their last event, both ways."""
    item, event = schema.table(schema.Item).c, schema.table(schema.Event).c
    latest = (
        select(event.subject, func.max(event.version).label("version"))
        .where(event.kind == "item")
        .group_by(event.subject)
        .subquery()
    )
    said = (
        select(event.subject, event.version, event.state)
        .join(latest, (event.subject == latest.c.subject) & (event.version == latest.c.version))
        .where(event.kind == "item")
        .subquery()
    )
    rows = connection.execute(
        select(item.id, item.serial, item.version, item.state, said.c.subject, said.c.version, said.c.state)
        .select_from(schema.table(schema.Item))
        .join(said, said.c.subject == cast(item.id, Text), full=True)
        .where(
            (said.c.subject.is_(None))
            | (item.id.is_(None))
            | (item.version != said.c.version)
            | (item.state != said.c.state)
        )
    )
    return [_difference(tuple(row)) for row in rows]


def _difference(row: tuple[Any, ...]) -> Broken:
    item, serial, version, state, subject, said_version, said_state = row
    if item is None:
        return Broken(f"item {subject}", "is in the ledger, but its row is missing")
    if subject is None:
        return Broken(f"item {item} ({serial})", "has a row, but no entry in the ledger")
    return Broken(
        f"item {item} ({serial})",
        f"its row says {state} (version {version}), the ledger {said_state} (version {said_version})",
    )
