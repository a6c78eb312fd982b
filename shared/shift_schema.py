"""The tables of shifts and of the cash drawer (see `shared.schema`)."""

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.table_base import Base


class Shift(Base):
    """A till's shift; `number` counts them without gaps. `id` is the client's own; at most one of a till is open.

    `first_seq` is the till's ledger entry that opened it. `float_count` and `closing_count` are canonical JSON, pieces
    by what one is worth, "" where one amount was told. `report` is the Z report, "" while the shift is open, `heads`
    the signed heads of its closing, a line each.
    """

    __tablename__ = "shift"
    __table_args__ = (UniqueConstraint("register", "number"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    register: Mapped[str]
    number: Mapped[int]
    first_seq: Mapped[int]
    opened_at: Mapped[int]
    opened_by: Mapped[str]
    float_amount: Mapped[int]
    float_count: Mapped[str]
    closed_at: Mapped[int | None]
    closed_by: Mapped[str] = mapped_column(default="")
    counted: Mapped[int | None]
    closing_count: Mapped[str] = mapped_column(default="")
    expected: Mapped[int | None]
    report: Mapped[str] = mapped_column(default="")
    heads: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)


class CashMove(Base):
    """Cash put into a till's drawer without a sale, or (negative) taken out of it. `id` is the client's own.

    `approved_by` is the leader who allowed it, "" before schema 0023. The note is a person's text, of which the ledger
    has a commitment only.
    """

    __tablename__ = "cash_move"
    __table_args__ = (Index("cash_move_by_shift", "shift"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    shift: Mapped[str]
    amount: Mapped[int]
    reason: Mapped[str]
    note: Mapped[str]
    note_salt: Mapped[str]
    actor: Mapped[str]
    approved_by: Mapped[str] = mapped_column(default="")
    at: Mapped[int]


class DrawerOpening(Base):
    """The drawer was opened without a sale; `approved_by` is the leader who allowed it, "" where nobody had to.

    `id` is the client's own; `shift` is "" where none was open. The note as in `CashMove`.
    """

    __tablename__ = "drawer_opening"
    __table_args__ = (Index("drawer_opening_by_time", "at"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    register: Mapped[str]
    shift: Mapped[str]
    reason: Mapped[str]
    note: Mapped[str]
    note_salt: Mapped[str]
    actor: Mapped[str]
    approved_by: Mapped[str]
    at: Mapped[int]
