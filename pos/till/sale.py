"""A sale: one transaction that takes the money and marks every unit paid, or nothing at all.

The client makes the sale's UUID before it first sends; the same request again gets the same reply. Checked in this
order: lines, expected total, payments. A refusal uses up no id.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, insert, null, select, text, update

from pos import lookup
from pos.lookup import ItemRow, Named, ProductRow
from shared import codes, ledger, schema
from shared.database import Database
from shared.items import ItemState, move
from shared.ledger import Turn
from shared.staff import Actor
from shared.statements import Among, Statement

UNSELLABLE = {ItemState.PAID: "already_paid", ItemState.DEPARTED: "already_paid"}
MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit by a text of its label; `product` names its product where the text alone is ambiguous."""

    serial: str
    product: str = ""


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """A quantity of a product that carries no serial."""

    product: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment, in the currency's shop unit; `reference` is the terminal's."""

    method: str
    amount: int
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks to sell; `request_hash` tells the same request from another with the same id."""

    id: str
    lines: tuple[UnitLine | GoodsLine, ...]
    payments: tuple[Paid, ...]
    expected_total: int | None
    request_hash: bytes


@dataclass(frozen=True, slots=True)
class Counter:
    """Where a sale happens: the till's register, its shop's currency and clock."""

    store: str
    register: str
    currency: str
    timezone: ZoneInfo


class SaleRefusedError(Exception):
    """The sale did not happen. `reason` is the code for programs, `facts` name the line or the amounts."""

    def __init__(self, reason: str, detail: str, **facts: Any) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.facts = facts


class SaleConflictError(SaleRefusedError):
    """The id is that of another request, or of a cancelled sale."""


class PaymentError(SaleRefusedError):
    """The payments do not fit the total."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The receipt, and whether this call made the sale or only told of it again."""

    receipt: dict[str, Any]
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Line:
    product: ProductRow
    item: ItemRow | None
    quantity: int

    @property
    def amount(self) -> int:
        return self.product.price * self.quantity


def hash_of(content: Mapping[str, Any]) -> bytes:
    """What tells one request from another: its content as values, so that spacing and key order do not matter."""
    return hashlib.sha256(ledger.canonical(content).encode()).digest()


def sell(database: Database, counter: Counter, actor: Actor, request: Request) -> Outcome:
    """Sell, or tell again what was sold. Raises SaleRefusedError and its kinds; then nothing has happened."""
    return database.write(lambda connection: sell_within(connection, counter, actor, request))


def bury(connection: Connection, counter: Counter, actor: Actor, sale_id: str) -> bool:
    """Put a tombstone on the id, so that a late request cannot pay goods that went back to the shelf.

    False: it was sold before.
    """
    tomb = {"id": sale_id, "hash": b"", "register": counter.register, "actor": actor.id}
    return _CLAIM.run(connection, **tomb).rowcount == 1 or not _stored(connection, sale_id)[1]


def sell_within(connection: Connection, counter: Counter, actor: Actor, request: Request) -> Outcome:
    """`sell` as a part of a transaction that the caller commits."""
    claim = {"id": request.id, "hash": request.request_hash, "register": counter.register, "actor": actor.id}
    if _CLAIM.run(connection, **claim).rowcount == 0:
        return Outcome(_told_before(connection, request), is_new=False)
    with ledger.turn(connection, counter.store, counter.register, actor.id) as turn:
        lines = _lines(turn, counter, actor, request)
        total = sum(line.amount for line in lines)
        if request.expected_total is not None and request.expected_total != total:
            raise SaleRefusedError(
                "price_changed", f"expected a total of {request.expected_total}, it is {total}", total=total
            )
        change = change_due(total, request.payments)
        _mark_paid(turn, request.id, [line.item for line in lines if line.item])
        turn.receipts += 1
        receipt = _receipt(turn, counter, request, lines, change)
        _write(turn, request, lines, receipt)
    return Outcome(receipt, is_new=True)


def change_due(total: int, payments: Sequence[Paid]) -> int:
    """What to give back: only cash may exceed the total. Raises PaymentError."""
    paid = sum(payment.amount for payment in payments)
    if paid < total:
        raise PaymentError("payment_short", f"expected payments of {total}, got {paid}", total=total, paid=paid)
    cashless = sum(payment.amount for payment in payments if payment.method != "cash")
    if cashless > total:
        raise PaymentError(
            "payment_over", f"expected at most {total} that is not cash, got {cashless}", total=total, paid=paid
        )
    return paid - total


