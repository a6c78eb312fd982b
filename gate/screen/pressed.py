"""What people do at the screen, as the daemon understands it."""

import logging
from typing import Any

from gate.response import SendToTill, Silence, TryOutputs
from gate.signing import Close, Resolve
from shared import closing_choices
from shared.incidents import LONGEST_NOTE, Fact

Asked = Silence | SendToTill | TryOutputs | Resolve | Close

log = logging.getLogger(__name__)


def understood(message: dict[str, Any], at: int) -> Asked | None:
    """What this message from the screen asks for at `at` (wall time in µs); None for one that means nothing."""
    try:
        return _understood(message, at)
    except (KeyError, ValueError):
        log.warning("the screen said something that means nothing here: %s", sorted(message))
        return None


def _understood(message: dict[str, Any], at: int) -> Asked:
    match message["do"]:
        case "silence":
            return Silence(at)
        case "pay":
            return SendToTill(str(message["incident"]), at)
        case "test":
            return TryOutputs(at)
        case "close":
            return _close(message, at)
        case "resolve":
            return _resolve(message, at)
    raise ValueError(message["do"])


def _close(message: dict[str, Any], at: int) -> Close:
    until = closing_choices.until(str(message["hours"]), at)
    return Close(ask=str(message["ask"]), until=until, person=str(message["person"]), pin=str(message["pin"]), at=at)


def _resolve(message: dict[str, Any], at: int) -> Resolve:
    return Resolve(
        ask=str(message["ask"]),
        incident=str(message["incident"]),
        fact=Fact(message["fact"]),
        note=str(message["note"])[:LONGEST_NOTE],
        person=str(message["person"]),
        pin=str(message["pin"]),
        at=at,
    )
