"""A lane with a scanner at each end tells which way a unit goes."""

from collections.abc import Sequence

import pytest

from gate.lanes import WAIT_SECONDS, WITHIN_SECONDS, Lanes, Way
from shared.scanner_ways import ScannerWays, Side
from tests.gate.conftest import OpenExit
from tests.gate.guarded_exit import GuardedExit
from tests.shop import Shop

ENDS = {"inner": ("main", Side.INSIDE), "outer": ("main", Side.OUTSIDE), "side door": ("side", Side.INSIDE)}
UNIT = "item 1"
PRICE = 250_000


@pytest.mark.parametrize(
    ("scanners", "ways"),
    [
        (["inner"], [Way.LEAVING]),
        (["inner", "outer"], [Way.LEAVING, Way.LEFT]),
        (["outer"], [Way.UNSURE]),
        (["outer", "inner"], [Way.UNSURE, Way.ENTERING]),
        (["outer", "inner", "inner"], [Way.UNSURE, Way.ENTERING, Way.ENTERING]),
        (["outer", "inner", "outer"], [Way.UNSURE, Way.ENTERING, Way.LEFT]),
        (["inner", "outer", "outer"], [Way.LEAVING, Way.LEFT, Way.LEFT]),
        (["inner", "outer", "inner", "outer"], [Way.LEAVING, Way.LEFT, Way.ENTERING, Way.LEFT]),
        (["till"], [Way.LEAVING]),
        (["outer", "side door"], [Way.UNSURE, Way.LEAVING]),
    ],
)
def test_the_order_of_two_ends_is_the_way(scanners: Sequence[str], ways: Sequence[Way]) -> None:
    lanes = Lanes(ENDS)
    assert [lanes.see(UNIT, scanner, number * 0.3) for number, scanner in enumerate(scanners)] == ways


def test_reads_too_far_apart_are_two_ways_through() -> None:
    lanes = Lanes(ENDS)
    assert lanes.see(UNIT, "outer", 0.0) is Way.UNSURE
    assert lanes.see(UNIT, "inner", WITHIN_SECONDS + 0.1) is Way.LEAVING


def test_each_unit_goes_its_own_way() -> None:
    lanes = Lanes(ENDS)
    assert lanes.see("item 1", "outer", 0.0) is Way.UNSURE
    assert lanes.see("item 2", "inner", 0.1) is Way.LEAVING


def test_a_unit_that_leaves_twice_and_was_not_seen_to_come_back_is_told() -> None:
    lanes = Lanes(ENDS)
    ways = [lanes.see(UNIT, scanner, at) for at, scanner in enumerate(("inner", "outer"))]
    ways += [lanes.see(UNIT, scanner, 100.0 + at) for at, scanner in enumerate(("inner", "outer"))]
    assert ways == [Way.LEAVING, Way.LEFT, Way.LEAVING, Way.TWICE]
    ways = [lanes.see(UNIT, scanner, 200.0 + at) for at, scanner in enumerate(("outer", "inner"))]
    ways += [lanes.see(UNIT, scanner, 300.0 + at) for at, scanner in enumerate(("inner", "outer"))]
    assert ways == [Way.UNSURE, Way.ENTERING, Way.LEAVING, Way.LEFT]


@pytest.fixture
def follow() -> None:
    """The database itself: a till's server gives a gate the same facts, which tests of their own show."""


@pytest.fixture
def gate(open_exit: OpenExit) -> GuardedExit:
    opened = open_exit(ways=ScannerWays(ends=ENDS))
    opened.follow()
    return opened


def test_an_unpaid_unit_that_the_inner_end_reads_alarms_at_once(gate: GuardedExit) -> None:
    gate.scan("SN-0001", scanner="inner")
    assert gate.sounds()


def test_what_is_carried_in_is_recorded_as_such_and_alarms_on_its_way_out(gate: GuardedExit) -> None:
    gate.scan("SN-0001", scanner="outer")
    gate.wait(WAIT_SECONDS / 2)
    gate.scan("SN-0001", scanner="inner")
    gate.wait(WAIT_SECONDS * 2)
    assert not gate.sounds()
    assert gate.journaled("reason") == [("entered",)]
    gate.wait(WITHIN_SECONDS)
    gate.scan("SN-0001", scanner="inner")
    assert gate.sounds()


def test_what_only_the_outer_end_has_read_alarms_a_moment_later(gate: GuardedExit) -> None:
    gate.scan("SN-0001", scanner="outer")
    assert not gate.sounds()
    gate.wait(WAIT_SECONDS + 0.1)
    gate.settle()
    assert gate.sounds()


def test_carried_in_and_straight_out_again_alarms(gate: GuardedExit) -> None:
    for scanner in ("outer", "inner", "outer"):
        gate.scan("SN-0001", scanner=scanner)
        gate.wait(0.3)
    assert gate.sounds()


def test_a_paid_unit_leaves_once_by_both_ends_and_a_copy_of_its_label_wants_a_look(
    shop: Shop, gate: GuardedExit
) -> None:
    shop.sell("SN-0001", cash=PRICE)
    gate.follow()
    for _ in range(2):
        for scanner in ("inner", "outer"):
            gate.scan("SN-0001", scanner=scanner)
            gate.wait(0.3)
        gate.wait(WITHIN_SECONDS)
    assert not gate.sounds()
    assert gate.journaled("reason", "outcome") == [("paid", "pass"), ("again", "pass"), ("twice", "check")]
    gate.deliver()
    assert shop.state("SN-0001") == "departed"
    assert not shop.broken()
