"""What filters share: the form, and days, amounts and choices in it; what is wrong is told in the person's words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from werkzeug.exceptions import NotFound

from shared.pages import words
from shared.pages.speech import gettext

EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)
LONGEST_AMOUNT = 20  # characters
MOST = 10**15
SECOND = 1_000_000
MOST_PAGES = 100_000

Wanted = TypeVar("Wanted")
Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FilterForm(Generic[Wanted]):
    """A filter as it was filled in, by field; `troubles` holds what to correct, and no such field filters."""

    filled: Fields
    wanted: Wanted
    troubles: Fields = field(default_factory=dict)

    @classmethod
    def of(cls, filled: Fields, wanted: Wanted, troubles: Fields) -> "FilterForm[Wanted]":
        """The form, without the fields that say nothing."""
        return cls(_told(filled), wanted, _told(troubles))


def filled_in(sent: Fields, names: Collection[str]) -> dict[str, str]:
    """What was sent in these fields, "" for nothing."""
    return {name: sent.get(name, "").strip() for name in names}


def sound(filled: Fields, troubles: Fields) -> dict[str, str]:
    """The fields, those that are to be corrected as if they were empty."""
    return {name: "" if troubles[name] else value for name, value in filled.items()}


def span(filled: Fields, timezone: ZoneInfo) -> tuple[int | None, int | None]:
    """The moments that the days `from` and `to` begin and end at, in µs since 1970 UTC, None for what is left open."""
    first, last = day(filled["from"]), day(filled["to"])
    since = day_begins(first, timezone) if first else None
    return since, day_begins(last + timedelta(days=1), timezone) if last else None


def span_troubles(filled: Fields) -> dict[str, str]:
    """What to correct of the days `from` and `to`."""
    first, last = day(filled["from"]), day(filled["to"])
    is_backwards = bool(first and last and last < first)
    return {
        "from": _day_trouble(filled["from"], first),
        "to": gettext("That is before the first day.") if is_backwards else _day_trouble(filled["to"], last),
    }


def day_begins(day: date, timezone: ZoneInfo) -> int:
    """The first moment of a day in the shop's zone, in µs since 1970 UTC."""
    return int(datetime.combine(day, time.min, timezone).timestamp()) * SECOND


def day(text: str) -> date | None:
    """The day of an ISO date, None where it is none that a shop has."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if EARLIEST <= found <= LATEST else None


def amount(text: str, currency: str) -> int | None:
    """What was typed, 0 for nothing, None where it is no amount of a shop."""
    try:
        found = words.amount(text, currency) if text else 0
    except ValueError:
        return None
    return found if len(text) <= LONGEST_AMOUNT and found <= MOST else None


def choice_trouble(value: str, choices: Collection[str]) -> str:
    """What to correct of a choice, "" for nothing."""
    return "" if not value or value in choices else gettext("Choose one from the list.")


def amount_trouble(found: int | None) -> str:
    """What to correct of an amount."""
    return "" if found is not None else gettext("Type an amount, such as 150000.")


def page_number(given: str) -> int:
    """The page that the address names. Raises NotFound for what is none."""
    if not given.isascii() or not given.isdigit() or len(given) > len(str(MOST_PAGES)) or int(given) == 0:
        raise NotFound
    return int(given)


def _day_trouble(text: str, found: date | None) -> str:
    return "" if found or not text else gettext("Choose a day.")


def _told(texts: Fields) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text}
