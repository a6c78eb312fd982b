"""The daily walk: the test label past each scanner, by the shop's opening; the gate says what has not been walked."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from gate.passages import WINDOW_SECONDS
from gate.walk import Walk
from hardware.reader import ReaderBack
from shared.walk_label import walk_label
from tests.gate.conftest import OpenExit
from tests.gate.guarded_exit import GuardedExit
from tests.shop import Shop

JAKARTA = ZoneInfo("Asia/Jakarta")
NINE = time(9, 0)
LABEL = walk_label("gate-1")


def at(day: int, hour: int, minute: int = 0) -> int:
    """A moment of November in Jakarta, in µs."""
    return round(datetime(2026, 11, day, hour, minute, tzinfo=JAKARTA).timestamp() * 1_000_000)


@pytest.fixture
def follow() -> None:
    """The database itself: a till's server gives a gate the same facts, which tests of their own show."""


@pytest.fixture
def walk() -> Walk:
    return Walk(["left", "right"], NINE, JAKARTA)


def test_before_its_time_nothing_is_missing_and_after_it_everything_is(walk: Walk) -> None:
    assert walk.missing(at(24, 8, 59)) == []
    assert walk.missing(at(24, 9)) == ["left", "right"]


def test_each_scanner_has_to_see_it(walk: Walk) -> None:
    walk.saw("left", at(24, 8))
    assert walk.missing(at(24, 9)) == ["right"]
    walk.saw("right", at(24, 10))
    assert walk.missing(at(24, 23, 59)) == []


def test_yesterdays_walk_is_yesterdays_by_the_shops_own_day(walk: Walk) -> None:
    walk.saw("left", at(24, 23, 30))
    walk.saw("right", at(25, 0, 30))
    assert datetime.fromtimestamp(at(25, 0, 30) / 1e6, UTC).day == 24
    assert walk.missing(at(25, 9)) == ["left"]


def test_a_shop_that_asks_for_none_misses_none() -> None:
    assert Walk(["left"], None, JAKARTA).missing(at(24, 23)) == []


def health(gate: GuardedExit) -> dict[str, object]:
    gate.wait(0.6)
    found: dict[str, object] = gate.shown["health"]
    return found


def carry_label(gate: GuardedExit) -> None:
    gate.wall = datetime.now(UTC).timestamp() - gate.now
    gate.scan(LABEL)


def test_at_the_gate_it_sounds_shortly_is_recorded_and_clears_the_fault(shop: Shop, open_exit: OpenExit) -> None:
    gate = open_exit(walk_by=time(0, 0))
    gate.follow()
    gate.gate.take(ReaderBack("left", 0.0))
    assert health(gate)["walk"] == {"due": ["left"]}
    assert health(gate)["status"] == "degraded"
    carry_label(gate)
    assert gate.sounds()
    gate.wait(2.0)
    assert not gate.sounds()
    assert health(gate)["walk"] == {"due": []}
    gate.deliver()
    assert shop.count("event", "kind = 'passage' AND what = 'walk'") == 1
    assert shop.count("alarm") == 0
    assert not shop.broken()


def test_it_proves_the_relay_in_trial_too_and_once_for_a_label_held_still(open_exit: OpenExit) -> None:
    gate = open_exit(armed=False)
    gate.follow()
    for _ in range(5):
        gate.scan("]C1" + LABEL)
        gate.wait(WINDOW_SECONDS / 2)
    assert [switched.on for switched in gate.relay.record].count(True) == 1


def test_a_gate_that_is_started_again_still_knows_its_walk(open_exit: OpenExit) -> None:
    gate = open_exit(walk_by=time(0, 0))
    gate.follow()
    carry_label(gate)
    gate.close()
    assert health(open_exit(walk_by=time(0, 0)))["walk"] == {"due": []}


def test_another_gates_label_is_none_here(open_exit: OpenExit) -> None:
    gate = open_exit()
    gate.follow()
    gate.scan(walk_label("gate-2"))
    assert not gate.sounds()
