"""The table of who bought (see `shared.schema`)."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from shared.table_base import Base


class Buyer(Base):
    """Who buys, and a note on it. `ticket` is the id of an open cart, a held sale, a sale or a return.

    Personal: nothing of it is in the ledger or in what a sale was told, and erasing the row erases all. `phone` is
    digits, perhaps after a "+"; each is "" where it was not given.
    """

    __tablename__ = "buyer"
    __table_args__ = (Index("buyer_by_phone", "phone"),)
    ticket: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    phone: Mapped[str]
    note: Mapped[str]
