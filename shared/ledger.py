"""The ledger: every change as an event in its register's hash-chained log, which is history, proof and feed in one.

A register (a till, a gate, the office) writes one transaction at a time: its row is locked, its `seq` has no gaps,
and each event's hash covers the event before. A follower remembers `(seq, hash)` per register and asks for what is
newer; no gap can open, because each register commits in order.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, bindparam, insert, select, text, update
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import BigInteger

from shared import schema
from shared.canonical import canonical
from shared.database import Database, DatabaseError
from shared.statements import Change, Statement, run_together

GENESIS = bytes(32)  # what the first event of a register hashes on to

Details = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Head:
    """How far a register's log goes: its last seq (0: empty) and that event's hash."""

    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Event:
    """One entry. `subject` is the id of what changed, of this `kind`; `details` is canonical JSON; `at` is in µs."""

    store: str
    register: str
    seq: int
    kind: str
    subject: str
    version: int
    what: str
    state: str
    actor: str
    at: int
    details: str
    hash: bytes

    def facts(self) -> dict[str, Any]:
        """The details as values."""
        facts: dict[str, Any] = json.loads(self.details)
        return facts

    def follows(self, before: bytes) -> bool:
        """Whether this event's hash is right, and covers the event whose hash is `before`."""
        return self.hash == digest(before, self._values())

    def _values(self) -> list[Any]:
        return [getattr(self, name) for name in EVENT_FIELDS[:-1]]


EVENT_FIELDS = tuple(Event.__dataclass_fields__)


class RegisterError(DatabaseError):
    """A register that was never opened in this database, or is of another kind there."""


class Turn:
    """One register's turn to write: gathers events and appends them, chained, when the turn ends.

    `now` is the database's clock in µs since 1970 UTC; `receipts` counts the register's sales.
    """

    def __init__(self, connection: Connection, register: tuple[str, str], actor: str, row: Any) -> None:
        self.connection = connection
        self.store, self.register = register
        self.actor = actor
        self.register_id: int = row[0]
        self._seq: int = row[1]
        self._hash: bytes = row[2]
        self.receipts: int = row[3]
        self.now: int = row[4]
        self._events: list[dict[str, Any]] = []
        self._last: list[Change] = []

    def record(self, kind: str, subject: object, version: int, what: str, state: str, details: Details) -> int:
        """Add an event to this turn and return its seq."""
        self._seq += 1
        values = [self.store, self.register, self._seq, kind, str(subject), version, what, state]
        values += [self.actor, self.now, canonical(details)]
        self._hash = digest(self._hash, values)
        self._events.append(dict(zip(EVENT_FIELDS, [*values, self._hash], strict=True)))
        return self._seq

    def write_last(self, change: Change) -> None:
        """Make this change when the turn ends, with the events: all in one round trip."""
        self._last.append(change)

    def next_seq(self) -> int:
        """The seq that the next recorded event gets."""
        return self._seq + 1

    def close(self) -> None:
        """Append what was recorded and move the register's head."""
        if not self._events:
            return
        head = {"id": self.register_id, "seq": self._seq, "hash": self._hash, "receipts": self.receipts}
        run_together(self.connection, [*self._last, Change(_APPEND, self._events), Change(_MOVE_HEAD, [head])])


@contextmanager
def turn(connection: Connection, store: str, register: str, actor: str, kind: str = "") -> Iterator[Turn]:
    """Lock the register's row and yield its turn; its events are written at the end, or nothing on an exception.

    With a `kind`, a register that is not known is made known: a database put back to an earlier day may have lost it.
    Raises RegisterError.
    """
    row = _LOCK_REGISTER.run(connection, store=store, name=register).first()
    if row is None and kind:
        open_register(connection, store, register, kind)
        row = _LOCK_REGISTER.run(connection, store=store, name=register).first()
    if row is None:
        raise RegisterError(f"no register {register!r} in store {store!r}")
    taken = Turn(connection, (store, register), actor, row)
    yield taken
    taken.close()


def take_turn(database: Database, store: str, register: tuple[str, str], actor: str, work: Callable[[Turn], T]) -> T:
    """One transaction of one register, given as (name, kind) and made known if need be. Raises what `work` raises."""
    name, kind = register

    def written(connection: Connection) -> T:
        open_register(connection, store, name, kind)
        with turn(connection, store, name, actor) as taken:
            return work(taken)

    return database.write(written)


