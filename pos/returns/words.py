"""What the till says of goods that come back, in the person's language: what to do first, then why."""

from zoneinfo import ZoneInfo

from pos.returns.bringing import Brought
from pos.returns.rules import Condition, Reason
from pos.till import telling
from pos.till.telling import Telling
from shared import codes
from shared.pages import frame
from shared.pages.speech import gettext


def reason_name(reason: str) -> str:
    """Why goods come back."""
    return {
        Reason.DEFECT: gettext("It is broken"),
        Reason.WRONG_ITEM: gettext("It is the wrong one"),
        Reason.CHANGED_MIND: gettext("Changed their mind"),
        Reason.OTHER: gettext("Another reason"),
        Reason.VOID: gettext("The sale was a mistake"),
    }[Reason(reason)]


def condition_name(condition: str) -> str:
    """How goods come back."""
    return {
        Condition.SEALED: gettext("Sealed"),
        Condition.OPENED: gettext("Opened"),
        Condition.DAMAGED: gettext("Damaged"),
    }[Condition(condition)]


def tell(brought: Brought, timezone: ZoneInfo) -> Telling:
    """Put the answer to a scan of what comes back into words."""
    serial = codes.printed(brought.text)
    line = brought.line
    if brought.level == telling.HARD:
        return Telling(telling.HARD, brought.reason, _refusal(brought), serial, _why(brought, timezone))
    if brought.reason == "receipt":
        detail = gettext("Scan what comes back of it: serials, or the product's code of goods without one.")
        return Telling("soft", brought.reason, gettext("Receipt %(number)s", number=brought.text), detail=detail)
    if line is None:
        raise AssertionError(f"expected a line with a {brought.level} answer")
    if brought.level == "soft":
        return Telling("soft", brought.reason, gettext("It is coming back already"), serial, line.product.name)
    sold = _sold(brought, timezone)
    return Telling("good", "", line.product.name, serial, sold, price=-line.amount // line.quantity)


def why_not_settled(reason: str) -> str:
    """Why a ticket was not settled, "" where that is no matter of returns."""
    return {
        "returned_before": gettext("A part of this came back at another till meanwhile. Look at the list again."),
        "not_voidable": gettext(
            "Only a sale of today and of this till can be undone, while all of it is still here. Return it instead."
        ),
        "returns_open": gettext("Goods are coming back with this cart: settle or cancel that first."),
    }.get(reason, "")


def _refusal(brought: Brought) -> str:
    return {
        "not_sold": gettext("Keep this item and call a leader: it was never sold"),
        "returned_before": gettext("Keep this item and call a leader: it came back before"),
        "stolen": gettext("Keep this item and call a leader: it was written off"),
        "held": gettext("It is coming back at another till"),
        "which_sale": gettext("Scan a serial of the same sale first, or type the receipt's number"),
        "ambiguous": gettext("Scan the shop's label, or another serial of the same sale"),
    }.get(brought.reason) or telling.refusal(brought.reason)


def _why(brought: Brought, timezone: ZoneInfo) -> str:
    name = brought.item.product.name if brought.item else ""
    if brought.reason == "held" and brought.line:
        return gettext("%(name)s, at %(till)s.", name=brought.line.product.name, till=brought.till)
    if brought.reason == "returned_before" and brought.line:
        told = _sold(brought, timezone)
        return f"{brought.line.product.name}, {told}."
    if brought.reason == "not_sold":
        return gettext("%(name)s stands in the shop's stock: somebody may want money for what was not paid.", name=name)
    return f"{name}." if name else ""


def _sold(brought: Brought, timezone: ZoneInfo) -> str:
    line = brought.line
    if line is None:
        return ""
    when = frame.moment(line.at, timezone)
    return gettext("sold %(when)s, receipt %(number)s", when=when, number=line.number)
