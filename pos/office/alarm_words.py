"""The alarm log's words, in the person's language."""

from collections.abc import Mapping

from flask_babel import lazy_gettext

from pos.office.alarms import Incident
from pos.office.policy_words import row_name
from pos.office.standing import BYPASS, LATE, OPEN, QUIET, SILENCED, THEFT, TRIAL
from shared.facts import Fact
from shared.gate_policy import Reason
from shared.pages.speech import gettext

# Lazy: only the words that are shown are looked up, which counts in an export of thousands of rows.
REASONS = {
    "unpaid": lazy_gettext("Not paid"),
    "unconfirmed": lazy_gettext("Not paid, not confirmed"),
    "written_off": lazy_gettext("Written off"),
    "bypass": lazy_gettext("Carried out with a badge"),
    "late": lazy_gettext("Found out later"),
    "restored": lazy_gettext("Paid, but the sale was lost when a backup was put back"),
}
KINDS = {
    OPEN: lazy_gettext("Not handled"),
    SILENCED: lazy_gettext("Silenced"),
    Fact.PAID_NOW: lazy_gettext("Paid at the till"),
    Fact.GIVEN_BACK: lazy_gettext("Item given back"),
    Fact.WAS_PAID: lazy_gettext("Was paid: misread"),
    Fact.ON_RECEIPT: lazy_gettext("On the receipt"),
    Fact.STRAY: lazy_gettext("Stock near the gate"),
    Fact.LEFT: lazy_gettext("Left with the item"),
    Fact.TEST: lazy_gettext("A test"),
    THEFT: lazy_gettext("Theft"),
    QUIET: lazy_gettext("Quiet alarm"),
    LATE: lazy_gettext("Found out later"),
    BYPASS: lazy_gettext("Let out by badge"),
    TRIAL: lazy_gettext("Trial, silent"),
}
TONES = {
    OPEN: ("alarm", "stop"),
    SILENCED: ("look", "person"),
    Fact.PAID_NOW: ("lunas", "good"),
    Fact.GIVEN_BACK: ("lunas", "good"),
    Fact.WAS_PAID: ("look", "look"),
    Fact.ON_RECEIPT: ("look", "look"),
    Fact.STRAY: ("look", "look"),
    Fact.LEFT: ("alarm", "remove"),
    THEFT: ("alarm", "stop"),
    QUIET: ("look", "look"),
    LATE: ("look", "late"),
    BYPASS: ("look", "person"),
    TRIAL: ("", "trial"),
}
PLAIN = ("", "less")


def reason_name(reason: str) -> str:
    """An alarm's reason in words: of one that only the shop's own policy makes an alarm, the policy's."""
    known = REASONS.get(reason)
    if known is None and reason in list(Reason):
        return row_name(Reason(reason))
    return str(known or reason)


def kind_name(kind: str) -> str:
    """Where an incident stands, in words."""
    return str(KINDS.get(kind, kind))


def tone(kind: str) -> tuple[str, str]:
    """A tag's colour and its icon, so that colour is never the only sign."""
    return TONES.get(kind, PLAIN)


def kinds(incident: Incident) -> list[str]:
    """All that an incident's tags say."""
    more = {THEFT: incident.is_theft, QUIET: incident.is_quiet}
    return [*([incident.standing] if incident.standing else []), *(kind for kind, is_so in more.items() if is_so)]


def signature(actor: str, names: Mapping[str, str]) -> str:
    """Who said it: a person's name, a program's id, or that nobody signed."""
    return names.get(actor, actor) if actor else gettext("Nobody signed")


def said_by(incident: Incident, names: Mapping[str, str]) -> str:
    """Who said what it was, "" where nobody has yet."""
    return signature(incident.resolved_by, names) if incident.fact else ""