def open_register(connection: Connection, store: str, name: str, kind: str) -> None:
    """Make the register known; safe to repeat. Raises RegisterError where it is known as another kind."""
    _OPEN_REGISTER.run(connection, store=store, name=name, kind=kind, hash=GENESIS)
    known = _KIND_OF_REGISTER.run(connection, store=store, name=name).scalar_one()
    if known != kind:
        raise RegisterError(
            f"register {name!r} is a {known} in this database, expected a {kind}. Give one of them another name."
        )


def heads(connection: Connection) -> dict[tuple[str, str], Head]:
    """The head of every register's log, by (store, register)."""
    return {(store, name): Head(seq, head) for store, name, seq, head in _HEADS.run(connection)}


def is_behind(heads: Mapping[tuple[str, str], Head], register: tuple[str, str], known: Head) -> bool:
    """Whether these heads know less of the register than its follower does, or something else: they were put back."""
    now = heads.get(register)
    return now is None or now.seq < known.seq or (now.seq == known.seq and now.hash != known.hash)


def newer(connection: Connection, register: tuple[str, str], after: int, limit: int) -> list[Event]:
    """The register's events with a seq above `after`, in order, at most `limit`."""
    rows = _NEWER.run(connection, store=register[0], register=register[1], after=after, limit=limit)
    return [Event(*row) for row in rows]


def history(connection: Connection, kind: str, subject: object) -> list[Event]:
    """All events of one subject, oldest first."""
    return [Event(*row) for row in _HISTORY.run(connection, kind=kind, subject=str(subject))]


def digest(before: bytes, values: list[Any]) -> bytes:
    """SHA-256 over the hash of the event before and this event's values as compact JSON."""
    return hashlib.sha256(before + canonical(values).encode()).digest()


class _Now(FunctionElement[int]):
    """The database's own clock, µs since 1970 UTC: one clock for all its clients."""

    inherit_cache = True
    type = BigInteger()


@compiles(_Now, "sqlite")
def _now_sqlite(_element: _Now, _compiler: object, **_options: object) -> str:
    return "CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER) * 1000"


@compiles(_Now, "postgresql")
def _now_postgresql(_element: _Now, _compiler: object, **_options: object) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)"


def database_clock() -> _Now:
    """The database's clock as a part of a statement."""
    return _Now()


_R = schema.table(schema.Register)
_E = schema.table(schema.Event)
_event = [_E.c[name] for name in EVENT_FIELDS]
_LOCK_REGISTER = Statement(
    select(_R.c.id, _R.c.head_seq, _R.c.head_hash, _R.c.receipts, _Now())
    .where(_R.c.store == bindparam("store"), _R.c.name == bindparam("name"))
    .with_for_update()
)
_MOVE_HEAD = Statement(
    update(_R)
    .where(_R.c.id == bindparam("id"))
    .values(head_seq=bindparam("seq"), head_hash=bindparam("hash"), receipts=bindparam("receipts"))
)
_OPEN_REGISTER = Statement(
    text(
        "INSERT INTO register (store, name, kind, head_seq, head_hash, receipts)"
        " VALUES (:store, :name, :kind, 0, :hash, 0) ON CONFLICT (store, name) DO NOTHING"
    )
)
_KIND_OF_REGISTER = Statement(select(_R.c.kind).where(_R.c.store == bindparam("store"), _R.c.name == bindparam("name")))
_APPEND = Statement(insert(_E).values({name: bindparam(name) for name in EVENT_FIELDS}))
_HEADS = Statement(select(_R.c.store, _R.c.name, _R.c.head_seq, _R.c.head_hash))
_NEWER = Statement(
    select(*_event)
    .where(_E.c.store == bindparam("store"), _E.c.register == bindparam("register"), _E.c.seq > bindparam("after"))
    .order_by(_E.c.seq)
    .limit(bindparam("limit"))
)
_HISTORY = Statement(
    select(*_event)
    .where(_E.c.kind == bindparam("kind"), _E.c.subject == bindparam("subject"))
    .order_by(_E.c.at, _E.c.version, _E.c.register, _E.c.seq)
)
