"""A discount as JSON, of a line or of a whole sale. Pure."""

from typing import Any

from pos.api.json_body import bad, members, whole
from pos.till.discount import LONGEST_NOTE, Grant, Reason
from pos.till.pricing import HUNDRED_PERCENT, Discount

MOST_MONEY = 10**15
HUNDREDTHS = 100


def parse_discount(where: str, value: Any) -> Grant | None:
    """What is off, None where the value is. Raises Problem 400."""
    if value is None:
        return None
    members(where, value, {"reason"}, frozenset({"amount", "percent", "note"}))
    if ("amount" in value) == ("percent" in value):
        bad(where, "either an amount or a percent", value)
    if value["reason"] not in list(Reason):
        bad(f"{where} reason", f"one of {', '.join(Reason)}", value["reason"])
    return Grant(_off(where, value), Reason(value["reason"]), _note(where, value.get("note", "")))


def _off(where: str, value: Any) -> Discount:
    if "amount" in value:
        return Discount(amount=whole(f"{where} amount", value["amount"], MOST_MONEY, least=1))
    percent = whole(f"{where} percent", value["percent"], HUNDRED_PERCENT // HUNDREDTHS, least=1)
    return Discount(percent=percent * HUNDREDTHS)


def _note(where: str, note: object) -> str:
    if not isinstance(note, str) or len(note) > LONGEST_NOTE or not note.isprintable():
        bad(f"{where} note", f"printable text of at most {LONGEST_NOTE} characters", note)
    return note
