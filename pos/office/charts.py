"""The charts of the figures' page: bars, and the table behind them, in the person's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from pos.office import figures
from pos.office.bars import Bar, Column, bars
from pos.office.figures import SOON, Happened, Period, Share
from pos.office.uptime import Uptime
from shared.pages import frame
from shared.pages.speech import gettext, ngettext

MINUTE, HOUR, DAY = 60, 3600, 86400  # seconds
WHOLE = 100.0  # percent


@dataclass(frozen=True, slots=True)
class Chart:
    """One question's answer. `named` and `counted` head the table's two columns."""

    title: str
    named: str
    counted: str
    columns: list[Column]
    bars: list[Bar]


def per_day(happened: Sequence[Happened], period: Period) -> Chart:
    """How many alarms each day had."""
    columns = [
        Column(frame.day(day.isoformat()), frame.short_day(day), count, str(count))
        for day, count in figures.per_day(happened, period)
    ]
    return Chart(gettext("Alarms per day"), gettext("Day"), gettext("Alarms"), columns, bars(columns))


def per_hour(happened: Sequence[Happened]) -> Chart:
    """At what time of the day they came."""
    columns = [
        Column(f"{hour:02}.00 - {hour:02}.59", f"{hour:02}", count, str(count))
        for hour, count in enumerate(figures.per_hour(happened))
    ]
    return Chart(gettext("Alarms by hour of the day"), gettext("Hour"), gettext("Alarms"), columns, bars(columns))


def false_per_week(happened: Sequence[Happened], period: Period) -> Chart:
    """Whether false alarms get fewer."""
    columns = [
        Column(
            gettext("Week from %(day)s", day=frame.short_day(monday)),
            frame.short_day(monday),
            share.percent or 0.0,
            share_told(share),
        )
        for monday, share in figures.false_per_week(happened, period)
    ]
    title, counted = gettext("False alarms per week"), gettext("Share of those that somebody answered for")
    return Chart(title, gettext("Week"), counted, columns, bars(columns, WHOLE))


def answers(found: figures.Answers) -> Chart:
    """How soon somebody answered."""
    limits = [duration(limit) for limit in SOON]
    names = [gettext("Up to %(time)s", time=limit) for limit in limits]
    names += [gettext("Longer"), gettext("Nobody yet")]
    ticks = [*limits, gettext("later"), gettext("none")]
    counts = [*found.within, found.unanswered]
    columns = [Column(name, tick, count, str(count)) for name, tick, count in zip(names, ticks, counts, strict=True)]
    return Chart(gettext("Time until somebody answered"), gettext("Time"), gettext("Alarms"), columns, bars(columns))


def uptime(found: Sequence[Uptime]) -> Chart:
    """How much of the time each reader was there."""
    columns = [Column(f"{one.gate}: {one.reader}", one.reader, one.percent, f"{percent(one)}%") for one in found]
    title, counted = gettext("Readers that answered"), gettext("Share of the time in which the gate should watch")
    return Chart(title, gettext("Reader"), counted, columns, bars(columns, WHOLE))


def percent(one: Uptime) -> str:
    """`99.98`, rounded down: only what never failed is 100."""
    return f"{floor(one.percent * 100) / 100:g}"


def share_told(share: Share) -> str:
    """`14%`, a dash of nothing."""
    return "-" if share.percent is None else f"{share.percent:.0f}%"


def duration(seconds: float) -> str:
    """`41 s`, `4 min`, `2 h`, `3 days`: as exact as anybody wants it."""
    if seconds < 2 * MINUTE and seconds != MINUTE:
        return gettext("%(count)d s", count=round(seconds))
    if seconds < 2 * HOUR:
        return gettext("%(count)d min", count=round(seconds / MINUTE))
    if seconds < 2 * DAY:
        return gettext("%(count)d h", count=round(seconds / HOUR))
    return ngettext("%(num)d day", "%(num)d days", round(seconds / DAY))
