"""What the screen says of a receipt that was shown, in the person's language. The parts are those of `telling`."""

from typing import Any
from zoneinfo import ZoneInfo

from shared.pages import frame
from shared.pages.speech import gettext, ngettext

SECONDS = 12.0  # how long a receipt fills the screen
MICROSECONDS = 1_000_000
GOOD = frozenset({"genuine", "covered"})


def tell(receipt: dict[str, Any], timezone: ZoneInfo) -> dict[str, Any]:
    """A receipt's state of the screen: green with a tick, or amber with what to do."""
    finding = receipt["finding"]
    return {
        "state": "receipt",
        "tone": "calm" if finding in GOOD else "look",
        "first": _first(finding),
        "word": _word(finding),
        "about": receipt["number"],
        "lines": _lines(receipt, timezone),
    }


def _first(finding: str) -> str:
    return {
        "genuine": gettext("Now let the items be read."),
        "covered": gettext("Thank them: everything that was read is on the receipt."),
        "not_on_it": gettext("Ask kindly about this item. It may have been missed at the till."),
        "unpaid": gettext("Please go back to the till together."),
        "shown_before": gettext("Look at the receipt and the items together."),
        "old_key": gettext("Compare the receipt with the items by eye."),
        "unknown_key": gettext("Compare the receipt with the items by eye."),
        "other_store": gettext("Please ask for the receipt of this shop."),
    }.get(finding, gettext("Let it be read once more, or compare it by eye."))


def _word(finding: str) -> str:
    return {
        "genuine": gettext("Receipt is genuine"),
        "covered": gettext("On the receipt"),
        "not_on_it": gettext("Not on the receipt"),
        "unpaid": gettext("Ask the till"),
        "shown_before": gettext("Shown before"),
        "old_key": gettext("Old receipt"),
        "unknown_key": gettext("Receipt not known"),
        "other_store": gettext("Another shop's receipt"),
    }.get(finding, gettext("Receipt not readable"))


def _lines(receipt: dict[str, Any], timezone: ZoneInfo) -> list[str]:
    names = ", ".join(receipt["asked"])
    units = receipt["units"]
    before = frame.moment(round(receipt["before"] * MICROSECONDS), timezone)
    return {
        "genuine": [ngettext("%(num)d item is on it.", "%(num)d items are on it.", units)],
        "covered": [ngettext("%(num)d item was read.", "%(num)d items were read.", units)],
        "not_on_it": [names],
        "unpaid": [names, gettext("It is on the receipt, but not paid any more.")],
        "shown_before": [gettext("It was shown here %(when)s.", when=before)],
        "old_key": [gettext("It is signed with a key that the shop has retired.")],
        "unknown_key": [gettext("This gate does not know the key that it is signed with.")],
        "other_store": [],
    }.get(receipt["finding"], [gettext("Its code is damaged, or it is not a receipt of this shop.")])
