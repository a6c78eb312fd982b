"""Which outputs act at which level of alarm, and for how long. Pure: time is passed in, of a steady clock."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

HARD_MAXIMUM = 60.0  # seconds on without a pause, whatever comes
CHIME_SECONDS = 2.0
GENTLE_SECONDS = 1.0  # a siren that has to be the chime too gives a short pulse
TEST_SECONDS = 0.5


class Level(StrEnum):
    """How loud an alarm asks."""

    QUIET = "quiet"  # to be seen, not to be heard
    CHIME = "chime"
    SIREN = "siren"
    TEST = "test"  # everything that tells of an alarm, for a moment


class Role(StrEnum):
    """What an output is for. There is none that locks: no output may stand in a person's way out."""

    CHIME = "chime"
    LAMP = "lamp"
    SIREN = "siren"
    FAULT = "fault"  # on while the gate watches: it tells "not watching" from "nothing to tell"


HEARD = frozenset({Role.CHIME, Role.SIREN})
ALARMING = (Role.CHIME, Role.LAMP, Role.SIREN)


def lengths(level: Level, roles: Collection[Role], seconds: float) -> dict[Role, float]:
    """How long the outputs of each role are on; those that it does not name stay as they are.

    Args:
        level: how loud.
        roles: those that the gate has outputs for.
        seconds: how long an alarm lasts.
    """
    if level is Level.SIREN:
        wanted = dict.fromkeys(ALARMING, seconds)
    elif level is Level.TEST:
        wanted = dict.fromkeys(ALARMING, min(TEST_SECONDS, seconds))
    elif level is Level.QUIET:
        wanted = {Role.LAMP: seconds}
    elif Role.CHIME in roles:
        wanted = {Role.CHIME: min(CHIME_SECONDS, seconds), Role.LAMP: seconds}
    else:
        wanted = {Role.SIREN: min(GENTLE_SECONDS, seconds), Role.LAMP: seconds}
    return {role: length for role, length in wanted.items() if role in roles}


@dataclass(frozen=True, slots=True)
class Sounding:
    """Since when an alarm sounds without a pause, and until when the outputs of each role should be on."""

    since: float
    until: Mapping[Role, float]

    @property
    def end(self) -> float:
        """When the last output goes off."""
        return max(self.until.values(), default=self.since)

    def ends_in(self, now: float) -> float:
        """Seconds for which it is heard yet."""
        return max([0.0, *(until - now for role, until in self.until.items() if role in HEARD)])


def lengthened(sounding: Sounding | None, now: float, wanted: Mapping[Role, float]) -> Sounding:
    """What comes of a further alarm: it makes outputs last, up to the hard maximum, and never shortens."""
    since = sounding.since if sounding else now
    before = dict(sounding.until) if sounding else {}
    until = {role: max(now + length, before.get(role, now)) for role, length in wanted.items()}
    return Sounding(since, {role: min(end, since + HARD_MAXIMUM) for role, end in (before | until).items()})
