"""Which incidents of the alarm log to show. What is wrong with a filter is told in the person's words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pos.office import filter_fields as fields
from pos.office.filter_fields import FilterForm
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


def read_filter(
    sent: Mapping[str, str], gates: Collection[str], people: Collection[str], timezone: ZoneInfo, currency: str
) -> FilterForm[AlarmFilter]:
    """Check what was sent; `gates` and `people` are those to choose from, days begin in `timezone`."""
    filled = fields.filled_in(sent, FIELDS)
    least = fields.amount(filled["least"], currency)
    troubles = {
        "gate": fields.choice_trouble(filled["gate"], gates),
        **fields.span_troubles(filled),
        "what": fields.choice_trouble(filled["what"], KINDS),
        "by": fields.choice_trouble(filled["by"], [*people, UNSIGNED]),
        "least": fields.amount_trouble(least),
    }
    sound = fields.sound(filled, troubles)
    since, until = fields.span(sound, timezone)
    wanted = AlarmFilter(
        gate=sound["gate"],
        since=since,
        until=until,
        what=sound["what"],
        by=sound["by"],
        least=least or 0,
    )
    return FilterForm.of(filled, wanted, troubles)
