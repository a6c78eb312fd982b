"""The tables of the exit: the gates, what they saw, what people said of it, and what and who may leave unpaid."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shared.table_base import Base


class Gate(Base):
    """A gate as the shop knows it. `armed_by` is "" until a person or the settings armed it.

    After-closing mode is on until `closed_until` (0: off), as the actor `closed_by` decided at `closed_at`; all three
    are empty where nobody ever did.
    """

    __tablename__ = "gate"
    name: Mapped[str] = mapped_column(primary_key=True)
    armed: Mapped[bool]
    armed_by: Mapped[str] = mapped_column(default="")
    closed_until: Mapped[int | None]
    closed_at: Mapped[int | None]
    closed_by: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)


class GateRule(Base):
    """A row of a gate's policy: what its settings say, and what a person chose, who goes before; "" for nothing."""

    __tablename__ = "gate_rule"
    gate: Mapped[str] = mapped_column(primary_key=True)
    row: Mapped[str] = mapped_column(primary_key=True)
    by_settings: Mapped[str]
    chosen: Mapped[str]
    chosen_by: Mapped[str]


class Alarm(Base):
    """An item that set off a gate, or would have in trial. `id` is the journal's key, so it is recorded once.

    `quiet`: nothing was heard of it at first, and staff's screens show it. `last_till_at` is when that till had the
    item, in µs, 0 where nobody knows; `carried_by` is the actor whose badge let it out, "" for nobody's.
    """

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
    last_till_at: Mapped[int] = mapped_column(default=0)
    carried_by: Mapped[str] = mapped_column(default="")
    quiet: Mapped[bool] = mapped_column(default=False)


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


class Watch(Base):
    """One word of a gate on its parts, or on itself: see `pos.office.uptime`. `id` and `n` are its journal's."""

    __tablename__ = "watch"
    __table_args__ = (Index("watch_by_time", "at"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    gate: Mapped[str]
    at: Mapped[int]
    what: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    value: Mapped[int] = mapped_column(default=0)
    n: Mapped[int]


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


class Badge(Base):
    """A badge of a person of the staff, until `ended_at`. `id` is the SHA-256 of what is printed on it, in hex."""

    __tablename__ = "badge"
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    issued_by: Mapped[str]
    issued_at: Mapped[int]
    ended_at: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
