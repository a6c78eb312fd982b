"""Several alarms within seconds are one incident. Pure: time is passed in."""

import secrets
from collections import deque
from dataclasses import dataclass, field

from gate.replica import Belief

TOGETHER_SECONDS = 10.0
MOST_SHOWN = 12
SHOWN_SECONDS = 120.0  # unanswered, an incident leaves the screen after this


@dataclass(frozen=True, slots=True)
class Alarmed:
    """One item of an incident; `at` is wall time in µs."""

    belief: Belief
    reason: str
    scanner: str
    last_till: str
    at: int


@dataclass(slots=True)
class Incident:
    """What set the gate off, one item after the other; only the newest are kept here, the journal has all."""

    id: str
    last: float
    is_trial: bool
    newest: deque[Alarmed] = field(default_factory=lambda: deque(maxlen=MOST_SHOWN))
    count: int = 0
    total: int = 0
    is_answered: bool = False

    def goes_on(self, now: float) -> bool:
        """Whether an alarm now belongs to it."""
        return now - self.last <= TOGETHER_SECONDS

    def is_shown(self, now: float) -> bool:
        """Whether the screen still tells of it."""
        return not self.is_answered and now - self.last <= SHOWN_SECONDS

    def add(self, alarmed: Alarmed, now: float) -> None:
        """One more item; whoever answered before is asked again."""
        self.newest.append(alarmed)
        self.count += 1
        self.total += alarmed.belief.price
        self.last = now
        self.is_answered = False


def incident_for(current: Incident | None, now: float, *, is_trial: bool) -> Incident:
    """The incident under way, or a new one."""
    if current and current.goes_on(now) and current.is_trial == is_trial:
        return current
    return Incident(secrets.token_hex(8), now, is_trial)
