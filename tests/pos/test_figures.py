"""The figures, against numbers computed by hand."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

import pytest
from flask import Flask

from pos.office import charts, figures
from pos.office.bars import ABOVE, TALLEST, Column, bars
from pos.office.figures import Happened, Period, Share, Toll, WouldBe
from shared.facts import Fact
from shared.pages import frame
from tests.shop import JAKARTA

TUESDAY = date(2025, 11, 25)
WEEK = Period.of(7, TUESDAY)


class Thing(NamedTuple):
    price: int
    last_till: str = "till-1"


def happened(day: int = 25, hour: int = 12, *things: Thing, **more: Any) -> Happened:
    """One incident of November; of one thing worth 100 where none is given."""
    facts = {"gate": "gate-1", "state": "open", **more}
    return Happened(began=datetime(2025, 11, day, hour, 30, tzinfo=JAKARTA), items=things or (Thing(100),), **facts)


def test_a_period_ends_today_and_has_whole_days() -> None:
    assert (WEEK.first, WEEK.last, len(WEEK.days)) == (date(2025, 11, 19), TUESDAY, 7)
    assert WEEK.weeks == [date(2025, 11, 17), date(2025, 11, 24)]


def test_alarms_are_counted_by_day_and_by_hour_without_trials_tests_and_late_ones() -> None:
    seen = [happened(19, 0), happened(24, 9), happened(24, 23), happened(25, 9)]
    silent = [happened(25, 9, state="trial"), happened(25, 9, state="late"), happened(25, 9, fact=Fact.TEST)]
    counted = dict(figures.per_day(seen + silent, WEEK))
    assert [counted[date(2025, 11, day)] for day in range(19, 26)] == [1, 0, 0, 0, 0, 2, 1]
    hours = figures.per_hour(seen + silent)
    assert (len(hours), sum(hours), hours[0], hours[9], hours[23]) == (24, 4, 1, 2, 1)


def test_false_alarms_are_a_share_of_what_somebody_answered_for() -> None:
    told = [Fact.WAS_PAID, Fact.STRAY, Fact.PAID_NOW, Fact.LEFT, Fact.GIVEN_BACK, Fact.TEST]
    seen = [happened(20, fact=fact) for fact in told] + [happened(20), happened(20, state="trial", fact=Fact.STRAY)]
    assert figures.false_share(seen) == Share(2, 5)
    assert figures.false_share(seen).percent == 40
    assert figures.false_share([happened()]).percent is None


def test_false_alarms_are_told_week_by_week() -> None:
    seen = [happened(23, fact=Fact.STRAY), happened(24, fact=Fact.STRAY), happened(25, fact=Fact.LEFT)]
    assert figures.false_per_week(seen, WEEK) == [(date(2025, 11, 17), Share(1, 1)), (date(2025, 11, 24), Share(1, 2))]


def test_answers_are_a_median_the_slowest_and_who_got_none() -> None:
    waits = [15.0, 15.1, 60.0, 121.0, 901.0, None]
    found = figures.answers([happened(answered=wait) for wait in waits])
    assert (found.median, found.slowest, found.unanswered) == (60.0, 901.0, 1)
    assert found.within == (1, 1, 1, 0, 1, 0, 1)
    assert figures.answers([]).median is None


def test_value_is_stopped_by_what_was_paid_or_came_back_and_lost_by_what_a_manager_calls_a_theft() -> None:
    seen = [
        happened(25, 12, Thing(100), Thing(20), fact=Fact.PAID_NOW),
        happened(25, 12, Thing(7), fact=Fact.GIVEN_BACK, is_theft=True),
        happened(25, 12, Thing(3), fact=Fact.LEFT, is_theft=True),
        happened(25, 12, Thing(5000), fact=Fact.LEFT),
        happened(25, 12, Thing(9000)),
        happened(25, 12, Thing(1), is_theft=True),
    ]
    assert figures.stopped(seen) == 127
    assert figures.lost(seen) == 4


def test_value_is_told_by_gate_and_by_the_till_that_last_had_the_item() -> None:
    seen = [
        happened(25, 12, Thing(100, "till-1"), Thing(20, "till-2"), fact=Fact.PAID_NOW, gate="north"),
        happened(25, 12, Thing(3, ""), is_theft=True, gate="south"),
        happened(25, 12, Thing(999, "till-3"), gate="east"),
    ]
    assert figures.per_gate(seen) == [Toll("north", 120, 0), Toll("south", 0, 3)]
    assert figures.per_till(seen) == [Toll("", 0, 3), Toll("till-1", 100, 0), Toll("till-2", 20, 0)]


def test_would_be_alarms_are_told_by_gate() -> None:
    seen = [happened(25, 12, Thing(4), Thing(5), state="trial"), happened(state="trial"), happened()]
    assert figures.would_be(seen) == [WouldBe("gate-1", 2, 109)]


@pytest.fixture
def english() -> Iterator[None]:
    """Speak English, as to a browser."""
    app = Flask("figures")
    frame.prepare(app, language="en", currency="IDR", timezone=JAKARTA, translations=[])
    with app.test_request_context():
        yield


def columns(*values: float) -> list[Column]:
    return [Column(f"column {number}", f"c{number}", value, str(value)) for number, value in enumerate(values)]


def test_bars_stand_side_by_side_on_one_line_and_the_greatest_is_tallest() -> None:
    low, high = bars(columns(1, 4))
    assert (low.height, high.height) == (TALLEST / 4, TALLEST)
    assert low.y + low.height == high.y + high.height == ABOVE + TALLEST
    assert 0 <= low.x < low.x + low.width < high.x < high.x + high.width <= 100
    assert (low.middle, high.middle) == (25, 75)


def test_bars_of_a_share_are_as_tall_as_the_share() -> None:
    assert bars(columns(25), most=100)[0].height == TALLEST / 4


def test_nothing_is_no_bar_and_many_bars_share_their_words() -> None:
    assert [bar.height for bar in bars(columns(0, 0))] == [0, 0]
    assert bars([]) == []
    many = bars(columns(*[1] * 50, 2, 2, *[1] * 38))
    assert [bar.said for bar in many if bar.said] == ["2"]
    ticks = [bar for bar in many if bar.tick]
    assert len(ticks) == 8
    assert [bar.is_spare for bar in ticks] == [False, True] * 4


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.4, "0 s"), (15, "15 s"), (60, "1 min"), (72, "72 s"), (130, "2 min"), (7200, "2 h"), (200_000, "2 days")],
)
def test_a_wait_is_told_as_exactly_as_anybody_wants_it(english: None, seconds: float, told: str) -> None:
    assert charts.duration(seconds) == told
