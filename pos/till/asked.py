"""What the till's page asks, checked. Everything here raises BadInputError in the person's language."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from flask import request

from pos.till import discount as discounts
from pos.till.approval import Shown
from pos.till.discount import Grant, Reason
from pos.till.pricing import HUNDRED_PERCENT, Discount
from shared.pages.faults import BadInputError
from shared.pages.speech import gettext

LONGEST_SCAN = 2000
LARGEST_KEY = 2**62
LARGEST_AMOUNT = 10**15

Choice = TypeVar("Choice", bound=str)


def body() -> dict[str, Any]:
    """The request's JSON object."""
    content = request.get_json(silent=True)
    if not isinstance(content, dict):
        raise BadInputError(gettext("Expected a JSON object."))
    return content


def text(content: dict[str, Any], name: str) -> str:
    """What was scanned or typed, "" for nothing."""
    value = content.get(name, "")
    if not isinstance(value, str) or len(value) > LONGEST_SCAN:
        raise BadInputError(gettext("Expected the text of one scan."))
    return value


def number(content: dict[str, Any], name: str) -> str:
    """The number of a cart or of a held sale."""
    value = text(content, name)
    if not (value and value.isascii() and value.isprintable()):
        raise BadInputError(gettext("Expected the cart's number. Open the page again."))
    return value


def whole(content: dict[str, Any], name: str) -> int:
    """A whole number."""
    value = content.get(name)
    if type(value) is not int or not 0 <= value < LARGEST_KEY:
        raise BadInputError(gettext("Expected a whole number."))
    return value


def amount(content: Mapping[str, Any], name: str) -> int:
    """An amount of money, in the currency's shop unit."""
    value = content.get(name)
    if type(value) is not int or not 0 <= value <= LARGEST_AMOUNT:
        raise BadInputError(gettext("Expected an amount of money as a whole number."))
    return value


def choice(content: Mapping[str, Any], name: str, choices: Iterable[Choice]) -> Choice:
    """What was chosen of these."""
    value = content.get(name)
    for one in choices:
        if one == value:
            return one
    raise BadInputError(gettext("Choose one from the list."))


def line(content: dict[str, Any]) -> str:
    """The key of a line of the cart."""
    key = text(content, "line")
    if re.fullmatch(r"return:[0-9a-f-]{36}:[0-9]{1,6}", key):
        return key
    digits = key.removeprefix("product:")
    if not digits.isascii() or not digits.isdigit() or int(digits) >= LARGEST_KEY:
        raise BadInputError(gettext("Expected a line of the cart."))
    return key


def discount(content: dict[str, Any]) -> Grant:
    """A discount: `amount` of money, or `percent` in hundredths, with its reason and perhaps a note."""
    off, percent = (whole(content, name) if name in content else 0 for name in ("amount", "percent"))
    told = note(content, discounts.LONGEST_NOTE)
    if bool(off) == bool(percent) or percent > HUNDRED_PERCENT:
        raise BadInputError(gettext("Type an amount, or a percentage up to 100."))
    reason = choice(content, "reason", Reason)
    if reason is Reason.OTHER and not told:
        raise BadInputError(gettext("Say in the note why."))
    return Grant(Discount(off, percent), reason, told)


def note(content: dict[str, Any], longest: int) -> str:
    """A short text of one line, "" for none."""
    return short(content, "note", longest)


def short(content: dict[str, Any], name: str, longest: int) -> str:
    """A note, a name: one line, "" for none."""
    value = " ".join(text(content, name).split())
    if len(value) > longest or not value.isprintable():
        raise BadInputError(gettext("Expected at most %(most)d characters.", most=longest))
    return value


def approval(content: dict[str, Any]) -> Shown | None:
    """What a leader showed with the request, None where nobody did."""
    given = content.get("approval")
    if given is None:
        return None
    if not isinstance(given, dict):
        raise BadInputError(gettext("Expected a JSON object."))
    return Shown(*(text(given, name) for name in ("badge", "person", "pin")))
