"""Relays that are no serial ports, on the kernel's own drivers: a GPIO line (gpio-sim) and HID boards (uhid)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vm.door import Door, serial_scanner

LEFT = serial_scanner("left")
BOARD = Path(__file__).with_name("guest") / "be_hid_board.py"
MAKE_CHIP = """
set -e
modprobe gpio-sim
mountpoint -q /sys/kernel/config || mount -t configfs none /sys/kernel/config
made=/sys/kernel/config/gpio-sim/door
mkdir -p $made/bank0/line2
echo 8 > $made/bank0/num_lines
echo SIREN > $made/bank0/line2/name
echo 1 > $made/live
name=$(cat $made/bank0/chip_name)
echo -n /dev/$name $(ls -d /sys/devices/platform/gpio-sim.*/$name)/sim_gpio2/value
"""
HELD = "/run/hid-board"
LINE = 3


class Pin:
    """Line 2 of a simulated chip, seen from outside."""

    def __init__(self, door: Door) -> None:
        self._machine = door.machine
        self.chip, self._value = door.machine.run(MAKE_CHIP).output.split()

    def settings(self, line: str) -> str:
        """Write the settings of a siren on it."""
        return f'[gate.relay]\nkind = "gpio"\nchip = "{self.chip}"\nline = "{line}"\n'

    def wait_until(self, *, on: bool) -> None:
        """Wait until its level is so."""
        self._machine.wait_until(f"grep -qx {on:d} {self._value}", 60)


class HidBoard:
    """A board of one make, plugged in by starting the program that is it."""

    def __init__(self, door: Door, vendor: str, product: str) -> None:
        self._machine = door.machine
        self._ids = f"{vendor} {product}"
        door.machine.put("/root/be_hid_board.py", BOARD.read_bytes())
        door.machine.run("modprobe uhid")
        self.plug()

    def plug(self) -> None:
        """Put it in, at a path that is the same each time."""
        program = f"/usr/bin/python3 /root/be_hid_board.py {self._ids} {HELD}"
        self._machine.run(f"systemd-run --quiet --collect --unit=hid-board {program}")
        # Made by uhid it has no USB socket by which udev could name it, or know it.
        found = "basename $(dirname $(dirname $(grep -l 'HID_NAME=USBRelay8' /sys/class/hidraw/*/device/uevent)))"
        name = self._machine.wait_until(found, 60).strip()
        self._machine.run(f"chgrp dialout /dev/{name} && chmod 660 /dev/{name} && ln -sfn /dev/{name} /dev/siren")

    def unplug(self) -> None:
        """Pull it out."""
        self._machine.run("systemctl stop hid-board; rm -f /dev/siren")

    def wait_until(self, relays: str) -> None:
        """Wait until exactly these of its relays are on."""
        self._machine.wait_until(f'test "$(cat {HELD})" = "{relays}"', 60)


@pytest.fixture(scope="module")
def pin(door: Door) -> Pin:
    return Pin(door)


@pytest.fixture(params=[("16c0", "05df"), ("0519", "2018")], ids=["dcttech", "ucreatefun"])
def board(door: Door, request: pytest.FixtureRequest) -> Iterator[HidBoard]:
    board = HidBoard(door, *request.param)
    yield board
    board.unplug()


def test_a_pin_sounds_is_silenced_and_is_off_after_the_gate_was_killed(door: Door, pin: Pin) -> None:
    door.open("WATCH-1", "WATCH-2", devices=LEFT + pin.settings("SIREN"))
    pin.wait_until(on=False)
    door.machine.adapters["left"].send(b"WATCH-1\r")
    pin.wait_until(on=True)
    pin.wait_until(on=False)
    door.open("WATCH-1", devices=LEFT + pin.settings("2"), alarm_seconds=60)
    door.machine.adapters["left"].send(b"WATCH-1\r")
    pin.wait_until(on=True)
    door.machine.run("kill -KILL $(systemctl show -p MainPID --value lunas-gate)")
    pin.wait_until(on=False)


def test_a_hid_board_sounds_and_sounds_again_after_it_was_pulled_out(door: Door, board: HidBoard) -> None:
    siren = f'[gate.relay]\nkind = "hid"\nport = "/dev/siren"\nchannel = {LINE}\n'
    door.open("WATCH-1", "WATCH-2", devices=LEFT + siren)
    door.machine.adapters["left"].send(b"WATCH-1\r")
    board.wait_until(str(LINE))
    board.wait_until("")
    board.unplug()
    door.wait_for("lost", "relay")
    board.plug()
    door.wait_for("ok", "relay")
    door.machine.adapters["left"].send(b"WATCH-2\r")
    board.wait_until(str(LINE))
    board.wait_until("")
