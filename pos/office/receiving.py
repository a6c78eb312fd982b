"""Receiving: units enter the shop with their serials, hundreds at a time, and no bad line stops the others."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, insert, null, select, update

from pos import lookup
from pos.lookup import ProductRow
from pos.office import products
from pos.office.bulk import BadLineError, Columns, Line, Remark
from pos.office.products import Listing
from shared import codes, schema
from shared.codes import Code, Scheme
from shared.items import RECEIVED, TRANSITIONS, ItemState
from shared.ledger import Turn
from shared.statements import Among, Statement

COLUMNS = Columns(("serial", "product"), ("serial", "product", "batch", "made_on", "expires_on", "warranty_months"))
LONGEST_BATCH = 40
LONGEST_WARRANTY = 600  # months
MONTHS = re.compile(r"[0-9]{1,3}")
SEQ_BITS = 40  # an item's id is its first register's number and the seq of its `received` event
AGAIN = "received_again"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit to receive; `codes` are all its codes, the one to show first."""

    line: int
    serial: str
    product: ProductRow
    codes: tuple[Code, ...]
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Known:
    """A unit that has a code already; its row is locked."""

    item: int
    state: str
    version: int
    product: int


class _Sharers:
    """Which products have a unit with the same maker's serial: the till will have to ask which."""

    def __init__(self, known: Iterable[Code]) -> None:
        self._products: dict[str, set[str]] = {}
        for code in known:
            self._note(code)

    def warn(self, unit: Unit) -> list[Remark]:
        """Say so where this unit shares its serial with another product's, and remember the unit."""
        bare = [code for code in unit.codes if code.scheme is Scheme.MAKER]
        is_shared = any(self._products.get(code.text, set()) - {code.scope} for code in bare)
        for code in bare:
            self._note(code)
        if not is_shared:
            return []
        text = f"serial {unit.serial!r} is on a unit of another product too; an own label would tell them apart"
        return [Remark(unit.line, text, is_bad=False)]

    def _note(self, code: Code) -> None:
        if code.scheme is Scheme.MAKER:
            self._products.setdefault(code.text, set()).add(code.scope)


def take_lines(turn: Turn, lines: Sequence[Line]) -> list[Remark]:
    """Receive the units of these lines; what is wrong with a line comes back as a remark."""
    remarks: list[Remark] = []
    named = lookup.find_products(turn.connection, [codes.product_key(line.values["product"]) for line in lines])
    units: list[Unit] = []
    for line in lines:
        try:
            units.append(_unit(line, named))
        except ValueError as error:
            remarks.append(Remark(line.number, str(error)))
    return remarks + receive(turn, units)


def receive(turn: Turn, units: Sequence[Unit]) -> list[Remark]:
    """Receive units; refused ones and things to know come back as remarks."""
    known = _known_codes(turn, units)
    sharers = _Sharers(known)
    remarks: list[Remark] = []
    fresh: list[Unit] = []
    taken: set[Code] = set()
    for unit in units:
        earlier = known.get(unit.codes[0])
        if unit.codes[0] in taken:
            remarks.append(Remark(unit.line, f"serial {unit.serial!r} stands on an earlier line already"))
            continue
        if earlier:
            remarks += _receive_again(turn, unit, earlier)
        else:
            fresh.append(unit)
            remarks += sharers.warn(unit)
        taken.update(unit.codes)
    _add(turn, fresh, known)
    _mark_serialised(turn, fresh)
    return remarks


def _unit(line: Line, named: Mapping[str, ProductRow]) -> Unit:
    values = line.values
    product = named.get(codes.product_key(values["product"]))
    if product is None:
        raise BadLineError(f"product: expected the code of a listed product, got {values['product'][:60]!r}")
    found = _codes(values["serial"], product)
    serial = found[0].text if found[0].scheme is not Scheme.MAKER else codes.bare(values["serial"])
    return Unit(line.number, serial, product, tuple(found), _facts(values))


def _codes(serial: str, product: ProductRow) -> list[Code]:
    try:
        return codes.serial_codes(serial, product.key, product.gtin)
    except ValueError as error:
        raise BadLineError(f"serial: {error}") from None


