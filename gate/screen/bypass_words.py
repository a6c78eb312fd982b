"""A bypass with a badge, in the person's language."""

from typing import Any

from shared.pages.speech import gettext, ngettext


def tell(bypass: dict[str, Any]) -> dict[str, Any]:
    """What fills the screen while it lasts; `name` is "" where the gate does not know whose badge it is."""
    seconds = max(1, round(bypass["ends_in"]))
    return {
        "state": "check",
        "tone": "look",
        "word": gettext("Bypass"),
        "first": ngettext("It ends in %(num)d second.", "It ends in %(num)d seconds.", seconds),
        "lines": [_whose(bypass["name"])],
    }


def _whose(name: str) -> str:
    if not name:
        return gettext("A badge lets out what passes. Each item is written down.")
    return gettext("%(name)s's badge lets out what passes. Each item is written down.", name=name)
