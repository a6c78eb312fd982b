"""Products: listed from a CSV file, changed, and marked as sold by serial."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from pos import lookup
from pos.lookup import ProductRow
from pos.office.bulk import BadLineError, Columns, Line, Remark
from shared import codes, schema
from shared.ledger import Turn
from shared.statements import Statement

COLUMNS = Columns(("code", "name", "price"), ("code", "name", "price", "serialised"), others=True)
LONGEST_CODE, LONGEST_NAME = 40, 120
CODE = re.compile(rf"[!-~]{{1,{LONGEST_CODE}}}")
PRICE = re.compile(r"[0-9]{1,12}")
FLAGS = {"": None, "yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Listing:
    """A product as somebody lists it. `serialised` None: sold by quantity until the first unit with a serial comes."""

    code: str
    name: str
    price: int
    serialised: bool | None = None

    @property
    def key(self) -> str:
        """What the product is found by."""
        return codes.product_key(self.code)


def listing(values: Mapping[str, str]) -> Listing:
    """Check one line with the columns code, name, price, perhaps serialised. Raises BadLineError."""
    code, name, price = (values[column] for column in COLUMNS.required)
    if not CODE.fullmatch(code):
        raise BadLineError(
            f"code: expected 1 to {LONGEST_CODE} letters, digits or signs without spaces, got {code[:60]!r}"
        )
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise BadLineError(f"name: expected 1 to {LONGEST_NAME} printable characters, got {name[:60]!r}")
    if not PRICE.fullmatch(price):
        raise BadLineError(f"price: expected a whole number such as 15000, without dots or commas, got {price[:60]!r}")
    flag = values.get("serialised", "").lower()
    if flag not in FLAGS:
        raise BadLineError(f"serialised: expected yes, no or nothing, got {flag[:60]!r}")
    return Listing(code, name, int(price), FLAGS[flag])


def take_lines(turn: Turn, lines: Sequence[Line]) -> list[Remark]:
    """List the products of these lines; what is wrong with a line comes back as a remark."""
    remarks: list[Remark] = []
    good: list[Listing] = []
    for line in lines:
        try:
            good.append(listing(line.values))
        except BadLineError as error:
            remarks.append(Remark(line.number, str(error)))
    list_products(turn, good)
    return remarks


def list_products(turn: Turn, listings: Iterable[Listing]) -> None:
    """Add new products and change those that differ. Of two listings of one code the last one wins."""
    wanted = {entry.key: entry for entry in listings}
    known = lookup.find_products(turn.connection, list(wanted))
    for key, entry in wanted.items():
        if key not in known:
            _add(turn, entry)
        else:
            change(turn, known[key], entry.name, entry.price, serialised=entry.serialised or known[key].serialised)


def change(turn: Turn, product: ProductRow, name: str, price: int, *, serialised: bool) -> None:
    """Give a product its new name, price and way of selling; nothing is written where all are as they were."""
    if (product.name, product.price, product.serialised) == (name, price, serialised):
        return
    _CHANGE.run(turn.connection, product=product.id, new_name=name, new_price=price, by_serial=serialised)
    version = _VERSION.run(turn.connection, product=product.id).scalar_one()
    _record(turn, "changed", product.id, version, Listing(product.code, name, price, serialised))


def _add(turn: Turn, entry: Listing) -> None:
    values: dict[str, Any] = {"code": entry.code, "key": entry.key, "gtin": codes.gtin_of(entry.code)}
    values |= {"name": entry.name, "price": entry.price, "serialised": bool(entry.serialised)}
    product = turn.connection.execute(insert(schema.Product).values(values).returning(schema.Product.id)).scalar_one()
    _record(turn, "listed", product, 1, entry)


def _record(turn: Turn, what: str, product: int, version: int, entry: Listing) -> None:
    facts = {"code": entry.code, "name": entry.name, "price": entry.price, "serialised": bool(entry.serialised)}
    turn.record("product", product, version, what, "listed", facts)


_P = schema.table(schema.Product)
_CHANGE = Statement(
    update(_P)
    .where(_P.c.id == bindparam("product"))
    .values(
        name=bindparam("new_name"),
        price=bindparam("new_price"),
        serialised=bindparam("by_serial"),
        version=_P.c.version + 1,
    )
)
_VERSION = Statement(select(_P.c.version).where(_P.c.id == bindparam("product")))
