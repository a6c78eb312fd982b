"""What the gate believes: a base that the feed fills, and an overlay of the gate's own passages.

The base is a SQLite file of the gate's own, a pure function of the feed: two ways to the same heads give the same rows.
One thread writes it, another reads it; it can be thrown away, for it is copied afresh from the source.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gate import replica_tables as tables
from shared import receipt_keys, sqlite
from shared.codes import Reading
from shared.gate_policy import Outcome, Policy, Reason
from shared.gate_rules import BY_SETTINGS, Closed
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
        until, at = (self.fact("closed") or "0 0").split()
        return Closed(int(until), int(at))

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
        row = self._reader.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
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
            for event in events:
                self._apply(event)
            self._writer.execute(tables.SET_HEAD, (*register, head.seq, head.hash))
            self._set_fact("items", str(items))
            self._set_fact("newest", str(max(self.newest(), *(event.at for event in events))))
        self.items = items
        return True

    def fill(self, copy: Copy) -> None:
        """Replace everything by a copy, at one stroke: readers see the old or the new."""
        with self._writing():
            for table in tables.TABLES:
                self._writer.execute(f"DELETE FROM {table}")  # noqa: S608 - the names are this module's
            self._writer.executemany(tables.ADD_PRODUCT, copy.products)
            self._writer.executemany(tables.ADD_ITEM, copy.items)
            self._writer.executemany(tables.ADD_CODE, copy.codes)
            self._writer.executemany(tables.ADD_PERMIT, copy.permits)
            self._writer.executemany(tables.ADD_KEY, copy.keys)
            self._writer.executemany(tables.ADD_PERSON, copy.people)
            self._writer.executemany(tables.ADD_BADGE, copy.badges)
            self._writer.executemany(
                tables.SET_HEAD, [(*register, head.seq, head.hash) for register, head in copy.heads.items()]
            )
            items = self._count()
            self._set_fact("items", str(items))
            self._set_fact("newest", str(copy.newest))
            self._set_fact("epoch", copy.epoch)
            if copy.gate:
                self._set_fact("armed", "yes" if copy.gate.armed else "no")
                self._choose(copy.gate.policy)
                if copy.gate.closed.at:
                    self._close(copy.gate.closed)
        self.epoch = copy.epoch
        self.is_filled = True
        self.items = items

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """All rows of the base in a fixed order, to compare two replicas by."""
        for table in tables.TABLES:
            yield from sorted(self._writer.execute(f"SELECT '{table}', * FROM {table}"), key=repr)  # noqa: S608 - as above

    def _count(self) -> int:
        counted: int = self._writer.execute("SELECT count(*) FROM item").fetchone()[0]
        return counted

    def _belief(self, row: Sequence[Any]) -> Belief:
        item, state, version, serial, name, price, product = row
        left, epoch = self._overlay.get(item, (None, ""))
        if left is not None and (left.version < version or epoch != self.epoch):
            self._overlay.pop(item, None)
            left = None
        believed = ItemState.DEPARTED if left else ItemState(state)
        return Belief(item, believed, version, serial or "", name or "", price or 0, product)

    def _apply(self, event: Event) -> None:
        facts = event.facts()
        if event.kind == "item":
            item = int(event.subject)
            batch = facts.get("batch", "" if event.what == RECEIVED else None)
            row = (item, event.state, event.version, facts.get("product"), facts.get("serial"), batch)
            self._writer.execute(tables.ADD_ITEM, row)
            if event.what == RECEIVED:
                codes = [(text, scheme, scope, item) for scheme, scope, text in facts["codes"]]
                self._writer.executemany(tables.ADD_CODE, codes)
        elif event.kind == "product":
            self._writer.execute(tables.ADD_PRODUCT, (int(event.subject), event.version, facts["name"], facts["price"]))
        elif event.kind == receipt_keys.KIND:
            is_retired = event.state == KeyState.RETIRED
            self._writer.execute(tables.ADD_KEY, (event.subject, event.version, facts.get("public"), is_retired))
        elif event.kind == "gate" and event.subject == self.gate:
            self._set_fact("armed", "yes" if event.state == "armed" else "no")
            if event.what == "policy" and facts["by"] != BY_SETTINGS:
                self._choose(facts["rows"])
            if event.what == "closing":
                self._close(Closed(facts["until"], facts["at"]))
        else:
            self._apply_leave(event, facts)

    def _apply_leave(self, event: Event, facts: Mapping[str, Any]) -> None:
        """What or who may leave unpaid."""
        if event.kind == "permit" and event.what == "issued":
            what = (facts["item"], facts["product"], facts["batch"], facts["person"], facts["until"])
            self._writer.execute(tables.ADD_PERMIT, (event.subject, event.version, *what, 0))
        elif event.kind == "permit":
            self._writer.execute(tables.END_PERMIT, (event.version, event.subject))
        elif event.kind == "staff":
            self._writer.execute(tables.ADD_PERSON, (int(event.subject), facts["role"], event.state == "active"))
        elif event.kind == "badge" and event.what == "issued":
            self._writer.execute(tables.ADD_BADGE, (event.subject, event.version, facts["person"], 0))
        elif event.kind == "badge":
            self._writer.execute(tables.END_BADGE, (event.version, event.subject))

    def _choose(self, rows: Mapping[str, str]) -> None:
        """Take over what a person chose of the policy; "" leaves a row to the settings again."""
        for row, outcome in rows.items():
            self._writer.execute("DELETE FROM fact WHERE name = ?", (tables.CHOSEN + row,))
            if outcome:
                self._set_fact(tables.CHOSEN + row, outcome)

    def _close(self, closed: Closed) -> None:
        if closed.at >= self.closed().at:
            self._set_fact("closed", f"{closed.until} {closed.at}")

    def _set_fact(self, name: str, value: str) -> None:
        self._writer.execute(tables.SET_FACT, (name, value))

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
