"""A unit that leaves by two gates within a minute: two labels of one serial, or it was seen to come back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.elsewhere import IMPOSSIBLE_SECONDS, LEVEL_SECONDS, MOST_KNOWN, Elsewhere, Passed
from gate.follower import passed
from shared.ledger import GENESIS, Event
from shared.scanner_ways import ScannerWays
from tests.gate.conftest import OpenExit
from tests.gate.guarded_exit import GuardedExit
from tests.shop import Shop

PRICE, AT = 250_000, 1_790_000_000_000_000
LEFT = Passed(7, 0.0, is_in=False)


@pytest.fixture
def follow() -> None:
    """The database itself: a till's server gives a gate the same events, which tests of their own show."""


@pytest.fixture
def gates(open_exit: OpenExit) -> tuple[GuardedExit, GuardedExit]:
    """Two gates of one shop, level with it."""
    north = open_exit("gate-1", ways=ScannerWays(entrances=frozenset({"in"})))
    south = open_exit("gate-2", ways=ScannerWays(entrances=frozenset({"in"})))
    for gate in (north, south):
        gate.follow()
    return north, south


def leave(shop: Shop, gates: tuple[GuardedExit, GuardedExit]) -> None:
    """A unit is paid, and leaves by the first gate; the second hears of it at once."""
    north, south = gates
    shop.sell("SN-0001", cash=PRICE)
    north.follow()
    north.scan("SN-0001")
    north.deliver()
    south.follow()


def test_a_unit_that_left_by_another_gate_a_moment_ago_wants_a_look(
    shop: Shop, gates: tuple[GuardedExit, GuardedExit]
) -> None:
    leave(shop, gates)
    north, south = gates
    south.wait(4.0)
    south.scan("SN-0001")
    assert south.journaled("reason", "outcome") == [("twice", "check")]
    assert not south.sounds()
    south.deliver()
    north.follow()
    north.follow()
    north.wait(4.0)
    north.scan("SN-0001")
    assert north.journaled("reason") == [("twice",)]
    assert not shop.broken()


def test_after_a_minute_or_once_it_was_seen_to_come_in_it_leaves_again(
    shop: Shop, gates: tuple[GuardedExit, GuardedExit]
) -> None:
    leave(shop, gates)
    north, south = gates
    north.wait(4.0)
    north.scan("SN-0001", scanner="in")
    north.deliver()
    south.follow()
    south.scan("SN-0001")
    assert south.journaled("reason") == [("again",)]
    south.deliver()
    north.follow()
    north.follow()
    north.wait(IMPOSSIBLE_SECONDS + 1.0)
    north.scan("SN-0001")
    assert north.journaled("reason") == [("again",)]


def test_what_comes_in_here_may_leave_here(shop: Shop, gates: tuple[GuardedExit, GuardedExit]) -> None:
    leave(shop, gates)
    _, south = gates
    south.scan("SN-0001", scanner="in")
    south.wait(4.0)
    south.scan("SN-0001")
    assert south.journaled("reason") == [("entered",), ("again",)]


def test_what_a_gate_hears_that_was_cut_off_may_be_of_any_time(
    shop: Shop, gates: tuple[GuardedExit, GuardedExit]
) -> None:
    gates[1].wait(LEVEL_SECONDS + 1.0)
    leave(shop, gates)
    gates[1].scan("SN-0001")
    assert gates[1].journaled("reason") == [("again",)]


def event(kind: str, subject: str, what: str, register: str = "gate-2", **facts: object) -> Event:
    told = json.dumps({"seen": AT, **facts})
    return Event("main", register, 1, kind, subject, 2, what, "", "gate", AT + 3_000_000, told, GENESIS)


@pytest.mark.parametrize(
    ("happened", "expected"),
    [
        (event("item", "7", "departed"), [Passed(7, 3.0, is_in=False)]),
        (event("passage", "k", "again", item=7), [Passed(7, 3.0, is_in=False)]),
        (event("passage", "k", "twice", item=7), [Passed(7, 3.0, is_in=False)]),
        (event("passage", "k", "entered", item=7), [Passed(7, 3.0, is_in=True)]),
        (event("passage", "k", "again", item=7, seen=AT + 9_000_000), [Passed(7, 0.0, is_in=False)]),
        (event("passage", "k", "permit", item=7), []),
        (event("passage", "k", "damaged", item=None), []),
        (event("item", "7", "departed", register="gate-1"), []),
        (event("item", "7", "sold", register="till-1"), []),
    ],
)
def test_what_other_gates_saw_is_read_from_the_feed(happened: Event, expected: list[Passed]) -> None:
    assert list(passed([happened], "gate-1")) == expected


@given(
    steps=st.lists(st.tuples(st.floats(0, 40), st.sampled_from(["left", "in", "level"])), max_size=20),
    later=st.floats(0, 100),
)
def test_only_a_last_word_of_leaving_counts_and_for_a_minute_only(steps: list[tuple[float, str]], later: float) -> None:
    elsewhere, now, level, left = Elsewhere(), 0.0, float("-inf"), float("-inf")
    for pause, what in steps:
        now += pause
        if what != "level":
            left = now if what == "left" and now - level <= LEVEL_SECONDS else float("-inf")
        elsewhere.hear([] if what == "level" else [Passed(7, 0.0, is_in=what == "in")], now)
        level = now
    assert elsewhere.has_just_left(7, now + later) is (now + later - left <= IMPOSSIBLE_SECONDS)


def test_it_remembers_so_many_units_and_no_more() -> None:
    elsewhere = Elsewhere()
    elsewhere.hear([], 0.0)
    elsewhere.hear([LEFT, *(Passed(100 + number, 0.0, is_in=False) for number in range(MOST_KNOWN))], 1.0)
    assert not elsewhere.has_just_left(7, 1.0)
    assert elsewhere.has_just_left(100, 1.0)
