"""A wall clock that jumps changes no decision: only named rules (a permit's end, the closing time, a walk) read it."""

import pytest

from tests.gate.conftest import OpenExit
from tests.shop import Shop

HOUR, DAY = 3600.0, 86_400.0
YEAR = 365.25 * DAY
DAYLIGHT_SAVING = 1_792_889_999.0  # Europe sets its clocks back in this very second's next one, on 25 October 2026


@pytest.fixture
def follow() -> None:
    """The database itself: a till's server gives a gate the same facts, which tests of their own show."""


@pytest.mark.parametrize("moved", [HOUR, -HOUR, 10 * YEAR, -10 * YEAR, -1_790_000_000.0])
def test_whatever_the_clock_says_the_gate_decides_the_same(shop: Shop, open_exit: OpenExit, moved: float) -> None:
    shop.sell("SN-0001", cash=250_000)
    gate = open_exit()
    gate.follow()
    gate.scan("SN-0001", "SN-0002", "NOBODY-S")
    gate.wall += moved
    gate.wait(5.0)
    gate.scan("SN-0001", "SN-0002", "SN-0003")
    told = [
        ("paid", "SN-0001"),
        ("unpaid", "SN-0002"),
        ("again", "SN-0001"),
        ("unpaid", "SN-0002"),
        ("unpaid", "SN-0003"),
    ]
    assert gate.journaled("reason", "serial") == told
    assert gate.sounds()
    gate.deliver()
    assert (shop.state("SN-0001"), shop.count("alarm")) == ("departed", 3)
    assert not shop.broken()


def test_the_hour_that_comes_twice_is_two_passages_and_one_alarm_each(shop: Shop, open_exit: OpenExit) -> None:
    gate = open_exit()
    gate.follow()
    gate.wall = DAYLIGHT_SAVING - gate.now
    for _ in range(2):
        gate.scan("SN-0002")
        gate.wait(HOUR)
    gate.deliver()
    assert shop.count("alarm") == 2
    assert not shop.broken()
