"""Bypass with a badge: for half a minute, what its holder carries passes, each unit written down with the holder.

Pure: time is passed in, in seconds of a steady clock.
"""

from dataclasses import dataclass

BYPASS_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Carrier:
    """Who may carry out what is not paid: an actor, the badge's id, and that of the person's permit, "" for none."""

    person: str
    badge: str
    permit: str

    @property
    def facts(self) -> dict[str, str]:
        """What is written down of each unit."""
        return {"by": self.person, "badge": self.badge, "permit": self.permit}


class Bypass:
    """The last badge that was shown at one gate, and whether it counts still."""

    def __init__(self) -> None:
        self._carrier: Carrier | None = None
        self._until = 0.0

    def begin(self, carrier: Carrier, now: float) -> float:
        """A badge that counts was shown; until when it does."""
        self._carrier = carrier
        self._until = now + BYPASS_SECONDS
        return self._until

    def carrier(self, now: float) -> Carrier | None:
        """Who carries things out just now, None for nobody."""
        return self._carrier if now < self._until else None
