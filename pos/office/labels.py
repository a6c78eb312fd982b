"""Labels: own serials are issued, and their units received, in one go."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select

from pos.lookup import ProductRow
from pos.office import receiving
from pos.office.bulk import Line
from shared import codes, schema
from shared.codes import Scheme
from shared.items import ItemState
from shared.ledger import Turn
from shared.statements import Statement

MOST = 1000  # labels at once: 42 sheets


@dataclass(frozen=True, slots=True)
class Label:
    """What a label says: the product's name and the unit's own serial."""

    name: str
    serial: str


def issue(turn: Turn, product: ProductRow, count: int) -> list[Label]:
    """Receive `count` units of a product under serials issued here, and return their labels.

    Raises ValueError for a count that is not 1 to `MOST`.
    """
    if not 1 <= count <= MOST:
        raise ValueError(f"expected 1 to {MOST} labels, got {count}")
    serials = [codes.issue() for _ in range(count)]
    lines = [Line(number, {"serial": serial, "product": product.code}, 0) for number, serial in enumerate(serials, 1)]
    refused = receiving.take_lines(turn, lines)
    if refused:
        raise ValueError(f"a new serial was refused: {refused[0].text}")
    return [Label(product.name, serial) for serial in serials]


def in_stock(connection: Connection) -> list[Label]:
    """The labels of the units in stock that carry an own serial: the last `MOST` received, oldest first."""
    rows = _IN_STOCK.run(connection, state=ItemState.IN_STOCK.value, most=MOST).all()
    return [Label(name, serial) for name, serial in reversed(rows)]


def count(connection: Connection) -> int:
    """How many units were ever given an own serial."""
    counted: int = _COUNT.run(connection).scalar_one()
    return counted


_C = schema.table(schema.ItemCode)
_I = schema.table(schema.Item)
_P = schema.table(schema.Product)
_is_own = _C.c.scheme == Scheme.OWN.value
_IN_STOCK = Statement(
    select(_P.c.name, _C.c.text)
    .select_from(_C.join(_I, _C.c.item_id == _I.c.id).join(_P, _I.c.product_id == _P.c.id))
    .where(_is_own, _I.c.state == bindparam("state"))
    .order_by(_I.c.id.desc())
    .limit(bindparam("most"))
)
_COUNT = Statement(select(func.count()).select_from(_C).where(_is_own))
