"""Who buys: the name and phone that a customer gave, and a note, beside the cart and then the sale of the same id.

All in the caller's transaction. Nothing of it goes into the ledger, which is never erased.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, select, text

from shared import schema
from shared.statements import Statement


@dataclass(frozen=True, slots=True)
class Buyer:
    """What was told; each is "" where it was not. `phone` is digits, perhaps after a "+"."""

    name: str
    phone: str
    note: str


def of_ticket(connection: Connection, ticket: str) -> Buyer | None:
    """Who buys, or bought, with the cart, held sale, sale or return of this id; None where nothing was told."""
    row = _OF_TICKET.run(connection, ticket=ticket).first()
    return Buyer(*row) if row else None


def put(connection: Connection, ticket: str, buyer: Buyer) -> None:
    """Keep this in place of what was told before; a buyer of whom nothing is told is forgotten."""
    if not (buyer.name or buyer.phone or buyer.note):
        forget(connection, ticket)
    else:
        _PUT.run(connection, ticket=ticket, name=buyer.name, phone=buyer.phone, note=buyer.note)


def forget(connection: Connection, ticket: str) -> None:
    """Its cart or held sale comes to nothing."""
    _FORGET.run(connection, ticket=ticket)


def move(connection: Connection, source: str, ticket: str) -> None:
    """Let a cart have that of another, if there is any."""
    buyer = of_ticket(connection, source)
    if buyer:
        put(connection, ticket, buyer)
        forget(connection, source)


def name_of(connection: Connection, phone: str) -> str:
    """The name that came with this phone last, "" for an unknown one."""
    return _NAME_OF.run(connection, phone=phone).scalar() or ""


_B, _S = schema.table(schema.Buyer), schema.table(schema.Sale)
_this = _B.c.ticket == bindparam("ticket")
_OF_TICKET = Statement(select(_B.c.name, _B.c.phone, _B.c.note).where(_this))
_PUT = Statement(
    text(
        "INSERT INTO buyer (ticket, name, phone, note) VALUES (:ticket, :name, :phone, :note)"
        " ON CONFLICT (ticket) DO UPDATE SET name = excluded.name, phone = excluded.phone, note = excluded.note"
    )
)
_FORGET = Statement(delete(_B).where(_this))
_NAME_OF = Statement(
    select(_B.c.name)
    .join(_S, _S.c.id == _B.c.ticket)
    .where(_B.c.phone == bindparam("phone"), _B.c.name != "", _S.c.at > 0)
    .order_by(_S.c.at.desc())
    .limit(1)
)
