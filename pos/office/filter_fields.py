"""The fields that filters share: days, amounts, choices; what is wrong with one is told in the person's words."""

from collections.abc import Collection
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from werkzeug.exceptions import NotFound

from shared.pages import words
from shared.pages.speech import gettext

EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)
LONGEST_AMOUNT = 20  # characters
MOST = 10**15
SECOND = 1_000_000
MOST_PAGES = 100_000


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


def day_trouble(text: str, found: date | None) -> str:
    """What to correct of a day."""
    return "" if found or not text else gettext("Choose a day.")


def order_trouble(first: date | None, last: date | None) -> str:
    """What to correct of the last of two days."""
    return gettext("That is before the first day.") if first and last and last < first else ""


def amount_trouble(found: int | None) -> str:
    """What to correct of an amount."""
    return "" if found is not None else gettext("Type an amount, such as 150000.")


def page_number(given: str) -> int:
    """The page that the address names. Raises NotFound for what is none."""
    if not given.isascii() or not given.isdigit() or len(given) > len(str(MOST_PAGES)) or int(given) == 0:
        raise NotFound
    return int(given)
