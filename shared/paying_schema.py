"""The tables of paying (see `shared.schema`)."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shared.table_base import Base


class Payment(Base):
    """One payment of a sale; `reference` is whose it came through, or a credit's id, and never card data.

    `standing`: "" until somebody found it in the acquirer's statement (`seen`), or found it reversed (`reversed`).
    """

    __tablename__ = "payment"
    sale_id: Mapped[str] = mapped_column(ForeignKey("sale.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    method: Mapped[str]
    amount: Mapped[int]
    reference: Mapped[str] = mapped_column(default="")
    standing: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=0)


class Taken(Base):
    """A payment that was taken for an open cart; with the sale it becomes a Payment. `id` is the client's own.

    One that was given back stays until its cart is closed, so that a late request does not take it again.
    """

    __tablename__ = "taken"
    __table_args__ = (Index("taken_by_cart", "cart"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    cart: Mapped[str]
    method: Mapped[str]
    amount: Mapped[int]
    reference: Mapped[str] = mapped_column(default="")
    at: Mapped[int]
    given_back: Mapped[bool] = mapped_column(default=False)


class PaymentReference(Base):
    """A reference that paid: unique for ever for its way to pay. `sale` is a sale's id, or an open cart's."""

    __tablename__ = "payment_reference"
    method: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    sale: Mapped[str]


class Credit(Base):
    """A voucher or store credit: whoever has the code may spend the balance. `sale` is what it was given back for."""

    __tablename__ = "credit"
    id: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    amount: Mapped[int]
    balance: Mapped[int]
    sale: Mapped[str] = mapped_column(default="")
    issued_by: Mapped[str]
    issued_at: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
