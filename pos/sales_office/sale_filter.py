"""Which sales to show. What is wrong with a filter is told in the person's words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pos.office import filter_fields as fields
from pos.office.filter_fields import FilterForm
from pos.till.methods import Method
from shared.pages.speech import gettext

FIELDS = ("from", "to", "till", "by", "method", "about", "least")
LONGEST_TEXT = 200  # characters


@dataclass(frozen=True, slots=True)
class SaleFilter:
    """What a sale must be; "", None and 0 leave it open.

    It was made at `since` or later and before `until` (µs since 1970 UTC), at `till`, by the actor `by`, paid at least
    in part by `method`, for at least `least` in the currency's shop unit. `about` is a receipt's number, a serial, or
    a part of a product's name or its code.
    """

    since: int | None = None
    until: int | None = None
    till: str = ""
    by: str = ""
    method: str = ""
    about: str = ""
    least: int = 0


def read_filter(
    sent: Mapping[str, str], tills: Collection[str], people: Collection[str], timezone: ZoneInfo, currency: str
) -> FilterForm[SaleFilter]:
    """Check what was sent; `tills` and `people` are those to choose from, days begin in `timezone`."""
    filled = fields.filled_in(sent, FIELDS)
    least = fields.amount(filled["least"], currency)
    troubles = {
        **fields.span_troubles(filled),
        "till": fields.choice_trouble(filled["till"], tills),
        "by": fields.choice_trouble(filled["by"], people),
        "method": fields.choice_trouble(filled["method"], list(Method)),
        "about": _text_trouble(filled["about"]),
        "least": fields.amount_trouble(least),
    }
    sound = fields.sound(filled, troubles)
    since, until = fields.span(sound, timezone)
    wanted = SaleFilter(
        since=since,
        until=until,
        till=sound["till"],
        by=sound["by"],
        method=sound["method"],
        about=sound["about"],
        least=least or 0,
    )
    return FilterForm.of(filled, wanted, troubles)


def _text_trouble(text: str) -> str:
    if len(text) <= LONGEST_TEXT and text.isprintable():
        return ""
    return gettext("Type a receipt's number, a serial, or a product.")
