"""Scanners on the kernel's own drivers: read, pulled out in the middle of a label, and put in again."""

import time
from uuid import uuid4

import pytest

from tests.vm.door import LCUS, Door, Siren, keyboard_scanner, serial_scanner
from tests.vm.machine import ADAPTERS, KEYBOARDS, Machine, device_path

SERIAL = ("left", "right")
SCANNERS = "".join([*map(serial_scanner, SERIAL), *map(keyboard_scanner, KEYBOARDS)])


@pytest.fixture(scope="module")
def busy_door(door: Door) -> Door:
    """Two serial scanners and two that type, and an LCUS board. Each test has units of its own."""
    door.open(*(f"WATCH-{number}" for number in range(100, 140)), "WATCH-10", "WATCH-11", devices=SCANNERS + LCUS)
    return door


def read(machine: Machine, scanner: str, label: str) -> None:
    """Let a scanner read what is on a label."""
    if scanner in KEYBOARDS:
        machine.type(**{scanner: label})
    else:
        machine.adapters[scanner].send(label.replace("\n", "\r").encode())


@pytest.mark.parametrize(("scanner", "serial"), [("left", "WATCH-100"), ("kbd0", "WATCH-101")])
def test_an_unpaid_unit_fires_the_relay(busy_door: Door, siren: Siren, scanner: str, serial: str) -> None:
    read(busy_door.machine, scanner, f"{serial}\n")
    siren.wait_until(on=True)
    siren.wait_until(on=False)
    busy_door.wait_for_alarms(serial)


@pytest.mark.parametrize(("scanner", "serial"), [("right", "WATCH-102"), ("kbd1", "WATCH-103")])
def test_a_paid_unit_passes_in_silence(busy_door: Door, siren: Siren, scanner: str, serial: str) -> None:
    assert busy_door.sell(str(uuid4()), serial) == 201
    siren.switchings(2.0)
    read(busy_door.machine, scanner, f"{serial}\n")
    assert True not in siren.switchings(4.0)
    busy_door.wait_for_state("departed", serial)


def test_two_serial_scanners_that_read_at_the_same_time_do_not_mix(busy_door: Door) -> None:
    for first, second in zip("WATCH-104\n", "WATCH-105\n", strict=True):
        read(busy_door.machine, "left", first)
        read(busy_door.machine, "right", second)
    busy_door.wait_for_alarms("WATCH-104", "WATCH-105")


def test_two_scanners_that_type_at_the_same_time_do_not_mix(busy_door: Door) -> None:
    busy_door.machine.type(kbd0="WATCH-106\n", kbd1="WATCH-107\n")
    busy_door.wait_for_alarms("WATCH-106", "WATCH-107")


@pytest.mark.parametrize(
    ("scanner", "half", "whole"), [("left", "WATCH-10", "WATCH-108"), ("kbd0", "WATCH-11", "WATCH-110")]
)
def test_half_a_label_is_not_taken_and_the_next_whole_one_is(
    busy_door: Door, scanner: str, half: str, whole: str
) -> None:
    """The scanner is pulled out in the middle of a label; the half that was read is a unit's serial too."""
    read(busy_door.machine, scanner, half)
    busy_door.machine.unplug(scanner)
    busy_door.wait_for("lost", "scanners", scanner)
    busy_door.machine.plug(scanner)
    busy_door.wait_for("ok", "scanners", scanner)
    read(busy_door.machine, scanner, f"{whole}\n")
    busy_door.wait_for_alarms(whole)
    assert half not in busy_door.alarms()


def test_one_scanner_goes_on_while_another_is_out(busy_door: Door) -> None:
    busy_door.machine.unplug("kbd1")
    busy_door.wait_for("lost", "scanners", "kbd1")
    for scanner, serial in (("kbd0", "WATCH-112"), ("left", "WATCH-113")):
        read(busy_door.machine, scanner, f"{serial}\n")
        busy_door.wait_for_alarms(serial)
    busy_door.machine.plug("kbd1")
    busy_door.wait_for("ok", "scanners", "kbd1")


@pytest.mark.parametrize(("scanner", "serial"), [("right", "WATCH-114"), ("kbd1", "WATCH-115")])
def test_five_quick_replugs_are_overcome(busy_door: Door, scanner: str, serial: str) -> None:
    for _ in range(5):
        busy_door.machine.unplug(scanner)
        time.sleep(0.3)
        busy_door.machine.plug(scanner)
        busy_door.machine.wait_until(f"ls {device_path(scanner)}")
    busy_door.wait_for("ok", "scanners", scanner)
    read(busy_door.machine, scanner, f"{serial}\n")
    busy_door.wait_for_alarms(serial)


def test_what_a_scanner_types_reaches_nobody_else(busy_door: Door) -> None:
    """It is grabbed: a terminal that has the focus gets nothing."""
    grab = f"import evdev; evdev.InputDevice('{device_path('kbd0')}').grab()"
    refused = busy_door.machine.run(f'python -c "{grab}"', check=False)
    assert refused.status == 1
    assert "Device or resource busy" in refused.output


def test_the_shops_user_may_use_what_the_rules_of_udev_give_it(busy_door: Door) -> None:
    nodes = " ".join(f"$(readlink -f {device_path(name)})" for name in KEYBOARDS + ADAPTERS)
    owned = busy_door.machine.run(f"stat -c '%G %a' {nodes}; id -nG lunas").output.splitlines()
    assert set(owned[:-1]) == {"input 660", "dialout 660"}
    assert {"input", "dialout", "video"} <= set(owned[-1].split())
