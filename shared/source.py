"""What a gate asks of the shop's database and tells it: its own program, or a till's server for a gate elsewhere."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select, text

from shared import gate_rules, ledger, product_pictures, schema, snapshots, staff
from shared.database import Database
from shared.deliveries import take_in
from shared.gate_name import GateName
from shared.gate_rules import KnownGate
from shared.items import ItemState
from shared.journal import Entry
from shared.ledger import Event, Head
from shared.roles import WATCHERS
from shared.snapshots import Snapshot
from shared.staff import Actor
from shared.statements import Among, Statement

FETCH = 5000


@dataclass(frozen=True, slots=True)
class Truth:
    """What is so of one unit right now: its state and version, the till that last had it, "" for none, and when.

    `till_at` is in µs since 1970 UTC by the database's clock, 0 for never.
    """

    item: int
    state: ItemState
    version: int
    till: str
    till_at: int


@dataclass(frozen=True, slots=True)
class Copy:
    """Everything at one moment, to fill a replica with; the rows come in this order, and once.

    A product's are (id, version, name, price), an item's (id, state, version, product, serial, batch), a code's (text,
    scheme, scope, item), a permit's (id, version, item, product, batch, person, until, is_ended), a receipt key's (id,
    version, public key in hex, retired), a person's (number, role, active), a badge's (id, version, person,
    is_ended). `gate` is None for one that the source does not know, `newest` the time of
    the newest event, in µs since 1970 UTC.
    """

    epoch: str
    heads: dict[tuple[str, str], Head]
    gate: KnownGate | None
    newest: int
    products: Iterable[tuple[int, int, str, int]]
    items: Iterable[tuple[int, str, int, int, str, str]]
    codes: Iterable[tuple[str, str, str, int]]
    permits: Iterable[tuple[str, int, int | None, int | None, str, str, int, int]]
    keys: Iterable[tuple[str, int, str, bool]]
    people: Iterable[tuple[int, str, int]]
    badges: Iterable[tuple[str, int, int, int]]


class DatabaseSource:
    """The database itself. Every method raises DatabaseError where it does not answer or is not of our schema."""

    def __init__(self, database: Database, gate: GateName) -> None:
        self._database = database
        self.gate = gate

    @property
    def file(self) -> Path | None:
        """The database's file, where it is one of this machine."""
        return self._database.file

    def introduce(self, *, armed: bool, policy: Mapping[str, str]) -> None:
        """Make the gate known with what its settings say; a person's decision goes before that."""
        self._database.check_schema()
        name = self.gate.name
        self.gate.take_turn(self._database, lambda turn: gate_rules.introduce(turn, name, armed=armed, policy=policy))

    def truths(self, items: Sequence[int]) -> list[Truth]:
        """What the source says of these units."""
        with self._database.reading() as connection:
            rows = _TRUTHS.run(connection, ids=list(items)).all()
        return [Truth(item, ItemState(state), version, till or "", at or 0) for item, state, version, till, at in rows]

    def product_picture(self, product: int) -> bytes | None:
        """What a product looks like, a JPEG; None where nobody gave it a picture."""
        with self._database.reading() as connection:
            return product_pictures.find(connection, product)

    def epoch(self) -> str:
        """The database's epoch: another one after it was put back to an earlier day."""
        with self._database.reading() as connection:
            return _epoch(connection)

    def heads(self) -> tuple[str, dict[tuple[str, str], Head]]:
        """The epoch, and how far every register's log goes."""
        with self._database.reading() as connection:
            return _epoch(connection), ledger.heads(connection)

    def people(self) -> list[Actor]:
        """Who may say what an incident was."""
        with self._database.reading() as connection:
            return [who for who in staff.people(connection) if who.role in WATCHERS]

    def sign_in(self, person: str, pin: str) -> Actor | None:
        """The person, if the PIN is right and the role allows it."""
        who = staff.sign_in(self._database, person, pin)
        return who if who and who.role in WATCHERS else None

    def newer(self, register: tuple[str, str], after: int, limit: int) -> list[Event]:
        """The register's next events."""
        with self._database.reading() as connection:
            return ledger.newer(connection, register, after, limit)

    @contextmanager
    def copy(self) -> Iterator[Copy]:
        """Everything as of one moment, streamed while the context is open."""
        with self._database.snapshot() as connection:
            heads = ledger.heads(connection)
            yield Copy(
                _epoch(connection),
                heads,
                gate_rules.known(connection, self.gate.name),
                _NEWEST.run(connection).scalar() or 0,
                _rows(connection, _ALL_PRODUCTS),
                _rows(connection, _ALL_ITEMS),
                _rows(connection, _ALL_CODES),
                _rows(connection, _ALL_PERMITS),
                _rows(connection, _ALL_KEYS),
                _rows(connection, _ALL_PEOPLE),
                _rows(connection, _ALL_BADGES),
            )

    def deliver(self, entries: Sequence[Entry], fresh: Collection[str]) -> set[str]:
        """Record journal entries, each once, and give the keys of fresh passages that should not have been.

        `fresh` holds the keys of those that the gate saw a moment ago.
        """
        return take_in(self._database, self.gate, entries, fresh)

    def picture(self, snapshot: Snapshot) -> None:
        """Keep a picture of an alarm, once, for as long as it may be kept."""
        self._database.write(lambda connection: snapshots.put(connection, self.gate.name, snapshot))


def _epoch(connection: Connection) -> str:
    epoch: str = _EPOCH.run(connection).scalar_one()
    return epoch


def _rows(connection: Connection, query: str) -> Iterator[Any]:
    result = connection.execution_options(stream_results=True).execute(text(query))
    while rows := list(islice(result, FETCH)):
        yield from (tuple(row) for row in rows)


_I = schema.Item.__table__
_TRUTHS = Statement(
    select(_I.c.id, _I.c.state, _I.c.version, _I.c.cart_register, _I.c.cart_at).where(Among(_I.c.id, "ids"))
)
_EPOCH = Statement(select(schema.Shop.__table__.c.epoch))
_NEWEST = Statement(select(func.max(schema.table(schema.Event).c.at)))
_ALL_PRODUCTS = "SELECT id, version, name, price FROM product"
_ALL_ITEMS = "SELECT id, state, version, product_id, serial, batch FROM item"
_ALL_CODES = "SELECT text, scheme, scope, item_id FROM code"
_ALL_PERMITS = (
    "SELECT id, version, item_id, product_id, batch, person, until,"
    " CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END FROM permit"
)
_ALL_KEYS = "SELECT id, version, public, retired FROM receipt_key"
_ALL_PEOPLE = "SELECT id, role, CASE WHEN active THEN 1 ELSE 0 END FROM staff"
_ALL_BADGES = "SELECT id, version, person, CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END FROM badge"
