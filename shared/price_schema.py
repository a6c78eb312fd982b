"""The tables of discounts and taxes: those of open and held carts, and what a sale was made with."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shared.table_base import Base


class CartDiscount(Base):
    """What is off a line of a cart, open or held, or (line "") off the whole: `amount`, or `percent` in hundredths.

    A line is a unit's id, or `product:ID`. `given_by` and `approved_by` are actors, "" where no leader had to allow it.
    """

    __tablename__ = "cart_discount"
    cart: Mapped[str] = mapped_column(primary_key=True)
    line: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[int]
    percent: Mapped[int]
    reason: Mapped[str]
    note: Mapped[str]
    given_by: Mapped[str]
    approved_by: Mapped[str]


class SaleDiscount(Base):
    """A discount of a sale: of its line of this number, or (0) of the whole. `off` is what it came to.

    The note is a person's text, of which the ledger has a commitment only.
    """

    __tablename__ = "sale_discount"
    sale_id: Mapped[str] = mapped_column(ForeignKey("sale.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    off: Mapped[int]
    amount: Mapped[int]
    percent: Mapped[int]
    reason: Mapped[str]
    note: Mapped[str]
    note_salt: Mapped[str]
    given_by: Mapped[str]
    approved_by: Mapped[str]


class SaleTax(Base):
    """The tax of one class in a sale: `rate` in percent and `base` as they stood, of `taxed`, a share of `net`."""

    __tablename__ = "sale_tax"
    sale_id: Mapped[str] = mapped_column(ForeignKey("sale.id"), primary_key=True)
    tax_class: Mapped[str] = mapped_column(primary_key=True)
    rate: Mapped[str]
    base: Mapped[str]
    net: Mapped[int]
    taxed: Mapped[int]
    tax: Mapped[int]
