"""What the pages of sales call things, in the person's language."""

from collections.abc import Mapping

from pos.till.methods import Method
from pos.till.paying_words import method_name
from shared.items import ItemState
from shared.pages.speech import gettext

WELL, LOOK, OPEN = "lunas", "look", ""  # colours of a tag
TONES = {
    ItemState.IN_STOCK: (OPEN, "less"),
    ItemState.PAID: (WELL, "good"),
    ItemState.DEPARTED: (WELL, "good"),
    ItemState.RETURNED: (LOOK, "look"),
    ItemState.QUARANTINED: (LOOK, "look"),
    ItemState.IN_TRANSIT: (OPEN, "late"),
    ItemState.WRITTEN_OFF: (LOOK, "stop"),
}


def state_name(state: str) -> str:
    """Where a unit stands."""
    return {
        ItemState.IN_STOCK: gettext("In stock"),
        ItemState.PAID: gettext("Paid, still in the shop"),
        ItemState.DEPARTED: gettext("Paid, has left"),
        ItemState.RETURNED: gettext("Came back, to be inspected"),
        ItemState.QUARANTINED: gettext("Put aside"),
        ItemState.IN_TRANSIT: gettext("On its way"),
        ItemState.WRITTEN_OFF: gettext("Written off"),
    }[ItemState(state)]


def state_tone(state: str) -> tuple[str, str]:
    """The colour and the icon of a unit's state."""
    return TONES[ItemState(state)]


def person(actor: str, names: Mapping[str, str]) -> str:
    """Who did something; a program that sold by API has no name here."""
    return names.get(actor) or gettext("A program (%(actor)s)", actor=actor)


def methods_told(methods: tuple[str, ...]) -> str:
    """The ways that a sale was paid."""
    return ", ".join(map(method_name, methods))


def method_choices() -> list[tuple[str, str]]:
    """The ways to pay, to choose from."""
    return [(method.value, method_name(method)) for method in Method]