def _told_before(connection: Connection, request: Request) -> dict[str, Any]:
    request_hash, reply = _stored(connection, request.id)
    if not reply:
        raise SaleConflictError("cancelled", "this sale was cancelled; start a new one", id=request.id)
    if request_hash != request.request_hash:
        raise SaleConflictError("other_content", "this id belongs to a sale of other content", id=request.id)
    receipt: dict[str, Any] = json.loads(reply)
    return receipt


def _stored(connection: Connection, sale_id: str) -> tuple[bytes, str]:
    row = _STORED.run(connection, id=sale_id).one()
    return row[0], row[1]


def _lines(turn: Turn, counter: Counter, actor: Actor, request: Request) -> list[_Line]:
    units = [line for line in request.lines if isinstance(line, UnitLine)]
    named = lookup.name_texts(turn.connection, [line.serial for line in units])
    ids = [_one_unit(turn.connection, line, name) for line, name in zip(units, named, strict=True)]
    items = {item.id: item for item in lookup.lock_items(turn.connection, ids)} if ids else {}
    goods = [codes.product_key(line.product) for line in request.lines if isinstance(line, GoodsLine)]
    products = lookup.find_products(turn.connection, goods) if goods else {}
    by_line = dict(zip(units, ids, strict=True))
    lines: list[_Line] = []
    for line in request.lines:
        if isinstance(line, GoodsLine):
            lines.append(_goods(line, products))
        else:
            lines.append(_unit(line, items[by_line[line]], turn, counter, actor, request.id))
    _refuse_twice(lines)
    return lines


def _one_unit(connection: Connection, line: UnitLine, named: Named) -> int:
    if not named.items:
        raise SaleRefusedError(*_why_missing(named), serial=line.serial)
    if len(named.items) == 1 and not line.product:
        return named.items[0]
    candidates = lookup.find_items(connection, named.items)
    fitting = [item for item in candidates if not line.product or item.product.key == codes.product_key(line.product)]
    if len(fitting) == 1:
        return fitting[0].id
    raise SaleRefusedError(
        "ambiguous" if fitting else "unknown",
        "this serial is on units of several products: scan the shop's label, or name the product beside it",
        serial=line.serial,
        candidates=[{"serial": item.serial, "product": item.product.code} for item in candidates],
    )


def _why_missing(named: Named) -> tuple[str, str]:
    if named.miss == codes.Miss.DAMAGED:
        return "damaged", "this looks like the shop's label, but a character of it was misread"
    if named.product or named.miss == codes.Miss.PRODUCT_CODE:
        return "product_code", "this is a product's code: scan the serial of the unit"
    return "unknown", "no unit with this serial was received"


def _goods(line: GoodsLine, products: Mapping[str, ProductRow]) -> _Line:
    product = products.get(codes.product_key(line.product))
    if product is None:
        raise SaleRefusedError("unknown", "no product has this code", product=line.product)
    if product.serialised:
        raise SaleRefusedError("needs_serial", "units of this product are sold by their serials", product=line.product)
    return _Line(product, None, line.quantity)


def _unit(line: UnitLine, item: ItemRow, turn: Turn, counter: Counter, actor: Actor, sale_id: str) -> _Line:
    reason = why_not_sellable(item, sale_id, turn.now, counter.timezone)
    if reason:
        facts = {"till": item.cart_register} if reason == "held" else {}
        raise SaleRefusedError(reason, f"this unit cannot be sold: {reason}", serial=line.serial, **facts)
    move("sold", ItemState(item.state), actor.role)
    return _Line(item.product, item, 1)


def why_not_sellable(item: ItemRow, cart: str, now: int, timezone: ZoneInfo) -> str:
    """The reason code that keeps this unit from being sold in this cart, "" if nothing does. `now` is in µs."""
    state = ItemState(item.state)
    if state is not ItemState.IN_STOCK:
        return UNSELLABLE.get(state, state.value)
    if item.cart and item.cart != cart and (item.cart_until or 0) > now:
        return "held"
    today = datetime.fromtimestamp(now / MICROSECONDS, timezone).date()
    if item.expires_on and date.fromisoformat(item.expires_on) < today:
        return "expired"
    return ""


