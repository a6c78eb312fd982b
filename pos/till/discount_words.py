"""What discounts are called, in the person's language."""

from pos.till.discount import Grant, Reason
from shared.pages import frame
from shared.pages.speech import gettext

PERCENT = 100  # hundredths of a percent


def reason_word(reason: str) -> str:
    """Why something is off."""
    return {
        Reason.DAMAGED: gettext("Damaged"),
        Reason.DISPLAY: gettext("Display item"),
        Reason.PROMOTION: gettext("Promotion"),
        Reason.REGULAR: gettext("Regular customer"),
        Reason.STAFF: gettext("Staff"),
        Reason.OTHER: gettext("Other"),
    }[Reason(reason)]


def discount_word(grant: Grant, currency: str) -> str:
    """How much is off, as it was given, and why."""
    percent = f"{grant.discount.percent / PERCENT:g}%"
    off = frame.money(grant.discount.amount, currency) if grant.discount.amount else percent
    return f"{off}, {reason_word(grant.reason)}"
