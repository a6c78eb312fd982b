"""Where a unit stands, in the person's language, and the colour and icon that say it beside the words."""

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
