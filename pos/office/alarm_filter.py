"""Which incidents of the alarm log to show. What is wrong with a filter is told in the person's words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pos.office.standing import KINDS
from shared.pages import words
from shared.pages.speech import gettext

UNSIGNED = "unsigned"
FIELDS = ("gate", "from", "to", "what", "by", "least")
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)
LONGEST_AMOUNT = 20  # characters
MOST = 10**15
SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class AlarmFilter:
    """What an incident must be; "", None and 0 leave it open.

    It began at `since` or later and before `until` (µs since 1970 UTC). `what` is one of KINDS. `by` is the actor who
    said what it was, or UNSIGNED. `least` is the value of its items in the currency's shop unit.
    """

    gate: str = ""
    since: int | None = None
    until: int | None = None
    what: str = ""
    by: str = ""
    least: int = 0


@dataclass(frozen=True, slots=True)
class FilterForm:
    """A filter as it was filled in, by field; `troubles` holds what to correct, and no such field filters."""

    filled: Mapping[str, str]
    wanted: AlarmFilter
    troubles: Mapping[str, str] = field(default_factory=dict)


def read_filter(
    sent: Mapping[str, str], gates: Collection[str], people: Collection[str], timezone: ZoneInfo, currency: str
) -> FilterForm:
    """Check what was sent; `gates` and `people` are those to choose from, days begin in `timezone`."""
    filled = {name: sent.get(name, "").strip() for name in FIELDS}
    first, last, least = _day(filled["from"]), _day(filled["to"]), _amount(filled["least"], currency)
    troubles = {
        "gate": _choice_trouble(filled["gate"], gates),
        "from": _day_trouble(filled["from"], first),
        "to": _day_trouble(filled["to"], last) or _order_trouble(first, last),
        "what": _choice_trouble(filled["what"], KINDS),
        "by": _choice_trouble(filled["by"], [*people, UNSIGNED]),
        "least": "" if least is not None else gettext("Type an amount, such as 150000."),
    }
    sound = {name: "" if troubles[name] else value for name, value in filled.items()}
    wanted = AlarmFilter(
        gate=sound["gate"],
        since=day_begins(first, timezone) if first and sound["from"] else None,
        until=day_begins(last + timedelta(days=1), timezone) if last and sound["to"] else None,
        what=sound["what"],
        by=sound["by"],
        least=least or 0,
    )
    return FilterForm(
        {name: value for name, value in filled.items() if value},
        wanted,
        {name: why for name, why in troubles.items() if why},
    )


def day_begins(day: date, timezone: ZoneInfo) -> int:
    """The first moment of a day in the shop's zone, in µs since 1970 UTC."""
    return int(datetime.combine(day, time.min, timezone).timestamp()) * SECOND


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


def _amount(text: str, currency: str) -> int | None:
    """What was typed, 0 for nothing, None where it is no amount of a shop."""
    try:
        found = words.amount(text, currency) if text else 0
    except ValueError:
        return None
    return found if len(text) <= LONGEST_AMOUNT and found <= MOST else None


def _choice_trouble(value: str, choices: Collection[str]) -> str:
    return "" if not value or value in choices else gettext("Choose one from the list.")


def _day_trouble(text: str, day: date | None) -> str:
    return "" if day or not text else gettext("Choose a day.")


def _order_trouble(first: date | None, last: date | None) -> str:
    return gettext("That is before the first day.") if first and last and last < first else ""
