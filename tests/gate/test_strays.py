"""A unit that alarms again and again with nobody passing is told as a stray, not sounded all day."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.passages import WINDOW_SECONDS
from gate.strays import ALARMS, MOST_KNOWN, WITHIN_SECONDS, Strays
from tests.gate.conftest import OpenExit
from tests.shop import Shop


@pytest.fixture
def follow() -> None:
    """The database itself: a till's server gives a gate the same facts, which tests of their own show."""


def test_after_some_alarms_within_minutes_the_next_is_a_stray() -> None:
    strays = Strays()
    assert [strays.see("item 1", 10.0 * number) for number in range(6)] == [False] * ALARMS + [True] * 3


def test_it_stays_one_for_as_long_as_it_is_seen() -> None:
    strays = Strays()
    for number in range(ALARMS):
        strays.see("item 1", float(number))
    assert all(strays.see("item 1", number * 0.9 * WITHIN_SECONDS) for number in range(1, 20))


def test_unseen_for_a_while_it_alarms_again() -> None:
    strays = Strays()
    for number in range(ALARMS + 1):
        strays.see("item 1", float(number))
    assert not strays.see("item 1", ALARMS + WITHIN_SECONDS + 1)


def test_things_do_not_make_strays_of_each_other() -> None:
    strays = Strays()
    assert not any(strays.see(f"item {number}", 0.0) for number in range(3 * MOST_KNOWN))
    assert len(strays._alarms) <= MOST_KNOWN


@given(st.lists(st.floats(0, 2 * WITHIN_SECONDS), max_size=40))
def test_whatever_the_pauses_a_stray_has_alarmed_so_often_before(pauses: list[float]) -> None:
    strays, now, told = Strays(), 0.0, list[float]()
    for pause in pauses:
        now += pause
        if strays.see("item 1", now):
            assert sum(now - at <= WITHIN_SECONDS for at in told) >= 1
            assert len(told) >= ALARMS
        told.append(now)


def test_the_gate_falls_silent_records_it_and_still_shows_it(shop: Shop, open_exit: OpenExit) -> None:
    gate = open_exit()
    gate.follow()
    for _ in range(ALARMS):
        gate.scan("SN-0001")
        assert gate.sounds()
        gate.wait(60.0)
    gate.scan("SN-0001")
    assert not gate.sounds()
    gate.wait(0.6)
    assert gate.shown["passages"][0]["reason"] == "stray"
    assert gate.shown["passages"][0]["outcome"] == "check"
    gate.deliver()
    assert shop.count("alarm") == ALARMS
    assert shop.count("event", "kind = 'passage' AND what = 'stray'") == 1


def test_a_stray_that_was_paid_leaves_like_any_other(shop: Shop, open_exit: OpenExit) -> None:
    gate = open_exit()
    gate.follow()
    for _ in range(ALARMS + 1):
        gate.scan("SN-0001")
        gate.wait(WINDOW_SECONDS + 1)
    shop.sell("SN-0001", cash=250000)
    gate.follow()
    gate.scan("SN-0001")
    gate.deliver()
    assert shop.state("SN-0001") == "departed"


def test_another_unit_alarms_beside_a_stray(shop: Shop, open_exit: OpenExit) -> None:
    gate = open_exit()
    gate.follow()
    for _ in range(ALARMS + 1):
        gate.scan("SN-0001")
        gate.wait(60.0)
    gate.scan("SN-0002")
    assert gate.sounds()