def _facts(values: Mapping[str, str]) -> dict[str, Any]:
    batch = values.get("batch", "")
    if len(batch) > LONGEST_BATCH or not batch.isprintable():
        raise BadLineError(f"batch: expected at most {LONGEST_BATCH} printable characters, got {batch[:60]!r}")
    return {
        "batch": batch,
        "made_on": _date(values, "made_on"),
        "expires_on": _date(values, "expires_on"),
        "warranty_months": _months(values.get("warranty_months", "")),
    }


def _date(values: Mapping[str, str], column: str) -> str | None:
    given = values.get(column, "")
    try:
        return date.fromisoformat(given).isoformat() if given else None
    except ValueError:
        raise BadLineError(f"{column}: expected a date such as 2027-03-31, got {given[:60]!r}") from None


def _months(given: str) -> int | None:
    if not given:
        return None
    if not MONTHS.fullmatch(given) or int(given) > LONGEST_WARRANTY:
        raise BadLineError(f"warranty_months: expected a whole number up to {LONGEST_WARRANTY}, got {given[:60]!r}")
    return int(given)


def _known_codes(turn: Turn, units: Sequence[Unit]) -> dict[Code, _Known]:
    texts = sorted({code.text for unit in units for code in unit.codes})
    rows = _KNOWN.run(turn.connection, texts=texts) if texts else ()
    return {Code(Scheme(scheme), scope, text): _Known(*rest) for scheme, scope, text, *rest in rows}


def _receive_again(turn: Turn, unit: Unit, known: _Known) -> list[Remark]:
    """A unit that comes back is the same item, if it had left."""
    if known.product != unit.product.id:
        return [Remark(unit.line, f"serial {unit.serial!r} is a unit of another product")]
    if known.state not in TRANSITIONS[AGAIN].before:
        return [Remark(unit.line, f"serial {unit.serial!r} was received already and is {known.state}")]
    _RETURN.run(turn.connection, item=known.item, **{f"new_{name}": value for name, value in unit.facts.items()})
    turn.record("item", known.item, known.version + 1, AGAIN, ItemState.IN_STOCK, unit.facts)
    return []


def _add(turn: Turn, units: Sequence[Unit], known: Mapping[Code, _Known]) -> None:
    items: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    taken = set(known)
    for unit in units:
        item = turn.register_id << SEQ_BITS | turn.next_seq()
        own = [code for code in unit.codes if code not in taken]
        taken.update(own)
        items.append({"id": item, "product_id": unit.product.id, "serial": unit.serial, **unit.facts})
        rows += [{"text": code.text, "scheme": code.scheme.value, "scope": code.scope, "item_id": item} for code in own]
        facts = {name: value for name, value in unit.facts.items() if value}
        facts |= {"product": unit.product.id, "serial": unit.serial}
        facts["codes"] = [[code.scheme.value, code.scope, code.text] for code in own]
        turn.record("item", item, 1, RECEIVED, ItemState.IN_STOCK, facts)
    _ADD_ITEMS.run_many(turn.connection, items)
    _ADD_CODES.run_many(turn.connection, rows)


def _mark_serialised(turn: Turn, units: Sequence[Unit]) -> None:
    """From its first unit with a serial on, a product is sold by serial only."""
    for product in {unit.product.id: unit.product for unit in units}.values():
        products.change(turn, product, Listing(product.code, product.name, product.price, serialised=True))


_I = schema.table(schema.Item)
_C = schema.table(schema.ItemCode)
_facts_columns = ("batch", "made_on", "expires_on", "warranty_months")
_KNOWN = Statement(
    select(_C.c.scheme, _C.c.scope, _C.c.text, _I.c.id, _I.c.state, _I.c.version, _I.c.product_id)
    .select_from(_C.join(_I, _C.c.item_id == _I.c.id))
    .where(Among(_C.c.text, "texts"))
    .order_by(_I.c.id)
    .with_for_update(of=_I)
)
_RETURN = Statement(
    update(_I)
    .where(_I.c.id == bindparam("item"))
    .values(
        state=ItemState.IN_STOCK.value,
        version=_I.c.version + 1,
        cart=null(),
        cart_until=null(),
        **{name: bindparam(f"new_{name}") for name in _facts_columns},
    )
)
_ADD_ITEMS = Statement(
    insert(_I).values(
        state=ItemState.IN_STOCK.value,
        version=1,
        **{name: bindparam(name) for name in ("id", "product_id", "serial", *_facts_columns)},
    )
)
_ADD_CODES = Statement(insert(_C).values({name: bindparam(name) for name in ("text", "scheme", "scope", "item_id")}))
