"""GPIO lines: which one, which level, and what becomes of one that cannot be had or does not follow."""

import pytest

from hardware.errors import DeviceLost, OpenFailed
from hardware.relays.gpio import GpioLine, GpioOptions
from tests.hardware.gpio_twin import CHIP, ChipTwin


@pytest.fixture
def chip(monkeypatch: pytest.MonkeyPatch) -> ChipTwin:
    chip = ChipTwin()
    monkeypatch.setattr("gpiod.request_lines", chip.request_lines)
    return chip


def line(name: str = "17", *, active_low: bool = False) -> GpioLine:
    return GpioLine(GpioOptions(name="siren", chip=CHIP, line=name, active_low=active_low))


@pytest.mark.parametrize("name", ["17", "GPIO17"])
def test_a_line_is_named_by_its_number_or_its_name(chip: ChipTwin, name: str) -> None:
    with line(name) as relay:
        relay.on()
        assert chip.levels == {17: True}


def test_a_relay_that_a_low_level_switches_on_is_off_at_a_high_one(chip: ChipTwin) -> None:
    with line(active_low=True) as relay:
        assert chip.levels == {17: True}
        relay.on()
        assert chip.levels == {17: False}
        assert relay.check() is True
    assert chip.levels == {17: True}


@pytest.mark.parametrize("name", ["99", "NOSUCH"])
def test_a_line_that_the_chip_does_not_have_is_told(chip: ChipTwin, name: str) -> None:
    with pytest.raises(OpenFailed, match=f"cannot open line {name} of {CHIP}: .*gpioinfo lists them"):
        line(name).open()


def test_a_line_that_another_program_has_is_told(chip: ChipTwin) -> None:
    with line(), pytest.raises(OpenFailed, match="another program has the line"):
        line().open()


def test_a_line_that_does_not_follow_is_told(chip: ChipTwin) -> None:
    with line() as relay:
        chip.is_stuck = True
        with pytest.raises(DeviceLost, match="it was told active and reads back the opposite"):
            relay.on()


def test_no_gpio_at_all_is_told() -> None:
    with pytest.raises(OpenFailed, match="plug it in or load its driver"):
        GpioLine(GpioOptions(name="siren", chip="/dev/gpiochip99", line="1")).open()
