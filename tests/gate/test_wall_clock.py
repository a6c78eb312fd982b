"""The machine's clock is trusted unless it is behind what has happened, or before the program was made."""

import pytest

from gate.wall_clock import BUILT, JUMP_SECONDS, SLACK_SECONDS, WallClock

NOW = BUILT + 30_000_000.0
HOUR, TEN_YEARS = 3600.0, 315_000_000.0


def test_a_clock_that_goes_on_is_trusted_and_has_not_jumped() -> None:
    clock = WallClock()
    for second in range(10):
        clock.happened(round((NOW + second) * 1_000_000))
        assert clock.jump(NOW + second, second) == 0.0
        assert clock.doubt(NOW + second) == ""


@pytest.mark.parametrize("back", [SLACK_SECONDS + 1, HOUR, TEN_YEARS])
def test_a_clock_that_ran_back_is_not_trusted_until_it_is_past_what_happened(back: float) -> None:
    clock = WallClock()
    clock.happened(round(NOW * 1_000_000))
    assert clock.doubt(NOW - back) != ""
    assert clock.doubt(NOW + 1) == ""


def test_two_clocks_of_a_shop_may_differ_a_little() -> None:
    clock = WallClock()
    clock.happened(round(NOW * 1_000_000))
    assert clock.doubt(NOW - SLACK_SECONDS) == ""


def test_a_clock_that_lost_its_battery_is_not_trusted_whatever_is_known() -> None:
    assert "before 2026" in WallClock().doubt(BUILT - 1)
    assert "before 2026" in WallClock().doubt(0.0)


@pytest.mark.parametrize("moved", [-HOUR, HOUR, TEN_YEARS, -JUMP_SECONDS - 0.1])
def test_a_jump_is_told_once_with_its_length(moved: float) -> None:
    clock = WallClock()
    assert clock.jump(NOW, 0.0) == 0.0
    assert clock.jump(NOW + moved + 1, 1.0) == pytest.approx(moved)
    assert clock.jump(NOW + moved + 2, 2.0) == 0.0


def test_a_clock_that_is_led_slowly_does_not_jump() -> None:
    clock = WallClock()
    assert all(clock.jump(NOW + 1.001 * second, second) == 0.0 for second in range(10_000))
