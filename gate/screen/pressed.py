"""What people do at the screen, as the daemon understands it."""

import logging
from typing import Any

from gate.response import Silence, TryOutputs
from gate.signing import Resolve
from shared.incidents import LONGEST_NOTE, Fact

log = logging.getLogger(__name__)


def understood(message: dict[str, Any], at: int) -> Silence | TryOutputs | Resolve | None:
    """What this message from the screen asks for at `at` (wall time in µs); None for one that means nothing."""
    try:
        return _understood(message, at)
    except (KeyError, ValueError):
        log.warning("the screen said something that means nothing here: %s", sorted(message))
        return None


def _understood(message: dict[str, Any], at: int) -> Silence | TryOutputs | Resolve:
    if message["do"] == "silence":
        return Silence(at)
    if message["do"] == "test":
        return TryOutputs(at)
    if message["do"] != "resolve":
        raise ValueError(message["do"])
    return Resolve(
        ask=str(message["ask"]),
        incident=str(message["incident"]),
        fact=Fact(message["fact"]),
        note=str(message["note"])[:LONGEST_NOTE],
        person=str(message["person"]),
        pin=str(message["pin"]),
        at=at,
    )
