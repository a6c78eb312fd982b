"""A sale as JSON, checked in full before anything happens. Pure."""

import uuid
from collections.abc import Mapping
from typing import Any

from pos.api.discount_request import parse_discount
from pos.api.json_body import bad, listed, members, text, whole
from pos.api.problems import Problem
from pos.till.credit_code import CreditCodeError, credit_id, read_code
from pos.till.methods import LONGEST_REFERENCE, Method, holds_card_number
from pos.till.sale import GoodsLine, Paid, Request, UnitLine, hash_of

MOST_LINES = 500
MOST_PAYMENTS = 20
MOST_QUANTITY = 999
MOST_MONEY = 10**15


def parse_sale(content: Mapping[str, Any]) -> Request:
    """The sale that a JSON object asks for. Raises Problem 400 that names the member that is wrong."""
    members("the sale", content, {"id", "lines", "payments"}, frozenset({"expected_total", "discount"}))
    expected = content.get("expected_total")
    return Request(
        id=_uuid(content["id"]),
        lines=tuple(
            _line(number, line) for number, line in enumerate(listed("lines", content["lines"], MOST_LINES), 1)
        ),
        payments=tuple(_payment(line) for line in listed("payments", content["payments"], MOST_PAYMENTS, least=0)),
        expected_total=None if expected is None else whole("expected_total", expected, MOST_MONEY, least=0),
        request_hash=hash_of(content),
        grant=parse_discount("discount", content.get("discount")),
    )


def _line(number: int, line: object) -> UnitLine | GoodsLine:
    where = f"line {number}"
    if not isinstance(line, dict):
        bad(where, "an object", line)
    grant = parse_discount(f"{where} discount", line.get("discount"))
    if "serial" in line:
        members(where, line, {"serial"}, frozenset({"product", "discount"}))
        beside = text(f"{where} product", line["product"]) if "product" in line else ""
        return UnitLine(text(f"{where} serial", line["serial"]), beside, grant)
    members(where, line, {"product", "quantity"}, frozenset({"discount"}))
    quantity = whole(f"{where} quantity", line["quantity"], MOST_QUANTITY, least=1)
    return GoodsLine(text(f"{where} product", line["product"]), quantity, grant)


def _payment(payment: Any) -> Paid:
    members("payment", payment, {"method", "amount"}, frozenset({"reference"}))
    if payment["method"] not in list(Method):
        bad("payment method", f"one of {', '.join(Method)}", payment["method"])
    method = Method(payment["method"])
    amount = whole("payment amount", payment["amount"], MOST_MONEY, least=1)
    return Paid(method.value, amount, _reference(method, payment.get("reference", "")))


def _reference(method: Method, given: object) -> str:
    """The reference; a credit's code is known by its id from here on."""
    if given == "" and method in {Method.CASH, Method.CARD}:
        return ""
    reference = text("payment reference", given)
    if len(reference) > LONGEST_REFERENCE:
        bad("payment reference", f"at most {LONGEST_REFERENCE} characters", reference)
    if holds_card_number(reference):
        raise Problem(400, "card_number", "expected the terminal's reference, got what looks like a card's number")
    try:
        return credit_id(read_code(reference)) if method is Method.CREDIT else reference
    except CreditCodeError as error:
        raise Problem(400, "bad_request", f"payment reference: {error}") from None


def _uuid(value: object) -> str:
    try:
        parsed = uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        parsed = None
    if parsed is None or str(parsed) != str(value).lower():
        bad("id", "a UUID such as 0b6f7f0e-6a3c-4e39-9d35-5f0f6f2f6b1d", value)
    return str(parsed)
