"""The tables. Times are microseconds since 1970 UTC, money is integers in the currency's shop unit.

Rows hold what is so now; `event` holds how it came to be. Every change of a row that has a version is written with
its event in one transaction (see `ledger.py`).
"""

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.table_base import LARGEST, Base, Whole, table

__all__ = ["LARGEST", "Base", "Whole", "table"]

SCHEMA = "0005"  # the newest migration; zero-padded, so that later is greater


class Shop(Base):
    """One row. `epoch` is random and renewed by a restore, so that followers notice; `cookie_key` signs sign-ins."""

    __tablename__ = "shop"
    id: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[str]
    cookie_key: Mapped[str]


class Register(Base):
    """One writer of the ledger: a till, a gate, the office. Its row is locked by each of its transactions."""

    __tablename__ = "register"
    __table_args__ = (UniqueConstraint("store", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    store: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    head_seq: Mapped[int] = mapped_column(default=0)
    head_hash: Mapped[bytes]
    receipts: Mapped[int] = mapped_column(default=0)


class Event(Base):
    """One entry of the ledger: history, audit trail, proof and feed. `details` is canonical JSON."""

    __tablename__ = "event"
    __table_args__ = (Index("event_by_subject", "kind", "subject"),)
    store: Mapped[str] = mapped_column(primary_key=True)
    register: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str]
    version: Mapped[int]
    what: Mapped[str]
    state: Mapped[str]
    actor: Mapped[str]
    at: Mapped[int]
    details: Mapped[str]
    hash: Mapped[bytes]


class Product(Base):
    """What units are of. `key` is the GTIN as 14 digits or the code in upper case; `gtin` is "" where it has none."""

    __tablename__ = "product"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    code: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    gtin: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    price: Mapped[int]
    serialised: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class Item(Base):
    """One physical unit. Its cart is a lease in these columns, aged by the database's clock."""

    __tablename__ = "item"
    __table_args__ = (Index("item_by_cart", "cart"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    serial: Mapped[str]
    state: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    batch: Mapped[str] = mapped_column(default="")
    made_on: Mapped[str | None]
    expires_on: Mapped[str | None]
    warranty_months: Mapped[int | None]
    cart: Mapped[str | None]
    cart_register: Mapped[str | None]
    cart_at: Mapped[int | None]
    cart_until: Mapped[int | None]


class ItemCode(Base):
    """A code of an item: unique, and never given to another, for ever."""

    __tablename__ = "code"
    __table_args__ = (Index("code_by_item", "item_id"), {"sqlite_with_rowid": False})
    text: Mapped[str] = mapped_column(primary_key=True)
    scheme: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))


class Sale(Base):
    """A sale, or the tombstone of a cancelled one. `reply` is what its sender was, and will be, told."""

    __tablename__ = "sale"
    __table_args__ = (Index("sale_by_time", "at"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[bytes]
    register: Mapped[str]
    number: Mapped[str] = mapped_column(default="")
    total: Mapped[int] = mapped_column(default=0)
    actor: Mapped[str]
    at: Mapped[int] = mapped_column(default=0)
    reply: Mapped[str] = mapped_column(default="")


class SaleLine(Base):
    """One line: a unit by its item, or a quantity of a product that carries no serial."""

    __tablename__ = "sale_line"
    __table_args__ = (Index("sale_line_by_item", "item_id"),)
    sale_id: Mapped[str] = mapped_column(ForeignKey("sale.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    quantity: Mapped[int]
    price: Mapped[int]


class Payment(Base):
    """One payment of a sale; `reference` is the terminal's, never card data."""

    __tablename__ = "payment"
    sale_id: Mapped[str] = mapped_column(ForeignKey("sale.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    method: Mapped[str]
    amount: Mapped[int]
    reference: Mapped[str] = mapped_column(default="")


class CartLine(Base):
    """A quantity of a product without serials in an open cart. Units in it are leases on their own rows."""

    __tablename__ = "cart_line"
    cart: Mapped[str] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)
    quantity: Mapped[int]
    at: Mapped[int]


class Cart(Base):
    """The open cart of a till; its id becomes the sale's."""

    __tablename__ = "cart"
    register: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)


class Gate(Base):
    """A gate as the shop knows it. `armed_by` is "" until a person or the settings armed it."""

    __tablename__ = "gate"
    name: Mapped[str] = mapped_column(primary_key=True)
    armed: Mapped[bool]
    armed_by: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)


class ReceiptKey(Base):
    """A key that a till signs receipts with; `id` and `public` are in hex. One that is retired vouches for nothing."""

    __tablename__ = "receipt_key"
    id: Mapped[str] = mapped_column(primary_key=True)
    public: Mapped[str]
    retired: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class Alarm(Base):
    """An item that set off a gate, or would have in trial. `id` is the journal's key, so it is recorded once."""

    __tablename__ = "alarm"
    __table_args__ = (
        Index("alarm_by_time", "at"),
        Index("alarm_by_item", "item_id"),
        Index("alarm_by_incident", "incident"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    incident: Mapped[str]
    gate: Mapped[str]
    scanner: Mapped[str]
    at: Mapped[int]
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    serial: Mapped[str]
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    price: Mapped[int]
    reason: Mapped[str]
    state: Mapped[str]
    last_till: Mapped[str] = mapped_column(default="")


class Incident(Base):
    """What people said of an incident, which is the alarms that bear its id. One without a row is still unanswered.

    `resolved_by` and `theft_by` are actors, `resolved_by` is "" where nobody signed. The note is a person's text: the
    ledger has only its salted commitment.
    """

    __tablename__ = "incident"
    id: Mapped[str] = mapped_column(primary_key=True)
    gate: Mapped[str]
    silenced_at: Mapped[int | None]
    resolved_at: Mapped[int | None]
    resolved_by: Mapped[str] = mapped_column(default="")
    fact: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    note_salt: Mapped[str] = mapped_column(default="")
    is_theft: Mapped[bool] = mapped_column(default=False)
    theft_by: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=0)


class Snapshot(Base):
    """A picture of an incident, until `keep_until`. `perishable`: no backup and no copy of the shop ever holds it."""

    __tablename__ = "snapshot"
    __table_args__ = (Index("snapshot_by_end", "keep_until"), {"info": {"perishable": True}})
    incident: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    gate: Mapped[str]
    at: Mapped[int]
    keep_until: Mapped[int]
    picture: Mapped[bytes]


class Permit(Base):
    """Leave to carry out what is not paid, until `until`: one unit, or a batch of a product, or what a person carries.

    Of `item_id`, `product_id` with `batch`, and `person` (an actor), the others are empty. `ended_by` took it back
    before its end. The note is a person's text: the ledger has only its salted commitment.
    """

    __tablename__ = "permit"
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    batch: Mapped[str] = mapped_column(default="")
    person: Mapped[str] = mapped_column(default="")
    until: Mapped[int]
    note: Mapped[str] = mapped_column(default="")
    note_salt: Mapped[str] = mapped_column(default="")
    issued_by: Mapped[str]
    issued_at: Mapped[int]
    ended_by: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)


class Delivery(Base):
    """A journal entry that arrived: (device, boot, n) once; the same key with another hash is an error."""

    __tablename__ = "delivery"
    device: Mapped[str] = mapped_column(primary_key=True)
    boot: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[bytes]
    outcome: Mapped[str]


class Staff(Base):
    """A person. `pin_hash` is a salted scrypt hash; `tries` and `locked_until` slow guessing down."""

    __tablename__ = "staff"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    pin_hash: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    tries: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[int] = mapped_column(default=0)


class Token(Base):
    """An API token; only its SHA-256 is kept."""

    __tablename__ = "token"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    hash: Mapped[bytes] = mapped_column(unique=True)
