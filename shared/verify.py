"""Check the whole ledger: every register's chain, its head, and that the rows say what their events say."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from shared import ledger, schema
from shared.differences import Broken, differences

__all__ = ["Broken", "Verdict", "verify"]

PAGE = 2000


@dataclass(slots=True)
class Verdict:
    """What was checked; `broken` is the first break of each register and every row that differs."""

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
    verdict.broken += differences(connection)
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
