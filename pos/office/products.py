"""Products: listed from a CSV file, changed, and marked as sold by serial."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from pos import lookup
from pos.lookup import ProductRow
from pos.office.bulk import BadLineError, Columns, Line, Remark
from shared import codes, schema
from shared.ledger import Turn
from shared.statements import Statement
from shared.tax_settings import GENERAL, TaxSettings

COLUMNS = Columns(("code", "name", "price"), ("code", "name", "price", "serialised", "tax_class"), others=True)
LONGEST_CODE, LONGEST_NAME = 40, 120
CODE = re.compile(rf"[!-~]{{1,{LONGEST_CODE}}}")
PRICE = re.compile(r"[0-9]{1,12}")
TAX_CLASSES = TaxSettings().classes
FLAGS = {"": None, "yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Listing:
    """A product as somebody lists it. `serialised` None: sold by quantity until the first unit with a serial comes.

    `tax_class` "": as it was, and `general` for a new product.
    """

    code: str
    name: str
    price: int
    serialised: bool | None = None
    tax_class: str = ""

    @property
    def key(self) -> str:
        """What the product is found by."""
        return codes.product_key(self.code)


def listing(values: Mapping[str, str], classes: Collection[str] = TAX_CLASSES) -> Listing:
    """Check one line with the columns code, name, price, perhaps serialised and tax_class. Raises BadLineError."""
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
    tax_class = values.get("tax_class", "")
    if tax_class and tax_class not in classes:
        known = ", ".join(sorted(classes))
        raise BadLineError(f"tax_class: expected one of {known}, or nothing, got {tax_class[:60]!r}")
    return Listing(code, name, int(price), FLAGS[flag], tax_class)


def take_lines(turn: Turn, lines: Sequence[Line], classes: Collection[str] = TAX_CLASSES) -> list[Remark]:
    """List the products of these lines; what is wrong with a line comes back as a remark.

    `classes` are those that products may be taxed by.
    """
    remarks: list[Remark] = []
    good: list[Listing] = []
    for line in lines:
        try:
            good.append(listing(line.values, classes))
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
            change(turn, known[key], entry)


def change(turn: Turn, product: ProductRow, entry: Listing) -> None:
    """List a known product anew; nothing is written where all is as it was. What has serials keeps them."""
    changed = {
        "name": entry.name,
        "price": entry.price,
        "serialised": bool(entry.serialised) or product.serialised,
        "tax_class": entry.tax_class or product.tax_class,
    }
    if all(getattr(product, name) == value for name, value in changed.items()):
        return
    _CHANGE.run(turn.connection, product=product.id, **{f"new_{name}": value for name, value in changed.items()})
    version = _VERSION.run(turn.connection, product=product.id).scalar_one()
    turn.record("product", product.id, version, "changed", "listed", {"code": product.code, **changed})


def _add(turn: Turn, entry: Listing) -> None:
    told: dict[str, Any] = {"code": entry.code, "name": entry.name, "price": entry.price}
    told |= {"serialised": bool(entry.serialised), "tax_class": entry.tax_class or GENERAL}
    values = {**told, "key": entry.key, "gtin": codes.gtin_of(entry.code)}
    product = turn.connection.execute(insert(schema.Product).values(values).returning(schema.Product.id)).scalar_one()
    turn.record("product", product, 1, "listed", "listed", told)


_P = schema.table(schema.Product)
_CHANGE = Statement(
    update(_P)
    .where(_P.c.id == bindparam("product"))
    .values({name: bindparam(f"new_{name}") for name in ("name", "price", "serialised", "tax_class")})
    .values(version=_P.c.version + 1)
)
_VERSION = Statement(select(_P.c.version).where(_P.c.id == bindparam("product")))
