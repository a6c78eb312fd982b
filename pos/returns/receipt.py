"""What the receipt of a ticket says of goods that came back. Pure."""

from typing import Any

from pos.returns.rules import Back, Refund
from pos.returns.take_back import TakenBack
from pos.till.basket import Counter
from pos.till.methods import Method
from pos.till.receipt import receipt_head
from shared.ledger import Turn


def returned_facts(taken: TakenBack) -> dict[str, Any]:
    """The part of a receipt that tells what came back, and how it was paid back."""
    return {
        "total": taken.total,
        "lines": [_line(back) for back in taken.backs],
        "refunds": [_refund(refund, taken) for refund in taken.refunds],
        "rounding": taken.rounding,
    }


def bare_receipt(turn: Turn, counter: Counter, ticket_id: str, number: str, taken: TakenBack) -> dict[str, Any]:
    """The receipt of a ticket with nothing new in it, in the form of a sale's."""
    return {
        **receipt_head(turn, counter, ticket_id, number),
        "lines": [],
        "returned": returned_facts(taken),
        "total": 0,
        "payments": [],
        "paid": 0,
        "rounding": 0,
        "change": 0,
        "signed": [],
    }


def _line(back: Back) -> dict[str, Any]:
    product = back.sold.product
    unit = {"serial": back.sold.item.serial} if back.sold.item else {}
    told = {"product": {"code": product.code, "name": product.name}, "quantity": back.quantity, "amount": back.amount}
    return {**unit, **told, "tax": back.tax, "of": back.sold.number, "reason": back.reason.value}


def _refund(refund: Refund, taken: TakenBack) -> dict[str, Any]:
    told = {"method": refund.method.value, "amount": refund.amount}
    if refund.method is Method.CREDIT and taken.credit:
        return {**told, "code": taken.credit.code}
    return {**told, "reference": refund.reference} if refund.reference else told
