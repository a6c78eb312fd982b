"""A sale's id, which belongs to one request for ever, and the units that become paid by it.

The till itself and whoever delivers what it sold alone do both in the same way.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, null, select, text, update

from shared import schema
from shared.items import ItemState
from shared.ledger import Turn
from shared.statements import Change, Statement


class SoldUnit(NamedTuple):
    """A unit as it is before the sale, its listed `price`, and the `amount` that was paid for it."""

    item: int
    version: int
    price: int
    amount: int


def claim(connection: Connection, sale_id: str, request_hash: bytes, register: str, actor: str) -> bool:
    """Take the id for this request; False where it is taken. Nothing else of the sale may be written before."""
    return _CLAIM.run(connection, id=sale_id, hash=request_hash, register=register, actor=actor).rowcount == 1


def is_taken(connection: Connection, sale_id: str) -> bool:
    """Whether a request has the id, or it was cancelled."""
    return _STORED.run(connection, id=sale_id).first() is not None


def stored(connection: Connection, sale_id: str) -> tuple[bytes, str]:
    """The hash of the request that has the id, which is taken, and what it was told, "" for a cancelled one."""
    row = _STORED.run(connection, id=sale_id).one()
    return row[0], row[1]


def mark_paid(turn: Turn, sale_id: str, units: Sequence[SoldUnit]) -> None:
    """Move units from stock to paid when the turn ends; one that is not in stock any more undoes it all."""
    moves = [{"item": unit.item, "register": turn.register, "now": turn.now} for unit in units]
    turn.write_last(Change(_PAY, moves, must_meet=True))
    for unit in units:
        facts = {"sale": sale_id, "price": unit.price}
        if unit.amount != unit.price:
            facts["amount"] = unit.amount
        turn.record("item", unit.item, unit.version + 1, "sold", ItemState.PAID, facts)


_S, _I = schema.table(schema.Sale), schema.table(schema.Item)
_CLAIM = Statement(
    text(
        "INSERT INTO sale (id, request_hash, register, number, total, rounding, actor, at, reply)"
        " VALUES (:id, :hash, :register, '', 0, 0, :actor, 0, '') ON CONFLICT (id) DO NOTHING"
    )
)
_STORED = Statement(select(_S.c.request_hash, _S.c.reply).where(_S.c.id == bindparam("id")))
_PAY = Statement(
    update(_I)
    .where(_I.c.id == bindparam("item"), _I.c.state == ItemState.IN_STOCK.value)
    .values(
        state=ItemState.PAID.value,
        version=_I.c.version + 1,
        cart=null(),
        cart_until=null(),
        cart_register=bindparam("register"),
        cart_at=bindparam("now"),
    )
)
