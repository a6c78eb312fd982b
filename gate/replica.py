"""What the gate believes: a base that the feed fills, and an overlay of the gate's own passages.

The base is a SQLite file of the gate's own, a pure function of the feed: two ways to the same heads give the same rows.
One thread writes it, another reads it; it can be thrown away, for it is copied afresh from the source.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gate import replica_tables as tables
from gate.replica_feed import Feed, closed_of
from shared import sqlite
from shared.codes import Reading
from shared.gate_policy import Outcome, Policy, Reason
from shared.gate_rules import Closed
from shared.items import RECEIVED, ItemState
from shared.ledger import GENESIS, Event, Head
from shared.roles import Role
from shared.signed_receipt import KeyState, ReceiptKey
from shared.source import Copy

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Belief:
    """What the gate holds true of one unit; `price` in the currency's shop unit."""

    item: int
    state: ItemState
    version: int
    serial: str
    name: str
    price: int
    product: int | None


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave to carry a unit out until `until`, in wall time, µs since 1970 UTC."""

    id: str
    until: int


class Replica:
    """The base and the overlay. `look_up` is for the gate's loop, everything that writes for the follower's thread.

    `epoch` is the source's, "" before the first copy; `is_filled` tells whether it was ever copied whole, `items` how
    many units it knows, `gate` whose it is.
    """

    def __init__(self, file: Path, gate: str) -> None:
        """Open the file, or begin an empty one where it is missing, damaged or of another format."""
        self.gate = gate
        self._writer = _open(file)
        self._reader = sqlite.connect(file, journal_mode="WAL")
        self._feed = Feed(self._writer, gate)
        self._overlay: dict[int, tuple[Belief, str]] = {}
        self.epoch = self.fact("epoch") or ""
        self.is_filled = self.epoch != ""
        self.items = int(self.fact("items") or self._count())  # counting reads the whole table: seconds on a cold card
        self._queries = {count: tables.LOOK_UP.format(", ".join("?" * count)) for count in range(1, 9)}

    def close(self) -> None:
        """Let the file go."""
        self._reader.close()
        self._writer.close()

    def look_up(self, reading: Reading) -> list[Belief]:
        """The units that a reading may name: none, one, or several that share a maker's serial."""
        texts = list({code.text for code in reading.codes})
        if not texts:
            return []
        rows = {(row[0], row[1], row[2]): row for row in self._reader.execute(self._queries[len(texts)], texts)}
        named = set(reading.matches((*key, row[3]) for key, row in rows.items()))
        found = {row[3]: self._belief(row[3:]) for row in rows.values() if row[3] in named}
        return [found[item] for item in sorted(found)]

    def recall(self, items: Sequence[int]) -> list[Belief]:
        """These units, as far as they are known."""
        rows = [self._reader.execute(tables.RECALL, (item,)).fetchone() for item in items]
        return [self._belief(row) for row in rows if row]

    def store(self) -> str:
        """The store that this gate is of, "" as long as the feed has not said it."""
        row = self._reader.execute(tables.STORE, (self.gate,)).fetchone()
        return row[0] if row else ""

    def permits(self, item: int) -> list[Permit]:
        """The permits of this unit, or of its batch, that nobody has ended; their time may be over."""
        return [Permit(*row) for row in self._reader.execute(tables.PERMITS, (item,))]

    def badge_holder(self, badge: str) -> tuple[str, Role] | None:
        """The actor whose badge this is, and the role; None for one that does not count, or no more."""
        row = self._reader.execute(tables.BADGE, (badge,)).fetchone()
        return (f"staff:{row[0]}", Role(row[1])) if row else None

    def permits_of(self, person: str) -> list[Permit]:
        """The permits of what this actor carries that nobody has ended; their time may be over."""
        return [Permit(*row) for row in self._reader.execute(tables.PERMITS_OF_PERSON, (person,))]

    def receipt_key(self, key_id: str) -> ReceiptKey | None:
        """The key that a receipt names."""
        row = self._reader.execute("SELECT public, retired FROM key WHERE id = ?", (key_id,)).fetchone()
        if row is None or row[0] is None:
            return None
        return ReceiptKey(key_id, bytes.fromhex(row[0]), KeyState.RETIRED if row[1] else KeyState.VALID)

    def closed(self) -> Closed:
        """What was decided last of the gate's after-closing mode."""
        return closed_of(self.fact("closed"))

    def newest(self) -> int:
        """The time of the newest event of the feed, in µs since 1970 UTC; 0 before the first."""
        return int(self.fact("newest") or 0)

    def depart(self, belief: Belief, epoch: str) -> None:
        """Hold, until the feed of this epoch says more, that this unit left by this gate.

        A database of another epoch knows nothing of it: better an alarm too many than one too few.
        """
        self._overlay[belief.item] = (belief, epoch)

    def undo_depart(self, item: int) -> None:
        """The unit did not leave after all, or the feed knows it better."""
        self._overlay.pop(item, None)

    def heads(self) -> dict[tuple[str, str], Head]:
        """Up to where the feed was followed."""
        rows = self._writer.execute("SELECT store, register, seq, hash FROM head")
        return {(store, register): Head(seq, digest) for store, register, seq, digest in rows}

    def fact(self, name: str) -> str | None:
        """A fact of the base: `epoch`, `armed` (`yes`, `no`), `items` (how many), `newest` (event's time in µs)."""
        row = self._reader.execute(tables.FACT, (name,)).fetchone()
        return row[0] if row else None

    def policy(self) -> Policy:
        """The rows of the gate's policy that a person chose."""
        rows = self._reader.execute(
            "SELECT substr(name, ?), value FROM fact WHERE name GLOB ?", (1 + len(tables.CHOSEN), f"{tables.CHOSEN}*")
        )
        return {Reason(row): Outcome(outcome) for row, outcome in rows}

    def apply(self, events: Sequence[Event]) -> bool:
        """Follow one register's next events; False where they do not hash on to what is known, and nothing is done."""
        if not events:
            return True
        register = (events[0].store, events[0].register)
        head = self.heads().get(register, Head(0, GENESIS))
        for event in events:
            if event.seq != head.seq + 1 or not event.follows(head.hash):
                return False
            head = Head(event.seq, event.hash)
        items = self.items + sum(event.what == RECEIVED for event in events)
        with self._writing():
            self._feed.follow(events, head, items)
        self.items = items
        return True

    def fill(self, copy: Copy) -> None:
        """Replace everything by a copy, at one stroke: readers see the old or the new."""
        with self._writing():
            items = self._feed.fill(copy)
        self.epoch = copy.epoch
        self.is_filled = True
        self.items = items

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """All rows of the base in a fixed order, to compare two replicas by."""
        for table in tables.TABLES:
            yield from sorted(self._writer.execute(f"SELECT '{table}', * FROM {table}"), key=repr)  # noqa: S608 - as above

    def _count(self) -> int:
        counted: int = self._writer.execute(tables.COUNT_ITEMS).fetchone()[0]
        return counted

    def _belief(self, row: Sequence[Any]) -> Belief:
        item, state, version, serial, name, price, product = row
        left, epoch = self._overlay.get(item, (None, ""))
        if left is not None and (left.version < version or epoch != self.epoch):
            self._overlay.pop(item, None)
            left = None
        believed = ItemState.DEPARTED if left else ItemState(state)
        return Belief(item, believed, version, serial or "", name or "", price or 0, product)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._writer.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._writer.execute("ROLLBACK")
            raise
        self._writer.execute("COMMIT")


def _open(file: Path) -> Any:
    """The writing connection. A file that cannot be used is begun anew: the source has it all."""
    error_class = sqlite.driver().DatabaseError
    try:
        connection = sqlite.connect(file, journal_mode="WAL", synchronous="NORMAL", create=True)
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        if found == tables.FORMAT:
            return connection
        connection.close()
    except error_class as error:
        log.warning("the replica %s cannot be used (%s); beginning anew", file, error)
    for part in (file, file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
        part.unlink(missing_ok=True)
    connection = sqlite.connect(file, journal_mode="WAL", synchronous="NORMAL", create=True)
    for statement in tables.SCHEMA:
        connection.execute(statement)
    return connection
