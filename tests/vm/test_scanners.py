"""Scanners and relay boards on the kernel's own drivers: read, sounded, pulled out and put in again."""

import time

import pytest

from tests.vm.door import LCUS, Door, Siren, serial_scanner
from tests.vm.machine import device_path

LEFT, RIGHT = serial_scanner("left"), serial_scanner("right")


@pytest.fixture
def serial_door(door: Door) -> Door:
    """Two serial scanners and an LCUS board."""
    door.open("WATCH-1", "WATCH-2", "WATCH-3", "WATCH-12", devices=LEFT + RIGHT + LCUS)
    return door


def test_an_unpaid_unit_fires_the_relay_and_a_paid_one_passes_in_silence(serial_door: Door, siren: Siren) -> None:
    assert serial_door.sell("0b9e3a52-4f0b-4c58-9f6e-0d7c6b1a0001", "WATCH-2") == 201
    siren.switchings(2.0)
    serial_door.machine.adapters["left"].send(b"WATCH-2\r")
    assert True not in siren.switchings(3.0)
    serial_door.machine.adapters["left"].send(b"WATCH-1\r")
    siren.wait_until(on=True)
    siren.wait_until(on=False)
    serial_door.wait_for_alarms("WATCH-1")
    assert serial_door.state("WATCH-2") == "departed"


def test_two_scanners_that_read_at_the_same_time_do_not_mix(serial_door: Door, siren: Siren) -> None:
    left, right = serial_door.machine.adapters["left"], serial_door.machine.adapters["right"]
    for first, second in zip(b"WATCH-1\r", b"WATCH-3\r", strict=True):
        left.send(bytes([first]))
        right.send(bytes([second]))
    siren.wait_until(on=True)
    serial_door.wait_for_alarms("WATCH-1", "WATCH-3")


def test_a_code_that_was_cut_by_pulling_the_scanner_out_is_not_taken_and_the_next_whole_one_is(
    serial_door: Door, siren: Siren
) -> None:
    """The half that was read, WATCH-1, is a unit's serial too."""
    scanner = serial_door.machine.adapters["left"]
    scanner.send(b"WATCH-1")
    serial_door.machine.unplug("left")
    serial_door.wait_for("lost", "scanners", "left")
    serial_door.machine.adapters["right"].send(b"WATCH-3\r")
    siren.wait_until(on=True)
    serial_door.machine.plug("left")
    serial_door.wait_for("ok", "scanners", "left")
    scanner.send(b"WATCH-12\r")
    serial_door.wait_for_alarms("WATCH-12", "WATCH-3")


def test_a_relay_board_that_was_pulled_out_is_told_and_sounds_as_soon_as_it_is_back(door: Door, siren: Siren) -> None:
    door.open("WATCH-1", devices=LEFT + LCUS, alarm_seconds=30)
    door.machine.unplug("lcus")
    door.wait_for("lost", "relay")
    assert door.health()["down"] == ["relay"]
    siren.switchings(0.5)
    door.machine.adapters["left"].send(b"WATCH-1\r")
    door.wait_for_alarms("WATCH-1")
    door.machine.plug("lcus")
    siren.wait_until(on=True, seconds=20)
    door.wait_for("ok", "relay")


def test_every_one_of_ten_quick_replugs_is_overcome(serial_door: Door) -> None:
    for _ in range(10):
        serial_door.machine.unplug("left")
        time.sleep(0.5)
        serial_door.machine.plug("left")
        serial_door.machine.wait_until(f"ls {device_path('left')}")
    serial_door.wait_for("ok", "scanners", "left")
    serial_door.machine.adapters["left"].send(b"WATCH-1\r")
    serial_door.wait_for_alarms("WATCH-1")
