"""The figures of a period, each answering one question. Pure: computed from incidents that somebody else read.

A would-be alarm of a trial is no alarm, and what somebody said was a test counts nowhere.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Protocol

from pos.office.standing import OPEN, SILENT, TRIAL
from shared.facts import FALSE_ALARMS, STOPPED, Fact

HOURS = 24
WEEK = timedelta(days=7)
SOON = (15, 30, 60, 120, 300, 900)  # seconds


class Carried(Protocol):
    """An item that set off a gate: its price in the currency's shop unit, and the till that last handled it or ""."""

    @property
    def price(self) -> int: ...  # noqa: D102 - as above

    @property
    def last_till(self) -> str: ...  # noqa: D102 - as above


@dataclass(frozen=True, slots=True)
class Happened:
    """One incident. `began` is on the shop's clock; `answered` is the seconds until the first word, None for none."""

    began: datetime
    gate: str
    state: str
    items: Sequence[Carried]
    fact: str = ""
    is_theft: bool = False
    answered: float | None = None

    @property
    def value(self) -> int:
        """What its items cost."""
        return sum(item.price for item in self.items)

    @property
    def is_stopped(self) -> bool:
        """Whether the goods were paid or came back."""
        return self.fact in STOPPED

    @property
    def is_lost(self) -> bool:
        """Whether a manager calls it a theft, and the goods did not come back."""
        return self.is_theft and not self.is_stopped


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days of the shop, both ends among them."""

    first: date
    last: date

    @classmethod
    def of(cls, days: int, today: date) -> "Period":
        """The last `days` days, today among them."""
        return cls(today - timedelta(days=days - 1), today)

    @property
    def days(self) -> list[date]:
        """Each day."""
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def weeks(self) -> list[date]:
        """The Monday of each week; the first and the last week may be cut."""
        monday = monday_of(self.first)
        return [monday + number * WEEK for number in range((monday_of(self.last) - monday).days // WEEK.days + 1)]


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    of: int

    @property
    def percent(self) -> float | None:
        """In hundredths, None of nothing."""
        return 100 * self.part / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Answers:
    """How soon somebody answered, in seconds. `within` counts by the limits SOON, and last what took longer."""

    median: float | None
    slowest: float | None
    within: tuple[int, ...]
    unanswered: int


@dataclass(frozen=True, slots=True)
class Toll:
    """What was stopped and lost at one gate, or of what one till last handled, in the currency's shop unit."""

    name: str
    stopped: int
    lost: int


@dataclass(frozen=True, slots=True)
class WouldBe:
    """The silent alarms of one gate's trial."""

    gate: str
    alarms: int
    value: int


def alarms(happened: Iterable[Happened]) -> list[Happened]:
    """Those that sounded."""
    return [incident for incident in happened if incident.state == OPEN and incident.fact != Fact.TEST]


def per_day(happened: Iterable[Happened], period: Period) -> list[tuple[date, int]]:
    """The alarms of each day."""
    found = Counter(incident.began.date() for incident in alarms(happened))
    return [(day, found[day]) for day in period.days]


def per_hour(happened: Iterable[Happened]) -> list[int]:
    """The alarms of all days by the hour of the day, from midnight on."""
    found = Counter(incident.began.hour for incident in alarms(happened))
    return [found[hour] for hour in range(HOURS)]


def false_share(happened: Iterable[Happened]) -> Share:
    """How many of the alarms of which somebody said what they were had been false."""
    told = [incident.fact for incident in happened if _is_told(incident)]
    return Share(sum(fact in FALSE_ALARMS for fact in told), len(told))


def false_per_week(happened: Sequence[Happened], period: Period) -> list[tuple[date, Share]]:
    """The share of false alarms of each week, by its Monday."""
    by_week: dict[date, list[Happened]] = defaultdict(list)
    for incident in happened:
        by_week[monday_of(incident.began.date())].append(incident)
    return [(monday, false_share(by_week[monday])) for monday in period.weeks]


def answers(happened: Iterable[Happened]) -> Answers:
    """How soon somebody answered the alarms."""
    waits = [incident.answered for incident in alarms(happened)]
    known = [wait for wait in waits if wait is not None]
    found = Counter(sum(wait > limit for limit in SOON) for wait in known)
    return Answers(
        median=median(known) if known else None,
        slowest=max(known, default=None),
        within=tuple(found[place] for place in range(len(SOON) + 1)),
        unanswered=len(waits) - len(known),
    )


def stopped(happened: Iterable[Happened]) -> int:
    """The value of what was paid or came back."""
    return sum(incident.value for incident in happened if incident.is_stopped)


def lost(happened: Iterable[Happened]) -> int:
    """The value of what a manager calls stolen."""
    return sum(incident.value for incident in happened if incident.is_lost)


def per_gate(happened: Iterable[Happened]) -> list[Toll]:
    """What was stopped and lost at each gate, by name."""
    return _tolls(happened, lambda incident, _: incident.gate)


def per_till(happened: Iterable[Happened]) -> list[Toll]:
    """What was stopped and lost of what each till last handled, by name; "" for what no till handled."""
    return _tolls(happened, lambda _, item: item.last_till)


def would_be(happened: Iterable[Happened]) -> list[WouldBe]:
    """The silent alarms of trials, by gate."""
    silent: dict[str, list[int]] = defaultdict(list)
    for incident in happened:
        if incident.state == TRIAL:
            silent[incident.gate].append(incident.value)
    return [WouldBe(gate, len(values), sum(values)) for gate, values in sorted(silent.items())]


def monday_of(day: date) -> date:
    """The Monday of this day's week."""
    return day - timedelta(days=day.weekday())


def _is_told(incident: Happened) -> bool:
    return incident.state not in SILENT and incident.fact not in _NOTHING_SAID


def _tolls(happened: Iterable[Happened], name: Callable[[Happened, Carried], str]) -> list[Toll]:
    tolls: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for incident in happened:
        for item in incident.items:
            toll = tolls[name(incident, item)]
            toll[0] += item.price * incident.is_stopped
            toll[1] += item.price * incident.is_lost
    return [Toll(name, *toll) for name, toll in sorted(tolls.items()) if any(toll)]


_NOTHING_SAID = frozenset({"", Fact.TEST})
