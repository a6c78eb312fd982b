"""The tables. Times are microseconds since 1970 UTC, money is integers in the currency's shop unit.

Rows hold what is so now; `event` holds how it came to be. Every change of a row that has a version is written with
its event in one transaction (see `ledger.py`).
"""

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.customer_schema import Buyer
from shared.dispute_schema import Dispute
from shared.exit_schema import Alarm, Badge, Delivery, Gate, GateRule, Incident, Permit, Snapshot, Watch
from shared.paying_schema import Credit, Payment, PaymentReference, Taken
from shared.price_schema import CartDiscount, SaleDiscount, SaleTax
from shared.return_schema import CartReturn, GoodsReturn, Refund, ReturnLine
from shared.shift_schema import CashMove, DrawerOpening, Shift
from shared.table_base import LARGEST, Base, Whole, table

__all__ = [
    "LARGEST",
    "Alarm",
    "Badge",
    "Base",
    "Buyer",
    "CartDiscount",
    "CartReturn",
    "CashMove",
    "Credit",
    "Delivery",
    "Dispute",
    "DrawerOpening",
    "Gate",
    "GateRule",
    "GoodsReturn",
    "Incident",
    "Payment",
    "PaymentReference",
    "Permit",
    "Refund",
    "ReturnLine",
    "SaleDiscount",
    "SaleTax",
    "Shift",
    "Snapshot",
    "Taken",
    "Watch",
    "Whole",
    "table",
]

SCHEMA = "0023"  # the newest migration; zero-padded, so that later is greater


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
    tax_class: Mapped[str] = mapped_column(default="general")
    version: Mapped[int] = mapped_column(default=1)


class ProductPicture(Base):
    """What a product looks like: a small JPEG."""

    __tablename__ = "product_picture"
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True, autoincrement=False)
    picture: Mapped[bytes]


class Item(Base):
    """One physical unit. Its cart is a lease in these columns, aged by the database's clock."""

    __tablename__ = "item"
    __table_args__ = (Index("item_by_cart", "cart"), Index("item_by_product", "product_id"))
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
    """A sale, or the tombstone of a cancelled one. `reply` is what its sender was, and will be, told.

    `rounding` is what cash was rounded by, negative when down: it is no part of the total. `prints` counts the receipts
    that came out of a printer.
    """

    __tablename__ = "sale"
    # With all that lists and sums read, for a row holds the whole reply beside it.
    __table_args__ = (Index("sale_by_time", "at", "id", "number", "register", "actor", "total", "rounding"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[bytes]
    register: Mapped[str]
    number: Mapped[str] = mapped_column(default="")
    total: Mapped[int] = mapped_column(default=0)
    rounding: Mapped[int] = mapped_column(default=0)
    actor: Mapped[str]
    at: Mapped[int] = mapped_column(default=0)
    reply: Mapped[str] = mapped_column(default="")
    prints: Mapped[int] = mapped_column(default=0)


class SaleLine(Base):
    """One line: a unit by its item, or a quantity of a product that carries no serial.

    `discount` is the line's own, `share` its part of the sale's, `tax` its part of the tax of `tax_class` ("" where
    none was reckoned), and `amount` what was paid for it in the end.
    """

    __tablename__ = "sale_line"
    __table_args__ = (Index("sale_line_by_item", "item_id"), Index("sale_line_by_product", "product_id", "sale_id"))
    sale_id: Mapped[str] = mapped_column(ForeignKey("sale.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    quantity: Mapped[int]
    price: Mapped[int]
    discount: Mapped[int] = mapped_column(default=0)
    share: Mapped[int] = mapped_column(default=0)
    tax_class: Mapped[str] = mapped_column(default="")
    tax: Mapped[int] = mapped_column(default=0)
    amount: Mapped[int]


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


class HeldSale(Base):
    """A cart that was put by, or what a gate sent to be paid: any till may open it, and then the row is gone.

    `source` is the till or the gate; `incident` the gate's, "" from a till. The note is a person's text, which the
    ledger never has. No unit of it is held back from anybody.
    """

    __tablename__ = "held_sale"
    __table_args__ = (Index("held_by_incident", "incident"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    incident: Mapped[str] = mapped_column(default="")
    at: Mapped[int]
    note: Mapped[str] = mapped_column(default="")


class HeldLine(Base):
    """One line of it: a unit, or a quantity of a product that carries no serial."""

    __tablename__ = "held_line"
    held: Mapped[str] = mapped_column(ForeignKey("held_sale.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    quantity: Mapped[int]


class ReceiptKey(Base):
    """A key that a till signs receipts with; `id` and `public` are in hex. One that is retired vouches for nothing."""

    __tablename__ = "receipt_key"
    id: Mapped[str] = mapped_column(primary_key=True)
    public: Mapped[str]
    retired: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class Staff(Base):
    """A person. `pin_hash` is a salted scrypt hash; `tries` and `locked_until` slow guessing down.

    `language` is the one that the person chose, "" for none.
    """

    __tablename__ = "staff"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    pin_hash: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    tries: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[int] = mapped_column(default=0)
    language: Mapped[str] = mapped_column(default="")


class Token(Base):
    """An API token; only its SHA-256 is kept."""

    __tablename__ = "token"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    hash: Mapped[bytes] = mapped_column(unique=True)
