"""What the till says of held sales, in the person's language."""

from collections.abc import Sequence
from dataclasses import dataclass

from pos.till import telling
from pos.till.cart_view import Answer
from shared import codes
from shared.pages.speech import gettext, ngettext

MINUTE = 60 * 1_000_000  # µs
HOURS_FROM, DAYS_FROM = 120, 48  # minutes and hours that are better counted in the next unit


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of a held sale that was opened: `refused` holds (what to do and why, serial, name) of each."""

    level: str
    heading: str
    detail: str
    refused: tuple[tuple[str, str, str], ...]


def opened(answers: Sequence[Answer]) -> Opened:
    """Put the answers to all its lines into words: what could not be taken is a refusal, unit by unit."""
    refused = tuple(_refusal(answer) for answer in answers if answer.level == telling.HARD)
    taken = ngettext("%(num)d line is in the cart.", "%(num)d lines are in the cart.", len(answers) - len(refused))
    if not refused:
        return Opened("good", gettext("Held sale opened"), taken, ())
    heading = ngettext("Put %(num)d item aside", "Put %(num)d items aside", len(refused))
    return Opened(telling.HARD, heading, taken, refused)


def ago(age: int) -> str:
    """How long ago something was, `age` in µs."""
    minutes = age // MINUTE
    if minutes < 1:
        return gettext("just now")
    if minutes < HOURS_FROM:
        return ngettext("%(num)d minute ago", "%(num)d minutes ago", minutes)
    hours = minutes // 60
    if hours < DAYS_FROM:
        return ngettext("%(num)d hour ago", "%(num)d hours ago", hours)
    return ngettext("%(num)d day ago", "%(num)d days ago", hours // 24)


def _refusal(answer: Answer) -> tuple[str, str, str]:
    why = telling.refusal(answer.reason)
    if answer.till:
        why = f"{why} ({answer.till})"
    return (why, codes.printed(answer.text), answer.line.product.name if answer.line else "")
