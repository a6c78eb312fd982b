"""What the pages of sales call things, in the person's language."""

from collections.abc import Mapping

from pos.item_words import state_name, state_tone
from pos.till.methods import Method
from pos.till.paying_words import method_name
from shared.pages.speech import gettext

__all__ = ["method_choices", "methods_told", "person", "state_name", "state_tone"]


def person(actor: str, names: Mapping[str, str]) -> str:
    """Who did something; a program that sold by API has no name here."""
    return names.get(actor) or gettext("A program (%(actor)s)", actor=actor)


def methods_told(methods: tuple[str, ...]) -> str:
    """The ways that a sale was paid."""
    return ", ".join(map(method_name, methods))


def method_choices() -> list[tuple[str, str]]:
    """The ways to pay, to choose from."""
    return [(method.value, method_name(method)) for method in Method]
