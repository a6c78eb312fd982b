"""Uptimes, against times counted by hand."""

import pytest

from pos.office.uptime import Uptime, Watched, uptimes
from tests.exit_log import HOUR, MINUTE

LEFT = "scanner left"
Word = tuple[str, int] | tuple[str, int, int]


def told(*words: Word, begin: int = 0, end: int = 600) -> list[tuple[str, int, int]]:
    """The reader's minutes there, of how many; a word is what, when in minutes, and its value in minutes."""
    found = [Watched("gate-1", at * MINUTE, what, LEFT, sum(value) * MINUTE) for what, at, *value in words]
    return [(one.reader, one.up // MINUTE, one.of // MINUTE) for one in uptimes(found, begin * MINUTE, end * MINUTE)]


def hourly(*states: str, start: int = 60) -> list[Word]:
    return [(state, start + 60 * number) for number, state in enumerate(states)]


def test_a_reader_that_is_always_there() -> None:
    assert told(("started", 1), ("up", 1), *hourly("up", "up", "up"), end=200) == [("left", 199, 199)]


def test_one_that_was_lost_for_a_while() -> None:
    assert told(("started", 1), ("up", 1), ("down", 11), ("up", 31), end=61) == [("left", 40, 60)]


def test_the_time_after_a_stop_in_order_is_nobody_s() -> None:
    assert told(("up", 1), ("stopped", 31), ("started", 500), ("up", 500), end=520) == [("left", 50, 50)]


def test_a_gate_that_was_killed_had_no_reader_until_it_ran_again() -> None:
    assert told(("up", 1), ("started", 61, 21), ("up", 61), end=71) == [("left", 30, 70)]


def test_a_gate_that_says_nothing_any_more_had_none_since_its_last_word() -> None:
    assert told(("up", 1), *hourly("up"), end=360) == [("left", 59, 359)]


def test_only_the_period_counts_and_what_was_said_just_before_it() -> None:
    assert told(("up", 30), ("down", 90), begin=60, end=120) == [("left", 30, 60)]


def test_a_clock_that_is_set_makes_no_time() -> None:
    assert told(("up", 1), ("clock", 1011, 1000), ("down", 1021), end=1031) == [("left", 20, 30)]


def test_outputs_are_no_readers_and_gates_are_told_apart() -> None:
    words = [
        Watched("gate-1", MINUTE, "up", "output siren"),
        Watched("gate-1", MINUTE, "up", LEFT),
        Watched("gate-2", MINUTE, "down", LEFT),
    ]
    found = uptimes(words, 0, HOUR)
    assert [(one.gate, one.reader, one.percent) for one in found] == [("gate-1", "left", 100), ("gate-2", "left", 0)]


@pytest.mark.parametrize("words", [[], [("started", 1)], [("up", 700)]])
def test_without_a_word_of_the_period_there_is_nothing_to_tell(words: list[Word]) -> None:
    assert told(*words) == []


def test_of_nothing_nothing_is_up() -> None:
    assert Uptime("gate-1", "left", 0, 0).percent == 0
