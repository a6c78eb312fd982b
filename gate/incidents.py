"""Alarms within seconds are one incident: it asks louder until somebody answers, then waits for what it was. Pure.

Time is passed in, in seconds of any steady clock.
"""

import math
import secrets
from collections import OrderedDict, deque
from collections.abc import Collection
from dataclasses import dataclass, field

from gate.decision import Reason
from gate.replica import Belief

TOGETHER_SECONDS = 10.0
MOST_NAMED = 12
SHOWN_SECONDS = 120.0  # unanswered, an incident leaves the screen after this
MOST_WAITING = 20  # incidents that the screen offers to say something about; the alarm log has all


@dataclass(frozen=True, slots=True)
class Escalation:
    """When a chime becomes a siren: `at_once`, or by so many items, so much value, so many seconds unanswered.

    0 is never. An incident that nobody could confirm stays a chime, unless `unconfirmed`. One that begins with an item
    worth more than `quiet_over` is not heard, not even `at_once`, until it has the items, the value or the seconds.
    """

    at_once: bool = True
    unconfirmed: bool = False
    items: int = 3
    value: int = 0
    seconds: float = 15.0
    quiet_over: int = 0


@dataclass(frozen=True, slots=True)
class LastTill:
    """The till that had a unit last, "" for none, and when it took it: wall time in µs, 0 for never."""

    name: str = ""
    at: int = 0


NO_TILL = LastTill()


@dataclass(frozen=True, slots=True)
class Alarmed:
    """One item of an incident; `at` is wall time in µs."""

    belief: Belief
    reason: str
    scanner: str
    last_till: LastTill
    at: int


@dataclass(slots=True)
class Incident:
    """What set the gate off, one item after the other; only the newest are named here, the journal has all."""

    id: str
    is_trial: bool
    asked: float  # since when it has been unanswered
    last: float
    at: int = 0  # wall time of the first alarm, in µs
    began_with: int = 0  # what its first item costs; 0 where nobody confirmed that it is not paid
    is_quiet: bool = False  # so far nothing was to be heard of it
    newest: deque[Alarmed] = field(default_factory=lambda: deque(maxlen=MOST_NAMED))
    units: dict[int, Alarmed] = field(default_factory=dict)  # each item by its id, as it alarmed last
    sent: set[int] = field(default_factory=set)  # items that somebody sent to the till to be paid
    told: set[int] = field(default_factory=set)  # those of which the shop knows that
    is_sure: bool = False
    is_answered: bool = False
    is_resolved: bool = False

    @property
    def count(self) -> int:
        """How many items."""
        return len(self.units)

    @property
    def total(self) -> int:
        """What they cost."""
        return sum(alarmed.belief.price for alarmed in self.units.values())

    def goes_on(self, now: float) -> bool:
        """Whether an alarm now belongs to it."""
        return now - self.last <= TOGETHER_SECONDS and not self.is_resolved

    def is_shown(self, now: float) -> bool:
        """Whether it still fills the screen."""
        return not self.is_answered and now - self.last <= SHOWN_SECONDS

    def add(self, alarmed: Alarmed, now: float) -> None:
        """One more item, or one that comes by again; whoever answered before is asked again."""
        is_sure = alarmed.reason != Reason.UNCONFIRMED
        if not self.newest:
            self.at, self.began_with = alarmed.at, alarmed.belief.price if is_sure else 0
        self.newest.append(alarmed)
        self.units[alarmed.belief.item] = alarmed
        self.is_sure |= is_sure
        self.asked = now if self.is_answered else self.asked
        self.last = now
        self.is_answered = False

    def let_go(self, items: Collection[int]) -> None:
        """These may leave after all."""
        self.units = {item: alarmed for item, alarmed in self.units.items() if item not in items}
        self.newest = deque(list(self.units.values())[-MOST_NAMED:], maxlen=MOST_NAMED)

    def unsent(self) -> list[Alarmed]:
        """What could still be sent to the till."""
        return [alarmed for item, alarmed in self.units.items() if item not in self.sent]

    def begins_quietly(self, rule: Escalation) -> bool:
        """Whether staff should come before it is heard; only what is confirmed, for that the tills learn at once."""
        return 0 < rule.quiet_over < self.began_with

    def siren_at(self, rule: Escalation) -> float:
        """From when on it asks for the siren; infinite for never."""
        if self.is_answered or not (self.is_sure or rule.unconfirmed):
            return math.inf
        is_at_once = rule.at_once and not self.begins_quietly(rule)
        if is_at_once or 0 < rule.items <= self.count or 0 < rule.value <= self.total:
            return self.asked
        return self.asked + rule.seconds if rule.seconds else math.inf


class Incidents:
    """Those of one gate of which nobody has said yet what they were."""

    def __init__(self) -> None:
        self._newest: Incident | None = None
        self._waiting: OrderedDict[str, Incident] = OrderedDict()

    def alarmed(self, alarmed: Alarmed, now: float, *, is_trial: bool) -> Incident:
        """The incident that this alarm belongs to: the one under way, or a new one."""
        newest = self._newest
        if newest is None or not newest.goes_on(now) or newest.is_trial != is_trial:
            newest = self._newest = Incident(secrets.token_hex(8), is_trial, now, now)
        newest.add(alarmed, now)
        if not is_trial:
            self._waiting[newest.id] = newest
            if len(self._waiting) > MOST_WAITING:
                self._waiting.popitem(last=False)
        return newest

    def shown(self, now: float) -> Incident | None:
        """The one that fills the screen."""
        return self._newest if self._newest and self._newest.is_shown(now) else None

    def under_way(self, now: float) -> Incident | None:
        """The one that a receipt is held against, whether somebody has answered it or not."""
        newest = self._newest
        return newest if newest and not newest.is_resolved and now - newest.last <= SHOWN_SECONDS else None

    def waiting(self) -> list[Incident]:
        """Those that wait for somebody to say what they were, the newest first."""
        return list(reversed(self._waiting.values()))

    def find(self, incident: str) -> Incident | None:
        """One of those that wait."""
        return self._waiting.get(incident)

    def silence(self) -> list[Incident]:
        """Somebody answers; returns the incidents that nobody had answered before."""
        unanswered = [incident for incident in self._waiting.values() if not incident.is_answered]
        for incident in unanswered:
            incident.is_answered = True
        if self._newest:
            self._newest.is_answered = True
        return unanswered

    def let_go(self, incident: Incident, items: Collection[int]) -> bool:
        """These of its items may leave after all; whether it is over, for there are no others."""
        if set(incident.units) <= set(items):
            incident.is_answered = incident.is_resolved = True
            self._waiting.pop(incident.id, None)
        else:
            incident.let_go(items)
        return incident.is_resolved

    def resolve(self, incident: str) -> bool:
        """Somebody says what it was; False where it does not wait here."""
        resolved = self._waiting.pop(incident, None)
        if resolved:
            resolved.is_answered = resolved.is_resolved = True
        return resolved is not None
