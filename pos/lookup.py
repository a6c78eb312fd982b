"""What a scanned text names in the database: a unit, a product, or nothing and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from shared import codes, schema
from shared.statements import Among, Statement

UNREADABLE = "unreadable"  # beside the kinds of codes.Miss: a text that no label of a shop can hold

_CodeRow = tuple[str, str, str, int]  # scheme, scope, text, item's id


class ProductRow(NamedTuple):
    """A product as the till needs it; `price` in the currency's shop unit."""

    id: int
    code: str
    key: str
    gtin: str
    name: str
    price: int
    serialised: bool
    tax_class: str


class ItemRow(NamedTuple):
    """A unit as the till needs it; the lease is (`cart`, `cart_register`, `cart_until` in µs)."""

    id: int
    serial: str
    state: str
    version: int
    expires_on: str | None
    warranty_months: int | None
    cart: str | None
    cart_register: str | None
    cart_until: int | None
    product: ProductRow


@dataclass(frozen=True, slots=True)
class Named:
    """What a text names: several `items` are ambiguous, none are explained by `miss` (`codes.Miss` or UNREADABLE)."""

    text: str
    items: tuple[int, ...]
    product: ProductRow | None
    miss: str


def name_texts(connection: Connection, texts: Sequence[str]) -> list[Named]:
    """What each text names, in their order, with one look-up for all."""
    readings = [_read(text) for text in texts]
    registered = _registered(connection, readings)
    found = [_items_of(reading, registered) for reading in readings]
    missed = {reading.product for reading, items in zip(readings, found, strict=True) if reading and not items}
    products = find_products(connection, sorted(missed)) if missed else {}
    return [_named(*known, products) for known in zip(texts, readings, found, strict=True)]


def find_items(connection: Connection, ids: Sequence[int]) -> list[ItemRow]:
    """Units by id, ordered by id, as they are now."""
    return [_item(row) for row in _ITEMS.run(connection, ids=list(ids))]


def lock_units(connection: Connection, texts: Sequence[str]) -> list[list[ItemRow]]:
    """The units that each text names, in the order of the texts, their rows locked.

    They are locked in the order of their ids, so that no two sales wait for each other in a ring.
    """
    readings = [_read(text) for text in texts]
    units: dict[int, ItemRow] = {}
    registered: dict[str, list[_CodeRow]] = {}
    wanted = _wanted(readings)
    for *row, scheme, scope, text in _LOCK_UNITS.run(connection, texts=wanted) if wanted else ():
        unit = units.setdefault(row[8], _item(row))
        registered.setdefault(text, []).append((scheme, scope, text, unit.id))
    return [[units[number] for number in _items_of(reading, registered)] for reading in readings]


def lock_items(connection: Connection, ids: Sequence[int]) -> None:
    """Lock units by id, in the order in which a sale does."""
    _LOCK_ITEMS.run(connection, ids=list(ids))


def find_products(connection: Connection, keys: Sequence[str]) -> dict[str, ProductRow]:
    """Products by key."""
    rows = _PRODUCTS.run(connection, keys=list(keys))
    return {row[2]: _product(row) for row in rows}


def find_products_by_id(connection: Connection, ids: Sequence[int]) -> list[ProductRow]:
    """Products by id."""
    return [_product(row) for row in _PRODUCTS_BY_ID.run(connection, ids=list(ids))]


def find_product(connection: Connection, code: str) -> ProductRow | None:
    """The product of this code."""
    key = codes.product_key(code)
    return find_products(connection, [key]).get(key)


def first_product(connection: Connection) -> ProductRow | None:
    """The product that was listed first, None where there is none."""
    row = _FIRST_PRODUCT.run(connection).first()
    return _product(row) if row else None


def items_of_product(connection: Connection, named: Named, product: ProductRow) -> list[ItemRow]:
    """The units that an ambiguous text names, of this product only."""
    return [item for item in find_items(connection, named.items) if item.product.id == product.id]


def _read(text: str) -> codes.Reading | None:
    try:
        return codes.read(text)
    except codes.UnreadableTextError:
        return None


def _registered(connection: Connection, readings: Sequence[codes.Reading | None]) -> dict[str, list[_CodeRow]]:
    """What is registered of all codes that the readings may be, by text."""
    by_text: dict[str, list[_CodeRow]] = {}
    wanted = _wanted(readings)
    for scheme, scope, text, item in _CODES.run(connection, texts=wanted) if wanted else ():
        by_text.setdefault(text, []).append((scheme, scope, text, item))
    return by_text


def _wanted(readings: Sequence[codes.Reading | None]) -> list[str]:
    return sorted({code.text for reading in readings if reading for code in reading.codes})


def _items_of(reading: codes.Reading | None, registered: Mapping[str, list[_CodeRow]]) -> tuple[int, ...]:
    if reading is None:
        return ()
    return tuple(reading.matches(row for code in reading.codes for row in registered.get(code.text, ())))


def _named(
    text: str, reading: codes.Reading | None, items: tuple[int, ...], products: Mapping[str, ProductRow]
) -> Named:
    if reading is None:
        return Named(text, (), None, UNREADABLE)
    return Named(reading.text, items, None if items else products.get(reading.product), "" if items else reading.miss)


def _product(row: Any) -> ProductRow:
    return ProductRow._make((*row[:6], bool(row[6]), row[7]))


def _item(row: Any) -> ItemRow:
    return ItemRow._make((*row[8:17], _product(row)))


_C = schema.table(schema.ItemCode)
_I = schema.table(schema.Item)
_P = schema.table(schema.Product)
_product_columns = [
    _P.c.id,
    _P.c.code,
    _P.c.key,
    _P.c.gtin,
    _P.c.name,
    _P.c.price,
    _P.c.serialised,
    _P.c.tax_class,
]  # fmt: skip - the order of ProductRow's fields
_item_columns = [
    _I.c.id,
    _I.c.serial,
    _I.c.state,
    _I.c.version,
    _I.c.expires_on,
    _I.c.warranty_months,
    _I.c.cart,
    _I.c.cart_register,
    _I.c.cart_until,
]  # fmt: skip - the order of ItemRow's fields
_items = (
    select(*_product_columns, *_item_columns)
    .select_from(_I.join(_P, _I.c.product_id == _P.c.id))
    .where(Among(_I.c.id, "ids"))
    .order_by(_I.c.id)
)
_CODES = Statement(select(_C.c.scheme, _C.c.scope, _C.c.text, _C.c.item_id).where(Among(_C.c.text, "texts")))
_ITEMS = Statement(_items)
_LOCK_ITEMS = Statement(select(_I.c.id).where(Among(_I.c.id, "ids")).order_by(_I.c.id).with_for_update())
_LOCK_UNITS = Statement(
    select(*_product_columns, *_item_columns, _C.c.scheme, _C.c.scope, _C.c.text)
    .select_from(_C.join(_I, _C.c.item_id == _I.c.id).join(_P, _I.c.product_id == _P.c.id))
    .where(Among(_C.c.text, "texts"))
    .order_by(_I.c.id)
    .with_for_update(of=_I)
)
_PRODUCTS = Statement(select(*_product_columns).where(Among(_P.c.key, "keys")))
_PRODUCTS_BY_ID = Statement(select(*_product_columns).where(Among(_P.c.id, "ids")))
_FIRST_PRODUCT = Statement(select(*_product_columns).where(_P.c.id == select(func.min(_P.c.id)).scalar_subquery()))
