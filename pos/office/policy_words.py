"""The words of a gate's policy, in the person's language."""

from shared.gate_policy import Outcome, Reason
from shared.pages.speech import gettext

TONES = {
    Outcome.IGNORE: ("", "less"),
    Outcome.PASS: ("lunas", "good"),
    Outcome.CHECK: ("look", "look"),
    Outcome.ALARM: ("alarm", "stop"),
}


def row_name(row: Reason) -> str:
    """What the gate sees."""
    return {
        Reason.AGAIN: gettext("A paid unit that has left before"),
        Reason.PERMIT: gettext("A unit with an exit permit, or on its way to another shop"),
        Reason.TWICE: gettext("A paid unit that leaves a second time: a copied label?"),
        Reason.RECEIPT: gettext("A unit on a receipt shown just now, while the database is silent"),
        Reason.BYPASS: gettext("A unit that somebody carries out who has just shown a badge"),
        Reason.UNPAID: gettext("A unit that is not paid"),
        Reason.UNCONFIRMED: gettext("A unit that seems not paid, while the database is silent"),
        Reason.WRITTEN_OFF: gettext("A unit that was written off as lost or stolen"),
        Reason.STRAY: gettext("A unit that alarms again and again: stock too near the gate"),
        Reason.AMBIGUOUS: gettext("A serial that several units bear, not all of them paid"),
        Reason.DAMAGED: gettext("A label of the shop's own that is damaged"),
        Reason.UNREGISTERED: gettext("A label of the shop's own that nobody received"),
        Reason.UNKNOWN: gettext("A serial that nobody here knows"),
        Reason.FOREIGN: gettext("A product's code, or somebody else's label"),
        Reason.UNREADABLE: gettext("What cannot be read"),
    }.get(row, row.value)


def outcome_name(outcome: Outcome) -> str:
    """What the gate does."""
    return {
        Outcome.IGNORE: gettext("Ignore"),
        Outcome.PASS: gettext("Let pass"),
        Outcome.CHECK: gettext("Ask to look"),
        Outcome.ALARM: gettext("Alarm"),
    }[outcome]


def tone(outcome: Outcome) -> tuple[str, str]:
    """A tag's colour and its icon, so that colour is never the only sign."""
    return TONES[outcome]
