"""From the lines that a client asks for to the units and goods that it gets: found, locked, and fit to be sold."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Connection

from pos import lookup
from pos.lookup import ItemRow, Named, ProductRow
from pos.till.basket import Counter, GoodsLine, Request, SaleRefusedError, UnitLine
from pos.till.line import SaleLine
from shared import codes
from shared.items import ItemState, move
from shared.ledger import Turn
from shared.staff import Actor

UNSELLABLE = {ItemState.PAID: "already_paid", ItemState.DEPARTED: "already_paid"}


def sellable_lines(turn: Turn, counter: Counter, actor: Actor, request: Request) -> list[SaleLine]:
    """The lines of the sale, its units locked in the order of their ids.

    Raises SaleRefusedError for the first line that cannot be sold.
    """
    units = [line for line in request.lines if isinstance(line, UnitLine)]
    goods = [codes.product_key(line.product) for line in request.lines if isinstance(line, GoodsLine)]
    items = iter(_locked_units(turn.connection, units))
    products = lookup.find_products(turn.connection, goods) if goods else {}
    lines = [
        _unit(line, next(items), turn, counter, request.id) if isinstance(line, UnitLine) else _goods(line, products)
        for line in request.lines
    ]
    _refuse_twice(lines)
    for line in lines:
        if line.item:
            move("sold", ItemState(line.item.state), actor.role)
    return lines


def why_not_sellable(item: ItemRow, cart: str, now: int, counter: Counter) -> str:
    """The reason code that keeps this unit from being sold in this cart, "" if nothing does. `now` is in µs."""
    state = ItemState(item.state)
    if state is not ItemState.IN_STOCK:
        return UNSELLABLE.get(state, state.value)
    if item.cart and item.cart != cart and (item.cart_until or 0) > now:
        return "held"
    if item.expires_on and date.fromisoformat(item.expires_on) < counter.day(now):
        return "expired"
    return ""


def _locked_units(connection: Connection, lines: Sequence[UnitLine]) -> list[ItemRow]:
    """The unit of each line, in the order of the lines."""
    candidates = lookup.lock_units(connection, [line.serial for line in lines])
    return [_one_unit(connection, line, units) for line, units in zip(lines, candidates, strict=True)]


def _one_unit(connection: Connection, line: UnitLine, candidates: Sequence[ItemRow]) -> ItemRow:
    if not candidates:
        named = lookup.name_texts(connection, [line.serial])[0]
        raise SaleRefusedError(*_why_missing(named), serial=line.serial)
    key = codes.product_key(line.product)
    fitting = [unit for unit in candidates if not key or unit.product.key == key]
    if len(fitting) == 1:
        return fitting[0]
    listed = [{"serial": unit.serial, "product": unit.product.code} for unit in candidates]
    if fitting:
        why = "this serial is on units of several products: scan the shop's label, or name the product beside it"
        raise SaleRefusedError("ambiguous", why, serial=line.serial, candidates=listed)
    why = f"no unit of product {line.product!r} with this serial was received"
    raise SaleRefusedError("unknown", why, serial=line.serial, candidates=listed)


def _why_missing(named: Named) -> tuple[str, str]:
    if named.miss == codes.Miss.DAMAGED:
        return "damaged", "this looks like the shop's label, but a character of it was misread"
    if named.product or named.miss == codes.Miss.PRODUCT_CODE:
        return "product_code", "this is a product's code: scan the serial of the unit"
    return "unknown", "no unit with this serial was received"


def _goods(line: GoodsLine, products: Mapping[str, ProductRow]) -> SaleLine:
    product = products.get(codes.product_key(line.product))
    if product is None:
        raise SaleRefusedError("unknown", "no product has this code", product=line.product)
    if product.serialised:
        raise SaleRefusedError("needs_serial", "units of this product are sold by their serials", product=line.product)
    return SaleLine(product, None, line.quantity, line.grant)


def _unit(line: UnitLine, item: ItemRow, turn: Turn, counter: Counter, sale_id: str) -> SaleLine:
    reason = why_not_sellable(item, sale_id, turn.now, counter)
    if reason:
        facts = {"till": item.cart_register} if reason == "held" else {}
        raise SaleRefusedError(reason, f"this unit cannot be sold: {reason}", serial=line.serial, **facts)
    return SaleLine(item.product, item, 1, line.grant)


def _refuse_twice(lines: Sequence[SaleLine]) -> None:
    seen: set[int] = set()
    for line in lines:
        if line.item and line.item.id in seen:
            raise SaleRefusedError("twice", "this unit is on two lines", serial=line.item.serial)
        if line.item:
            seen.add(line.item.id)
