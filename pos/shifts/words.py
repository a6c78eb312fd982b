"""What shifts and the drawer are called, in the person's language."""

from pos.shifts import drawer, shift
from shared.pages import frame
from shared.pages.speech import gettext


def move_reason(reason: str) -> str:
    """Why cash is put in or taken out."""
    return {
        shift.Reason.CHANGE: gettext("Small change"),
        shift.Reason.SAFE: gettext("Safe or bank"),
        shift.Reason.EXPENSE: gettext("Expense of the shop"),
        shift.Reason.OTHER: gettext("Other"),
    }[shift.Reason(reason)]


def move_asked(move: shift.Move, currency: str) -> str:
    """What a leader is asked to allow."""
    told = {"amount": frame.money(abs(move.amount), currency), "why": move_reason(move.reason)}
    if move.amount < 0:
        return gettext("Take %(amount)s out of the drawer: %(why)s.", **told)
    return gettext("Put %(amount)s into the drawer: %(why)s.", **told)


def drawer_reason(reason: str) -> str:
    """Why the drawer is opened without a sale."""
    return {
        drawer.Reason.CHANGE: gettext("A note is changed"),
        drawer.Reason.COUNT: gettext("The cash is counted"),
        drawer.Reason.MISTAKE: gettext("Wrong change was given"),
        drawer.Reason.OTHER: gettext("Other"),
    }[drawer.Reason(reason)]


def why_refused(reason: str) -> str:
    """Why something of a shift was refused, "" where that is no matter of shifts."""
    return {
        "no_shift": gettext("No shift is open at this till: open one, then go on."),
        "shift_open": gettext("This till has an open shift already. Open this dialog again."),
        "sales_waiting": gettext("The sales that this till made alone are not delivered yet. Close the shift then."),
    }.get(reason, "")
