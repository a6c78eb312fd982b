"""A sale: one transaction that takes the money and marks every unit paid, or nothing at all.

The client makes the sale's UUID before it first sends; the same request again gets the same reply. Checked in this
order: lines, expected total, payments. A refusal uses up no id.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update

from pos.till import references, sale_claim, store_credit
from pos.till.basket import (
    Counter,
    GoodsLine,
    Paid,
    PaymentError,
    Request,
    SaleConflictError,
    SaleRefusedError,
    UnitLine,
    hash_of,
)
from pos.till.methods import Settlement, check_references, settle
from pos.till.receipt import kept, make_receipt
from pos.till.sale_claim import SoldUnit
from pos.till.sale_lines import sellable_lines, why_not_sellable
from pos.till.sale_prices import PricedSale, line_row, price_sale, write_prices
from shared import ledger, schema
from shared.database import Database
from shared.ledger import Turn
from shared.staff import Actor
from shared.statements import Change, Statement

__all__ = [
    "Counter",
    "GoodsLine",
    "Outcome",
    "Paid",
    "PaymentError",
    "Request",
    "SaleConflictError",
    "SaleRefusedError",
    "UnitLine",
    "bury",
    "hash_of",
    "is_decided",
    "sell",
    "sell_within",
    "why_not_sellable",
]

TILL = "till"  # the kind of a till's register


@dataclass(frozen=True, slots=True)
class Outcome:
    """The receipt, and whether this call made the sale or only told of it again."""

    receipt: dict[str, Any]
    is_new: bool


def sell(database: Database, counter: Counter, actor: Actor, request: Request) -> Outcome:
    """Sell, or tell again what was sold. Raises SaleRefusedError and its kinds; then nothing has happened."""
    return database.write(lambda connection: sell_within(connection, counter, actor, request))


def bury(connection: Connection, counter: Counter, actor: Actor, sale_id: str) -> bool:
    """Put a tombstone on the id, so that a late request cannot pay goods that went back to the shelf.

    False: it was sold before.
    """
    is_new = sale_claim.claim(connection, sale_id, b"", counter.register, actor.id)
    return is_new or not sale_claim.stored(connection, sale_id)[1]


def is_decided(connection: Connection, sale_id: str) -> bool:
    """Whether this id was sold or cancelled before."""
    return sale_claim.is_taken(connection, sale_id)


def sell_within(connection: Connection, counter: Counter, actor: Actor, request: Request) -> Outcome:
    """`sell` as a part of a transaction that the caller commits."""
    if not sale_claim.claim(connection, request.id, request.request_hash, counter.register, actor.id):
        return Outcome(_told_before(connection, request), is_new=False)
    with ledger.turn(connection, counter.store, counter.register, actor.id, TILL) as turn:
        lines = sellable_lines(turn, counter, actor, request)
        priced = price_sale(turn, counter, actor, request, lines)
        settlement = _settle(counter, request, priced.pricing.total)
        references.claim(connection, request.id, request.payments)
        paid = replace(request, payments=tuple(store_credit.spend(turn, request.id, request.payments)))
        turn.receipts += 1
        receipt = make_receipt(turn, counter, paid, priced, settlement)
        sale_claim.mark_paid(turn, request.id, _units(priced))
        _write(turn, request, priced, receipt)
    return Outcome(receipt, is_new=True)


def _settle(counter: Counter, request: Request, total: int) -> Settlement:
    if request.expected_total not in {None, total}:
        why = f"expected a total of {request.expected_total}, it is {total}"
        raise SaleRefusedError("price_changed", why, total=total)
    check_references(request.payments)
    return settle(total, request.payments, counter.rounding)


def _told_before(connection: Connection, request: Request) -> dict[str, Any]:
    request_hash, reply = sale_claim.stored(connection, request.id)
    if not reply:
        raise SaleConflictError("cancelled", "this sale was cancelled; start a new one", id=request.id)
    if request_hash != request.request_hash:
        raise SaleConflictError("other_content", "this id belongs to a sale of other content", id=request.id)
    receipt: dict[str, Any] = json.loads(reply)
    return receipt


def _units(sale: PricedSale) -> list[SoldUnit]:
    return [
        SoldUnit(line.item.id, line.item.version, line.item.product.price, cost.amount)
        for line, cost in zip(sale.lines, sale.pricing.lines, strict=True)
        if line.item
    ]


def _write(turn: Turn, request: Request, sale: PricedSale, receipt: Mapping[str, Any]) -> None:
    turn.write_last(Change(_ADD_LINES, _line_rows(request.id, sale)))
    payments = [_payment_row(request.id, *paid) for paid in enumerate(request.payments, 1)]
    turn.write_last(Change(_ADD_PAYMENTS, payments))
    reply = kept(receipt)
    finished = {name: receipt[name] for name in ("number", "total", "rounding")}
    turn.write_last(Change(_FINISH, [{"id": request.id, "at": turn.now, "reply": reply, **finished}], must_meet=True))
    summary = {name: receipt[name] for name in ("number", "total", "rounding", "payments", "change")}
    told = write_prices(turn, request.id, sale)
    turn.record("sale", request.id, 1, "sold", "sold", {**summary, "lines": len(sale.lines), **told})


def _line_rows(sale_id: str, sale: PricedSale) -> list[dict[str, Any]]:
    is_taxed = bool(sale.pricing.taxes)
    return [
        {
            "sale_id": sale_id,
            "line": number,
            "product_id": line.product.id,
            "item_id": line.item.id if line.item else None,
            "quantity": line.quantity,
            **line_row(line, cost, is_taxed=is_taxed),
        }
        for number, (line, cost) in enumerate(zip(sale.lines, sale.pricing.lines, strict=True), 1)
    ]


def _payment_row(sale_id: str, number: int, paid: Paid) -> dict[str, Any]:
    return {
        "sale_id": sale_id,
        "line": number,
        "method": paid.method,
        "amount": paid.amount,
        "reference": paid.reference,
        "standing": "",
        "version": 0,
    }


_S = schema.table(schema.Sale)
_FINISH = Statement(
    update(_S)
    .where(_S.c.id == bindparam("id"))
    .values({name: bindparam(name) for name in ("number", "total", "rounding", "at", "reply")})
)
_ADD_LINES = Statement(insert(schema.SaleLine))
_ADD_PAYMENTS = Statement(insert(schema.Payment))
