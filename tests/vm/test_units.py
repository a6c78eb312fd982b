"""The units under a real systemd: started with the machine, shut in, killed, hung, stopped."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest

from tests.vm.door import LCUS, UNITS, Door, Siren, serial_scanner
from tests.vm.machine import ADAPTERS

LEFT = serial_scanner("left")
SCREEN_OF_GATE = "pgrep -u lunas -f gate.screen"


def property_of(door: Door, unit: str, name: str) -> str:
    return door.machine.run(f"systemctl show --value -p {name} {unit}").output.strip()


@pytest.fixture(scope="module")
def served_door(door: Door) -> Door:
    """A gate whose siren would sound for a minute: only its end makes it silent sooner."""
    door.open(*(f"WATCH-{number}" for number in range(100, 140)), devices=LEFT + LCUS, alarm_seconds=60)
    return door


@pytest.fixture
def alarmed(served_door: Door, siren: Siren) -> Callable[[str], int]:
    """Give a function that lets a unit fire the siren; it gives the gate's pid."""

    def fire(serial: str) -> int:
        served_door.silence()  # a siren that sounds already is not switched on again
        served_door.machine.adapters["left"].send(f"{serial}\r".encode())
        siren.wait_until(on=True)
        served_door.wait_for_alarms(serial)
        return int(property_of(served_door, "lunas-gate", "MainPID"))

    return fire


def watches_again(door: Door, after: int) -> None:
    """Whether another process watches than the one before."""
    door.wait_until_healthy()
    assert int(property_of(door, "lunas-gate", "MainPID")) not in {0, after}


def test_both_start_with_the_machine_as_the_shops_user(door: Door) -> None:
    door.wait_until_healthy()
    for unit in UNITS:
        assert property_of(door, unit, "NRestarts") == "0"
        assert door.machine.run(f"ps -o user= -p $(systemctl show --value -p MainPID {unit})").output.strip() == "lunas"


@pytest.mark.parametrize("unit", UNITS)
def test_they_are_shut_in(door: Door, unit: str) -> None:
    told = door.machine.run(f"systemctl cat {unit} > /dev/null && systemd-analyze security --no-pager {unit}").output
    (exposure,) = re.findall(rf"exposure level for {unit}.service: ([\d.]+)", told)
    assert float(exposure) <= 1.5
    assert door.machine.run(f"systemd-analyze verify {unit}.service").output == ""


def test_a_gate_that_hangs_is_ended_with_the_relay_off_and_watches_again(
    served_door: Door, siren: Siren, alarmed: Callable[[str], int]
) -> None:
    pid = alarmed("WATCH-100")
    served_door.machine.run(f"kill -STOP {pid}")
    siren.wait_until(on=False, seconds=55)
    watches_again(served_door, after=pid)
    assert "result 'watchdog'" in served_door.machine.run("journalctl -u lunas-gate -o cat").output
    alarmed("WATCH-101")


def test_where_a_gate_hung_is_in_the_journal(served_door: Door) -> None:
    """By the test before."""
    assert re.search(r"File .*gate/daemon\.py.* in run", served_door.machine.run("journalctl -u lunas-gate").output)


def test_a_gate_that_is_killed_leaves_the_relay_off_and_watches_again(
    served_door: Door, siren: Siren, alarmed: Callable[[str], int]
) -> None:
    pid = alarmed("WATCH-102")
    served_door.machine.run(f"kill -KILL {pid}")
    siren.wait_until(on=False, seconds=55)
    watches_again(served_door, after=pid)
    alarmed("WATCH-103")
    alarms = served_door.alarms()
    assert len(alarms) == len(set(alarms))


def test_a_gate_that_is_stopped_leaves_the_relay_off_and_nothing_running(
    served_door: Door, siren: Siren, alarmed: Callable[[str], int]
) -> None:
    alarmed("WATCH-104")
    served_door.machine.run("systemctl stop lunas-gate")
    siren.wait_until(on=False, seconds=1)
    assert property_of(served_door, "lunas-gate", "ActiveState") == "inactive"
    assert served_door.machine.run(SCREEN_OF_GATE, check=False).output == ""
    served_door.machine.run("systemctl start lunas-gate")
    served_door.wait_until_healthy()


def test_a_till_that_hangs_is_ended_and_sells_again(served_door: Door) -> None:
    pid = property_of(served_door, "lunas-till", "MainPID")
    served_door.machine.run(f"kill -STOP {pid}")
    served_door.machine.wait_until(f"p=$(systemctl show --value -p MainPID lunas-till); [ $p != 0 ] && [ $p != {pid} ]")
    served_door.wait_until_healthy()
    assert served_door.sell(str(uuid4()), "WATCH-105") == 201


def test_a_board_of_a_kind_that_was_never_there_before_the_gate_started_is_allowed(
    served_door: Door, siren: Siren, alarmed: Callable[[str], int]
) -> None:
    """Systemd allows devices by the drivers that it finds when a service starts."""
    served_door.machine.run("systemctl stop lunas-gate")
    for name in ADAPTERS:
        served_door.machine.unplug(name)
    served_door.machine.run("rmmod ftdi_sio usbserial && systemctl restart systemd-modules-load")
    served_door.machine.run("systemctl start lunas-gate")
    for name in ADAPTERS:
        served_door.machine.plug(name)
    served_door.wait_until_healthy()
    alarmed("WATCH-106")
