"""The first form of a shop: who opens it, and what the shop is. What is wrong with it is told in the person's words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from zoneinfo import available_timezones

from babel import Locale
from babel.numbers import get_territory_currencies, list_currencies

from shared.languages import LANGUAGES
from shared.pages.speech import gettext
from shared.staff import LONGEST_NAME, LONGEST_PIN, SHORTEST_PIN

LONGEST_SHOP = 80


@dataclass(frozen=True, slots=True)
class OpeningForm:
    """What was filled in; `troubles` holds what to correct, by field."""

    code: str
    shop: str
    language: str
    currency: str
    timezone: str
    person: str
    pin: str
    troubles: Mapping[str, str] = field(default_factory=dict)

    @property
    def facts(self) -> dict[str, str]:
        """What goes into `[shop]` of the settings."""
        return {
            "name": self.shop,
            "language": self.language,
            "currency": self.currency,
            "timezone": self.timezone,
        }


def read_form(sent: Mapping[str, str], *, is_right_code: bool) -> OpeningForm:
    """Check what was sent."""
    values = {name: sent.get(name, "").strip() for name in ("code", "shop", "language", "currency", "timezone")}
    person, pin = sent.get("person", "").strip(), sent.get("pin", "")
    troubles = {
        "code": "" if is_right_code else gettext("That is not the code. It stands on the console of this till."),
        "shop": _text_trouble(values["shop"], LONGEST_SHOP),
        "language": _choice_trouble(values["language"], LANGUAGES),
        "currency": _choice_trouble(values["currency"], currencies()),
        "timezone": _choice_trouble(values["timezone"], timezones()),
        "person": _text_trouble(person, LONGEST_NAME),
        "pin": _pin_trouble(pin, sent.get("pin_again", "")),
    }
    return OpeningForm(**values, person=person, pin=pin, troubles={name: why for name, why in troubles.items() if why})


def currencies() -> list[str]:
    """The currencies that some country uses today, by code."""
    territories = [name for name in map(str, Locale("en").territories) if len(name) == len("ID")]
    today = {str(code) for territory in territories for code in get_territory_currencies(territory)}
    return sorted(today & list_currencies())


def timezones() -> list[str]:
    """The zones that are named by a place."""
    return sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))


def _text_trouble(text: str, longest: int) -> str:
    if 0 < len(text) <= longest and text.isprintable():
        return ""
    return gettext("Write 1 to %(longest)d characters.", longest=longest)


def _choice_trouble(chosen: str, choices: Collection[str]) -> str:
    return "" if chosen in choices else gettext("Choose one from the list.")


def _pin_trouble(pin: str, again: str) -> str:
    if not pin.isascii() or not pin.isdigit() or not SHORTEST_PIN <= len(pin) <= LONGEST_PIN:
        return gettext("Choose %(least)d to %(most)d digits.", least=SHORTEST_PIN, most=LONGEST_PIN)
    return "" if pin == again else gettext("The two PINs differ.")
