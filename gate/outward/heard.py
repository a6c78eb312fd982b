"""What the process that tells programs outside says of itself, as the daemon takes it."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

log = logging.getLogger(__name__)

SILENT_SECONDS = 10.0  # it says something each second


@dataclass(frozen=True, slots=True)
class Outward:
    """Why each way outside does not work, "" for one that does; `monotonic` is when that was said."""

    whys: Mapping[str, str]
    monotonic: float


class WaysOut:
    """How the ways outside are, by their names."""

    def __init__(self, names: Iterable[str]) -> None:
        self._newest = Outward(dict.fromkeys(names, "not tried yet"), 0.0)

    def hear(self, news: Outward) -> bool:
        """Take the newest word; whether it says anything new."""
        before, self._newest = self._newest, news
        return before.whys != news.whys

    def whys(self, now: float) -> Mapping[str, str]:
        """Why each does not work, "" for one that does."""
        if now - self._newest.monotonic > SILENT_SECONDS:
            return dict.fromkeys(self._newest.whys, "the process that tells it says nothing")
        return self._newest.whys


def understood(message: Mapping[str, Any], now: float) -> Outward | None:
    """What this message says at `now`; None for one that means nothing."""
    told = message.get("outward")
    if isinstance(told, dict) and all(isinstance(why, str) for why in told.values()):
        return Outward(told, now)
    log.warning("the process that tells programs outside said something that means nothing here")
    return None
