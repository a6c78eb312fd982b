"""The receipt of a sale as the API gives it, and the codes to print on it. Pure."""

import calendar
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from pos.barcode_picture import Barcode, qr_code
from pos.lookup import ItemRow
from pos.till.basket import MICROSECONDS, Counter, Paid, Request
from pos.till.line import SaleLine
from pos.till.methods import Settlement
from pos.till.pricing import LinePrice
from pos.till.sale_prices import PricedSale, tax_facts
from shared import signed_receipt
from shared.ledger import Turn
from shared.signed_receipt import SaleName, SoldUnit

_KEPT = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


def make_receipt(
    turn: Turn, counter: Counter, request: Request, priced: PricedSale, settlement: Settlement
) -> dict[str, Any]:
    """The receipt; its number counts the sales of this till, and `signed` are the texts of the codes to print on it.

    What was off, and the tax, are in it only where there is any.
    """
    sale = SaleName(turn.store, turn.register, turn.receipts, turn.now)
    day = counter.day(turn.now)
    return {
        **receipt_head(turn, counter, request.id, sale.number),
        "lines": [_line(line, cost, day) for line, cost in zip(priced.lines, priced.pricing.lines, strict=True)],
        **({"returned": request.returned} if request.returned else {}),
        **_reductions(priced),
        **_taxes(priced, counter),
        "total": priced.pricing.total,
        "payments": [_payment(payment) for payment in request.payments],
        "paid": sum(payment.amount for payment in request.payments),
        "rounding": settlement.rounding,
        "change": settlement.change,
        "signed": signed_receipt.make(sale, _sold(priced.lines), counter.signer) if counter.signer else [],
    }


def receipt_head(turn: Turn, counter: Counter, ticket: str, number: str) -> dict[str, Any]:
    """What every receipt begins with; `ticket` is the id of what it is of."""
    return {
        "id": ticket,
        "number": number,
        "at": datetime.fromtimestamp(turn.now / MICROSECONDS, UTC).isoformat(timespec="milliseconds"),
        "store": turn.store,
        "register": turn.register,
        "currency": counter.currency,
    }


def kept(receipt: Mapping[str, Any]) -> str:
    """A receipt as its row keeps it, to be told again."""
    return _KEPT.encode(receipt)


def receipt_codes(receipt: Mapping[str, Any]) -> list[Barcode]:
    """What a gate scans; none on a receipt of before there were any."""
    return [qr_code(text) for text in receipt.get("signed", ())]


def _sold(lines: Sequence[SaleLine]) -> list[SoldUnit]:
    """The units as the sale leaves them."""
    return [SoldUnit(line.product.id, line.item.serial, line.item.version + 1) for line in lines if line.item]


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _line(line: SaleLine, cost: LinePrice, day: date) -> dict[str, Any]:
    told = _unit(line.item, day) if line.item else {}
    told["product"] = {"code": line.product.code, "name": line.product.name}
    told |= {"quantity": line.quantity, "price": line.product.price, "amount": cost.full}
    if line.grant:
        told |= {"discount": cost.discount, "reason": line.grant.reason.value}
    if cost.amount != cost.full:
        told["paid"] = cost.amount
    return told


def _unit(item: ItemRow, day: date) -> dict[str, Any]:
    if item.warranty_months is None:
        return {"serial": item.serial}
    return {"serial": item.serial, "warranty_until": months_later(day, item.warranty_months).isoformat()}


def _reductions(priced: PricedSale) -> dict[str, Any]:
    if not priced.grant:
        return {}
    found = priced.pricing
    return {"subtotal": found.subtotal, "discount": found.share, "reason": priced.grant.reason.value}


def _taxes(priced: PricedSale, counter: Counter) -> dict[str, Any]:
    if not counter.tax.registered:
        return {}
    prices = "on_top" if priced.pricing.on_top else "inclusive"
    return {"npwp": counter.tax.npwp, "prices": prices, "taxes": [tax_facts(part) for part in priced.pricing.taxes]}


def _payment(payment: Paid) -> dict[str, Any]:
    reference = {"reference": payment.reference} if payment.reference else {}
    left = {"left": payment.left} if payment.left is not None else {}
    return {"method": payment.method, "amount": payment.amount, **reference, **left}
