"""The table of sales in dispute (see `shared.schema`)."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from shared.table_base import Base


class Dispute(Base):
    """A sale that a till made while the database was gone, and that could not be taken over as it was.

    `number`, `total`, `at` and `reply` are those of the receipt that the customer has; `faults` is JSON, what was found
    of each unit or payment. `resolved_at` is None while nobody has looked into it; the note is a person's text.
    """

    __tablename__ = "dispute"
    __table_args__ = (Index("dispute_open", "resolved_at"),)
    sale_id: Mapped[str] = mapped_column(primary_key=True)
    register: Mapped[str]
    number: Mapped[str]
    total: Mapped[int]
    at: Mapped[int]
    actor: Mapped[str]
    reply: Mapped[str]
    faults: Mapped[str]
    opened_at: Mapped[int]
    resolved_at: Mapped[int | None]
    resolved_by: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    note_salt: Mapped[str] = mapped_column(default="")
