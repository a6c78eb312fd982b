"""What every relay promises, on each kind: the boards over real pseudo-terminals."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from hardware.cable import Cable
from hardware.errors import DeviceLost, OpenFailed
from hardware.relay import Relay
from hardware.relays.gpio import GpioLine, GpioOptions
from hardware.relays.hid_board import DCTTECH, UCREATEFUN, HidBoard, HidOptions
from hardware.relays.modbus import ModbusBoard, ModbusOptions
from hardware.relays.numato import NumatoBoard, NumatoOptions
from hardware.relays.serial_board import FrameDecoder, LcusBoard, LcusOptions
from hardware.relays.virtual import VirtualRelay, VirtualRelayOptions
from tests.hardware.gpio_twin import CHIP, ChipTwin
from tests.hardware.hid_twin import HidTwin
from tests.hardware.modbus_board import modbus_board
from tests.hardware.numato_module import numato_module

SOON = 2.0


class Rig(NamedTuple):
    """A relay, the lamp on its output (does it now turn so?), and the hand on its plug."""

    relay: Relay
    turns: Callable[[bool], bool]
    unplug: Callable[[], None]
    replug: Callable[[], None]


def lcus_rig(folder: Path) -> Iterator[Rig]:
    decoder = FrameDecoder()

    def turns(wanted: bool) -> bool:
        deadline = time.monotonic() + SOON
        while time.monotonic() < deadline:
            switchings = decoder.feed(cable.receive(0.1))
            assert all(channel == 3 for channel, _ in switchings)
            if switchings and switchings[-1][1] is wanted:
                return True
        return False

    with Cable(folder / "siren") as cable:
        relay = LcusBoard(LcusOptions(name="siren", port=str(cable.path), channel=3))
        yield Rig(relay, turns, cable.unplug, cable.replug)
        relay.close()


def numato_rig(folder: Path) -> Iterator[Rig]:
    with numato_module(folder / "siren") as (module, cable):
        relay = NumatoBoard(NumatoOptions(name="siren", port=str(cable.path), channel=3))
        yield Rig(relay, lambda wanted: module.turns(3, wanted, SOON), cable.unplug, cable.replug)
        relay.close()


def modbus_rig(folder: Path) -> Iterator[Rig]:
    with modbus_board(folder / "siren") as (board, cable):
        relay = ModbusBoard(ModbusOptions(name="siren", port=str(cable.path), channel=3))
        yield Rig(relay, lambda wanted: board.turns(3, wanted, SOON), cable.unplug, cable.replug)
        relay.close()


def dcttech_rig(_folder: Path) -> Iterator[Rig]:
    yield from hid_rig(HidTwin(DCTTECH))


def ucreatefun_rig(_folder: Path) -> Iterator[Rig]:
    yield from hid_rig(HidTwin(UCREATEFUN))


def hid_rig(twin: HidTwin) -> Iterator[Rig]:
    relay = HidBoard(HidOptions(name="siren", port=twin.port, channel=3))
    relay._device = twin
    yield Rig(relay, lambda wanted: twin.relays.get(3) is wanted, twin.unplug, twin.replug)


def gpio_rig(_folder: Path) -> Iterator[Rig]:
    chip = ChipTwin()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gpiod.request_lines", chip.request_lines)
        relay = GpioLine(GpioOptions(name="siren", chip=CHIP, line="GPIO17"))
        yield Rig(relay, lambda wanted: chip.levels.get(17) is wanted, chip.unplug, chip.replug)
        relay.close()


def virtual_rig(folder: Path) -> Iterator[Rig]:
    relay = VirtualRelay(VirtualRelayOptions(name="siren"))

    def turns(wanted: bool) -> bool:
        switched = bool(relay.record) and relay.record[-1].on is wanted
        relay.record.clear()
        return switched and relay.state is wanted

    yield Rig(relay, turns, relay.unplug, relay.replug)


RIGS = {
    "dcttech": dcttech_rig,
    "gpio": gpio_rig,
    "lcus": lcus_rig,
    "modbus": modbus_rig,
    "numato": numato_rig,
    "ucreatefun": ucreatefun_rig,
    "virtual": virtual_rig,
}


@pytest.fixture(params=list(RIGS.values()), ids=list(RIGS))
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    yield from request.param(tmp_path)


class TestEveryRelay:
    def test_is_switched_off_by_opening_it(self, rig: Rig) -> None:
        with rig.relay:
            assert rig.turns(False)

    def test_switches_on_and_off(self, rig: Rig) -> None:
        with rig.relay as relay:
            relay.on()
            assert rig.turns(True)
            relay.off()
            assert rig.turns(False)

    def test_may_be_told_for_how_long_and_is_switched_off_before(self, rig: Rig) -> None:
        with rig.relay as relay:
            relay.pulse(30)
            assert rig.turns(True)
            relay.off()
            assert rig.turns(False)

    def test_is_switched_off_by_closing_it(self, rig: Rig) -> None:
        with rig.relay as relay:
            relay.on()
            assert rig.turns(True)
        assert rig.turns(False)

    def test_reads_back_its_state_or_says_that_it_cannot(self, rig: Rig) -> None:
        with rig.relay as relay:
            relay.on()
            assert relay.check() in {True, None}
            relay.off()
            assert relay.check() in {False, None}

    def test_is_healthy_while_it_says_nothing(self, rig: Rig) -> None:
        with rig.relay as relay:
            assert rig.turns(False)
            for _ in range(100):
                relay.check()

    def test_is_found_gone_by_the_first_check_after_it_was_unplugged(self, rig: Rig) -> None:
        with rig.relay as relay:
            relay.on()
            rig.unplug()
            with pytest.raises(DeviceLost):
                relay.check()
            with pytest.raises(DeviceLost):
                relay.on()
            with pytest.raises(DeviceLost):
                relay.off()

    def test_is_found_gone_even_if_another_is_there_in_its_place(self, rig: Rig) -> None:
        with rig.relay as relay:
            rig.unplug()
            rig.replug()
            with pytest.raises(DeviceLost):
                relay.check()

    def test_works_again_after_it_is_plugged_in_and_opened_again(self, rig: Rig) -> None:
        with rig.relay as relay:
            rig.unplug()
            rig.replug()
            relay.open()
            assert rig.turns(False)
            relay.on()
            assert rig.turns(True)

    def test_cannot_be_opened_while_unplugged(self, rig: Rig) -> None:
        rig.unplug()
        with pytest.raises(OpenFailed, match="plug"):
            rig.relay.open()

    def test_refuses_to_switch_while_not_open(self, rig: Rig) -> None:
        for act in (rig.relay.on, rig.relay.off, rig.relay.check):
            with pytest.raises(DeviceLost, match="not open"):
                act()

    def test_may_be_closed_at_any_time_and_twice(self, rig: Rig) -> None:
        rig.relay.close()
        rig.relay.open()
        rig.unplug()
        rig.relay.close()
        rig.relay.close()