def _refuse_twice(lines: Sequence[_Line]) -> None:
    seen: set[int] = set()
    for line in lines:
        if line.item and line.item.id in seen:
            raise SaleRefusedError("twice", "this unit is on two lines", serial=line.item.serial)
        if line.item:
            seen.add(line.item.id)


def _mark_paid(turn: Turn, sale_id: str, items: Sequence[ItemRow]) -> None:
    ids = [item.id for item in items]
    if ids:
        moved = _PAY.run(turn.connection, ids=ids, register=turn.register, now=turn.now)
        if moved.rowcount != len(ids):
            raise AssertionError(f"locked {len(ids)} items in stock, moved {moved.rowcount}")
    for item in items:
        turn.record(
            "item", item.id, item.version + 1, "sold", ItemState.PAID, {"sale": sale_id, "price": item.product.price}
        )


def _receipt(turn: Turn, counter: Counter, request: Request, lines: Sequence[_Line], change: int) -> dict[str, Any]:
    return {
        "id": request.id,
        "number": f"{turn.register}-{turn.receipts:06d}",
        "at": datetime.fromtimestamp(turn.now / MICROSECONDS, UTC).isoformat(timespec="milliseconds"),
        "store": turn.store,
        "register": turn.register,
        "currency": counter.currency,
        "lines": [_receipt_line(line) for line in lines],
        "total": sum(line.amount for line in lines),
        "payments": [_receipt_payment(payment) for payment in request.payments],
        "paid": sum(payment.amount for payment in request.payments),
        "change": change,
    }


def _receipt_line(line: _Line) -> dict[str, Any]:
    product = {"code": line.product.code, "name": line.product.name}
    serial = {"serial": line.item.serial} if line.item else {}
    return {**serial, "product": product, "quantity": line.quantity, "price": line.product.price, "amount": line.amount}


def _receipt_payment(payment: Paid) -> dict[str, Any]:
    reference = {"reference": payment.reference} if payment.reference else {}
    return {"method": payment.method, "amount": payment.amount, **reference}


def _write(turn: Turn, request: Request, lines: Sequence[_Line], receipt: Mapping[str, Any]) -> None:
    _ADD_LINES.run_many(
        turn.connection,
        [
            {
                "sale_id": request.id, "line": number, "product_id": line.product.id,
                "item_id": line.item.id if line.item else None, "quantity": line.quantity, "price": line.product.price,
            }
            for number, line in enumerate(lines, 1)
        ],
    )  # fmt: skip
    _ADD_PAYMENTS.run_many(
        turn.connection,
        [
            {
                "sale_id": request.id,
                "line": number,
                "method": paid.method,
                "amount": paid.amount,
                "reference": paid.reference,
            }
            for number, paid in enumerate(request.payments, 1)
        ],
    )
    _FINISH.run(
        turn.connection,
        id=request.id,
        number=receipt["number"],
        total=receipt["total"],
        at=turn.now,
        reply=json.dumps(receipt, separators=(",", ":"), ensure_ascii=False),
    )
    summary = {name: receipt[name] for name in ("number", "total", "payments", "change")}
    turn.record("sale", request.id, 1, "sold", "sold", {**summary, "lines": len(lines)})


_S = schema.Sale.__table__
_I = schema.Item.__table__
_CLAIM = Statement(
    text(
        "INSERT INTO sale (id, request_hash, register, number, total, actor, at, reply)"
        " VALUES (:id, :hash, :register, '', 0, :actor, 0, '') ON CONFLICT (id) DO NOTHING"
    )
)
_STORED = Statement(select(_S.c.request_hash, _S.c.reply).where(_S.c.id == bindparam("id")))
_FINISH = Statement(
    update(_S)
    .where(_S.c.id == bindparam("id"))
    .values({name: bindparam(name) for name in ("number", "total", "at", "reply")})
)
_PAY = Statement(
    update(_I)
    .where(Among(_I.c.id, "ids"), _I.c.state == ItemState.IN_STOCK.value)
    .values(
        state=ItemState.PAID.value,
        version=_I.c.version + 1,
        cart=null(),
        cart_until=null(),
        cart_register=bindparam("register"),
        cart_at=bindparam("now"),
    )
)
_ADD_LINES = Statement(insert(schema.SaleLine))
_ADD_PAYMENTS = Statement(insert(schema.Payment))
