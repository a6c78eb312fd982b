"""The permits' words, in the person's language."""

from collections.abc import Mapping

from pos.office.permits import PermitKind, Standing
from shared.pages.speech import gettext

TONES = {Standing.VALID: ("lunas", "good"), Standing.OVER: ("", "late"), Standing.ENDED: ("", "remove")}


def kind_name(kind: PermitKind) -> str:
    """What the goods leave for."""
    return {
        PermitKind.REPAIR: gettext("Repair"),
        PermitKind.TRANSFER: gettext("To another shop"),
        PermitKind.STAFF_PURCHASE: gettext("Bought by staff"),
    }[kind]


def standing_name(standing: Standing) -> str:
    """Where a permit stands."""
    return {
        Standing.VALID: gettext("Valid"),
        Standing.OVER: gettext("Time is over"),
        Standing.ENDED: gettext("Ended"),
    }[standing]


def tone(standing: Standing) -> tuple[str, str]:
    """A tag's colour and its icon, so that colour is never the only sign."""
    return TONES[standing]


def person(actor: str, names: Mapping[str, str]) -> str:
    """A person's name, or a program's id."""
    return names.get(actor, actor)
