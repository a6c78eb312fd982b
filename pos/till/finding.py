"""Finding an item without selling it: what it is, what it costs, where each unit is. Nothing is changed by it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from pos import lookup
from pos.lookup import ItemRow, ProductRow
from pos.returns import sold
from shared import ledger, schema
from shared.database import Database
from shared.items import SOLD, ItemState
from shared.statements import Among, Statement

MOST_PRODUCTS = 10
MOST_UNITS = 20
SHORTEST_NAME = 2  # characters


class FoundReceipt(NamedTuple):
    """The receipt of a sale; `at` in µs since 1970 UTC."""

    sale: str
    number: str
    at: int


@dataclass(frozen=True, slots=True)
class FoundUnit:
    """A unit; `till` is the one whose cart it is in now, or that sold it, "" for none.

    `receipt` is of the last sale of a unit that is sold, None where none is kept.
    """

    item: ItemRow
    is_in_cart: bool
    receipt: FoundReceipt | None = None

    @property
    def till(self) -> str:
        """Where to ask for it."""
        is_sold = self.item.state in SOLD
        return (self.item.cart_register or "") if self.is_in_cart or is_sold else ""


@dataclass(frozen=True, slots=True)
class FoundProduct:
    """A product, and how many of its units are in stock; None where it carries no serials, which nobody counts."""

    product: ProductRow
    stock: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a text names: the receipt of that number, units of that serial, products of that code or a name like it."""

    units: tuple[FoundUnit, ...] = ()
    products: tuple[FoundProduct, ...] = ()
    receipt: FoundReceipt | None = None


def find(database: Database, text: str) -> Found:
    """What was scanned or typed. Raises DatabaseGoneError."""
    with database.snapshot() as connection:
        sale = sold.sale_of_number(connection, text)
        if sale:
            return Found(receipt=FoundReceipt(*_RECEIPT.run(connection, id=sale).one()))
        (named,) = lookup.name_texts(connection, [text])
        if named.items:
            units = lookup.find_items(connection, named.items[:MOST_UNITS])
            now = _NOW.run(connection).scalar_one()
            receipts = {
                item: FoundReceipt(*receipt)
                for item, *receipt in _SOLD_IN.run(connection, ids=[unit.id for unit in units if unit.state in SOLD])
            }
            found = tuple(
                FoundUnit(unit, bool(unit.cart) and (unit.cart_until or 0) > now, receipts.get(unit.id))
                for unit in units
            )
            return Found(found, _with_stock(connection, {unit.product.id: unit.product for unit in units}.values()))
        return Found((), _with_stock(connection, [named.product] if named.product else _like(connection, text)))


def _like(connection: Connection, text: str) -> list[ProductRow]:
    """The products whose names have this text in them, by name; one of this code goes alone."""
    if not text.isprintable():
        return []
    product = lookup.find_product(connection, text)
    if product or len(text) < SHORTEST_NAME:
        return [product] if product else []
    query = select(_P.c.id).where(_P.c.name.icontains(text, autoescape=True)).order_by(_P.c.name).limit(MOST_PRODUCTS)
    ids = connection.execute(query).scalars().all()
    return sorted(lookup.find_products_by_id(connection, ids), key=lambda found: ids.index(found.id))


def _with_stock(connection: Connection, products: Iterable[ProductRow]) -> tuple[FoundProduct, ...]:
    listed: Sequence[ProductRow] = list(products)
    rows = _STOCK.run(connection, ids=[product.id for product in listed], state=ItemState.IN_STOCK.value)
    stock: dict[int, int] = dict(rows.all())
    return tuple(FoundProduct(one, stock.get(one.id, 0) if one.serialised else None) for one in listed)


_P, _I, _S, _L = map(schema.table, (schema.Product, schema.Item, schema.Sale, schema.SaleLine))
_NOW = Statement(select(ledger.database_clock()))
_STOCK = Statement(
    select(_I.c.product_id, func.count())
    .where(Among(_I.c.product_id, "ids"), _I.c.state == bindparam("state"))
    .group_by(_I.c.product_id)
)
_receipt = (_S.c.id, _S.c.number, _S.c.at)
_RECEIPT = Statement(select(*_receipt).where(_S.c.id == bindparam("id")))
# The last one of each unit comes last.
_SOLD_IN = Statement(
    select(_L.c.item_id, *_receipt)
    .join(_S, _S.c.id == _L.c.sale_id)
    .where(Among(_L.c.item_id, "ids"), _S.c.at > 0)
    .order_by(_S.c.at)
)
