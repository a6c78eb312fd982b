"""What the till's page asks of shifts and the drawer, checked: BadInputError in the person's language."""

from typing import Any, TypeVar
from uuid import UUID

from pos.shifts import counting, drawer, shift
from pos.shifts.counting import MOST_PIECES, Count
from pos.shifts.shift import LONGEST_NOTE, Move
from pos.till import asked
from shared.pages.faults import BadInputError
from shared.pages.speech import gettext

Reason = TypeVar("Reason", shift.Reason, drawer.Reason)


def number(body: dict[str, Any]) -> str:
    """The id that the page made for what it asks."""
    try:
        return str(UUID(body.get("id")))
    except (ValueError, TypeError, AttributeError):
        raise BadInputError(gettext("Expected a number of its own. Open the page again.")) from None


def count(body: dict[str, Any], currency: str, *, is_closing: bool = False) -> Count:
    """What was counted: `pieces` by what one is worth, or an `amount`, which closes only where nothing has pieces."""
    worths = counting.worths(currency)
    if "pieces" not in body and not (is_closing and worths):
        return Count(asked.amount(body, "amount"))
    pieces = body.get("pieces")
    if not isinstance(pieces, dict) or not pieces or not pieces.keys() <= set(map(str, worths)):
        raise BadInputError(gettext("Type how many of each there are, 0 where there are none."))
    if not all(type(many) is int and 0 <= many <= MOST_PIECES for many in pieces.values()):
        raise BadInputError(gettext("Type how many of each there are, 0 where there are none."))
    return Count.of({int(worth): many for worth, many in pieces.items()})


def move(body: dict[str, Any]) -> Move:
    """Cash to put `in` or to take `out`."""
    way = asked.choice(body, "way", ("in", "out"))
    amount = asked.amount(body, "amount")
    if not amount:
        raise BadInputError(gettext("Type an amount such as 50.000."))
    reason, note = _why(body, shift.Reason)
    return Move(number(body), amount if way == "in" else -amount, reason, note)


def drawer_why(body: dict[str, Any]) -> tuple[drawer.Reason, str]:
    """Why the drawer is to open, and the note."""
    return _why(body, drawer.Reason)


def _why(body: dict[str, Any], reasons: type[Reason]) -> tuple[Reason, str]:
    note = asked.note(body, LONGEST_NOTE)
    reason = asked.choice(body, "reason", reasons)
    if reason == "other" and not note:
        raise BadInputError(gettext("Say in the note why."))
    return reason, note
