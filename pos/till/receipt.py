"""The receipt of a sale as the API gives it, and the codes to print on it. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pos.barcode_picture import Barcode, qr_code
from pos.till.basket import Counter, Paid, Request
from pos.till.methods import Settlement
from pos.till.sale_lines import MICROSECONDS, SaleLine
from shared import signed_receipt
from shared.ledger import Turn
from shared.signed_receipt import SaleName, SoldUnit


def make_receipt(
    turn: Turn, counter: Counter, request: Request, lines: Sequence[SaleLine], settlement: Settlement
) -> dict[str, Any]:
    """The receipt; its number counts the sales of this till, and `signed` are the texts of the codes to print on it."""
    sale = SaleName(turn.store, turn.register, turn.receipts, turn.now)
    return {
        "id": request.id,
        "number": sale.number,
        "at": datetime.fromtimestamp(turn.now / MICROSECONDS, UTC).isoformat(timespec="milliseconds"),
        "store": turn.store,
        "register": turn.register,
        "currency": counter.currency,
        "lines": [_line(line) for line in lines],
        "total": sum(line.amount for line in lines),
        "payments": [_payment(payment) for payment in request.payments],
        "paid": sum(payment.amount for payment in request.payments),
        "rounding": settlement.rounding,
        "change": settlement.change,
        "signed": signed_receipt.make(sale, _sold(lines), counter.signer) if counter.signer else [],
    }


def receipt_codes(receipt: Mapping[str, Any]) -> list[Barcode]:
    """What a gate scans; none on a receipt of before there were any."""
    return [qr_code(text) for text in receipt.get("signed", ())]


def _sold(lines: Sequence[SaleLine]) -> list[SoldUnit]:
    """The units as the sale leaves them."""
    return [SoldUnit(line.product.id, line.item.serial, line.item.version + 1) for line in lines if line.item]


def _line(line: SaleLine) -> dict[str, Any]:
    product = {"code": line.product.code, "name": line.product.name}
    serial = {"serial": line.item.serial} if line.item else {}
    return {**serial, "product": product, "quantity": line.quantity, "price": line.product.price, "amount": line.amount}


def _payment(payment: Paid) -> dict[str, Any]:
    reference = {"reference": payment.reference} if payment.reference else {}
    left = {"left": payment.left} if payment.left is not None else {}
    return {"method": payment.method, "amount": payment.amount, **reference, **left}
