"""The receipt of a sale as the API gives it. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from pos.till.basket import Counter, Paid, Request
from pos.till.sale_lines import MICROSECONDS, SaleLine
from shared.ledger import Turn


def make_receipt(
    turn: Turn, counter: Counter, request: Request, lines: Sequence[SaleLine], change: int
) -> dict[str, Any]:
    """The receipt; its number counts the sales of this till."""
    return {
        "id": request.id,
        "number": f"{turn.register}-{turn.receipts:06d}",
        "at": datetime.fromtimestamp(turn.now / MICROSECONDS, UTC).isoformat(timespec="milliseconds"),
        "store": turn.store,
        "register": turn.register,
        "currency": counter.currency,
        "lines": [_line(line) for line in lines],
        "total": sum(line.amount for line in lines),
        "payments": [_payment(payment) for payment in request.payments],
        "paid": sum(payment.amount for payment in request.payments),
        "change": change,
    }


def _line(line: SaleLine) -> dict[str, Any]:
    product = {"code": line.product.code, "name": line.product.name}
    serial = {"serial": line.item.serial} if line.item else {}
    return {**serial, "product": product, "quantity": line.quantity, "price": line.product.price, "amount": line.amount}


def _payment(payment: Paid) -> dict[str, Any]:
    reference = {"reference": payment.reference} if payment.reference else {}
    return {"method": payment.method, "amount": payment.amount, **reference}
