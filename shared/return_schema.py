"""The tables of goods that come back (see `shared.schema`)."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shared.table_base import Base


class GoodsReturn(Base):
    """One ticket of goods that came back. Its id is the cart's, and so that of the sale in the same ticket, if any.

    `total` is what they were worth, `exchanged` what of it paid that sale; `rounding` (0 or less) what cash was rounded
    by. `approved_by` is the actor who allowed it, "" where nobody had to; `reply` what its sender was told, "" where
    the sale has that.
    """

    __tablename__ = "goods_return"
    __table_args__ = (Index("return_by_time", "at"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    register: Mapped[str]
    number: Mapped[str]
    total: Mapped[int]
    exchanged: Mapped[int]
    rounding: Mapped[int]
    actor: Mapped[str]
    approved_by: Mapped[str]
    at: Mapped[int]
    reply: Mapped[str]


class ReturnLine(Base):
    """Pieces of one line of a sale that came back; `amount` is what was paid for them, `tax` what of that was tax."""

    __tablename__ = "return_line"
    __table_args__ = (Index("return_line_by_sale", "sale_id", "sale_line"),)
    return_id: Mapped[str] = mapped_column(ForeignKey("goods_return.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    sale_id: Mapped[str] = mapped_column(ForeignKey("sale.id"))
    sale_line: Mapped[int]
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    quantity: Mapped[int]
    amount: Mapped[int]
    tax: Mapped[int]
    reason: Mapped[str]
    condition: Mapped[str]


class Refund(Base):
    """One payment back; `reference` is whose it went through, or the id of the store credit that was given."""

    __tablename__ = "refund"
    return_id: Mapped[str] = mapped_column(ForeignKey("goods_return.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    method: Mapped[str]
    amount: Mapped[int]
    reference: Mapped[str]


class CartReturn(Base):
    """Pieces of a sold line that are to come back with an open cart; `approved_by` as in `GoodsReturn`."""

    __tablename__ = "cart_return"
    cart: Mapped[str] = mapped_column(primary_key=True)
    sale_id: Mapped[str] = mapped_column(primary_key=True)
    sale_line: Mapped[int] = mapped_column(primary_key=True)
    quantity: Mapped[int]
    reason: Mapped[str]
    condition: Mapped[str]
    approved_by: Mapped[str] = mapped_column(default="")
    at: Mapped[int]
