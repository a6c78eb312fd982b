"""A sale as JSON, checked in full before anything happens. Pure."""

import json
import re
import uuid
from collections.abc import Mapping
from typing import Any, NoReturn

from pos.api.problems import Problem
from pos.till.sale import GoodsLine, Paid, Request, UnitLine, hash_of

MOST_LINES = 500
MOST_PAYMENTS = 20
MOST_QUANTITY = 999
MOST_MONEY = 10**15
METHODS = ("cash", "card")
LONGEST_REFERENCE = 64
CARD_NUMBER = re.compile(r"(?<![0-9])(?:[0-9][ -]?){12,18}[0-9](?![0-9])")
TEXT = re.compile(r"[\x1d\x20-\x7e]{1,512}")


def parse_body(body: bytes) -> dict[str, Any]:
    """A JSON object. Raises Problem 400 for anything else."""
    try:
        content = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
        json.dumps(content, ensure_ascii=False).encode("utf-8")  # half of a surrogate pair is no text
    except (ValueError, RecursionError):
        raise Problem(400, "bad_json", "expected a JSON object as UTF-8, got something else") from None
    if not isinstance(content, dict):
        raise Problem(400, "bad_json", f"expected a JSON object, got {type(content).__name__}")
    return content


def parse_sale(content: Mapping[str, Any]) -> Request:
    """The sale that a JSON object asks for. Raises Problem 400 that names the member that is wrong."""
    _members("the sale", content, required={"id", "lines", "payments"}, optional={"expected_total"})
    expected = content.get("expected_total")
    return Request(
        id=_uuid(content["id"]),
        lines=tuple(_line(number, line) for number, line in enumerate(_list("lines", content["lines"], MOST_LINES), 1)),
        payments=tuple(_payment(line) for line in _list("payments", content["payments"], MOST_PAYMENTS, least=0)),
        expected_total=None if expected is None else _whole("expected_total", expected, MOST_MONEY, least=0),
        request_hash=hash_of(content),
    )


def looks_like_card_number(reference: str) -> bool:
    """Whether a reference holds a payment card's number, 13 to 19 digits with a right Luhn sum (ISO/IEC 7812)."""
    return any(_has_luhn_sum(re.sub("[ -]", "", number)) for number in CARD_NUMBER.findall(reference))


def _has_luhn_sum(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return sum(digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(digits)) % 10 == 0


def _line(number: int, line: object) -> UnitLine | GoodsLine:
    where = f"line {number}"
    if not isinstance(line, dict):
        _bad(where, "an object", line)
    if "serial" in line:
        _members(where, line, required={"serial"}, optional={"product"})
        beside = _text(f"{where} product", line["product"]) if "product" in line else ""
        return UnitLine(_text(f"{where} serial", line["serial"]), beside)
    _members(where, line, required={"product", "quantity"}, optional=set())
    quantity = _whole(f"{where} quantity", line["quantity"], MOST_QUANTITY, least=1)
    return GoodsLine(_text(f"{where} product", line["product"]), quantity)


def _payment(payment: object) -> Paid:
    if not isinstance(payment, dict):
        _bad("payment", "an object", payment)
    _members("payment", payment, required={"method", "amount"}, optional={"reference"})
    if payment["method"] not in METHODS:
        _bad("payment method", f"one of {', '.join(METHODS)}", payment["method"])
    reference = _text("payment reference", payment["reference"]) if payment.get("reference", "") != "" else ""
    if len(reference) > LONGEST_REFERENCE:
        _bad("payment reference", f"at most {LONGEST_REFERENCE} characters", reference)
    if looks_like_card_number(reference):
        raise Problem(400, "card_number", "expected the terminal's reference, got what looks like a card's number")
    return Paid(payment["method"], _whole("payment amount", payment["amount"], MOST_MONEY, least=1), reference)


def _members(where: str, value: Mapping[str, Any], required: set[str], optional: set[str]) -> None:
    missing, strange = required - set(value), set(value) - required - optional
    if missing:
        raise Problem(400, "bad_request", f"{where}: expected the member {min(missing)!r}, it is missing")
    if strange:
        known = ", ".join(sorted(required | optional))
        raise Problem(400, "bad_request", f"{where}: unknown member {min(strange)[:40]!r}; known are {known}")


def _uuid(value: object) -> str:
    try:
        parsed = uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        parsed = None
    if parsed is None or str(parsed) != str(value).lower():
        _bad("id", "a UUID such as 0b6f7f0e-6a3c-4e39-9d35-5f0f6f2f6b1d", value)
    return str(parsed)


def _list(where: str, value: object, most: int, least: int = 1) -> list[Any]:
    if not isinstance(value, list) or not least <= len(value) <= most:
        _bad(where, f"a list of {least} to {most}", value)
    return value


def _whole(where: str, value: object, most: int, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        _bad(where, f"a whole number from {least} to {most}", value)
    return value


def _text(where: str, value: object) -> str:
    if not isinstance(value, str) or not TEXT.fullmatch(value):
        _bad(where, "1 to 512 printable ASCII characters", value)
    return value


def _bad(where: str, expected: str, value: object) -> NoReturn:
    raise Problem(400, "bad_request", f"{where}: expected {expected}, got {json.dumps(value)[:80]}")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
