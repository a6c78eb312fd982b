"""Which incidents of the alarm log to show. What is wrong with a filter is told in the person's words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from pos.office import filter_fields as fields
from pos.office.filter_fields import day_begins
from pos.office.standing import KINDS

UNSIGNED = "unsigned"
FIELDS = ("gate", "from", "to", "what", "by", "least")


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
    first, last = fields.day(filled["from"]), fields.day(filled["to"])
    least = fields.amount(filled["least"], currency)
    troubles = {
        "gate": fields.choice_trouble(filled["gate"], gates),
        "from": fields.day_trouble(filled["from"], first),
        "to": fields.day_trouble(filled["to"], last) or fields.order_trouble(first, last),
        "what": fields.choice_trouble(filled["what"], KINDS),
        "by": fields.choice_trouble(filled["by"], [*people, UNSIGNED]),
        "least": fields.amount_trouble(least),
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
