"""Relay boards and a button on the kernel's own drivers, pulled out and put in again."""

import threading
from collections.abc import Iterator

import pytest

from tests.hardware.numato_module import NumatoModule
from tests.vm.door import LCUS, Door, Siren, serial_scanner
from tests.vm.machine import device_path

LEFT = serial_scanner("left")
NUMATO = f'[gate.relay]\nkind = "numato"\nport = "{device_path("numato")}"\nchannel = 3\n'
BUTTON = f'[gate.button]\nport = "{device_path("kbd1")}"\n'
RELAY = 3


@pytest.fixture
def module(door: Door) -> Iterator[NumatoModule]:
    """Be a Numato relay module behind its adapter."""
    line = door.machine.adapters["numato"]
    numato = NumatoModule(line)
    is_over = threading.Event()

    def run() -> None:
        while not is_over.is_set():
            numato.hear(line.receive(0.05))

    thread = threading.Thread(target=run)
    thread.start()
    yield numato
    is_over.set()
    thread.join()


def test_an_lcus_board_that_was_pulled_out_is_told_and_sounds_as_soon_as_it_is_back(door: Door, siren: Siren) -> None:
    door.open("WATCH-1", devices=LEFT + LCUS, alarm_seconds=30)
    door.machine.unplug("lcus")
    door.wait_for("lost", "relay")
    assert door.health()["down"] == ["relay"]
    door.machine.adapters["left"].send(b"WATCH-1\r")
    door.wait_for_alarms("WATCH-1")
    assert True not in siren.switchings(0.5)
    door.machine.plug("lcus")
    siren.wait_until(on=True, seconds=25)
    door.wait_for("ok", "relay")


def test_a_numato_module_sounds_is_silenced_and_sounds_again_after_it_was_pulled_out(
    door: Door, module: NumatoModule
) -> None:
    door.open("WATCH-1", "WATCH-2", devices=LEFT + NUMATO)
    door.machine.adapters["left"].send(b"WATCH-1\r")
    assert module.turns(RELAY, True, 60)
    assert module.turns(RELAY, False, 60)
    door.machine.unplug("numato")
    door.wait_for("lost", "relay")
    door.machine.plug("numato")
    door.wait_for("ok", "relay")
    door.machine.adapters["left"].send(b"WATCH-2\r")
    assert module.turns(RELAY, True, 60)
    assert sum(module.relays) == 1
    assert module.turns(RELAY, False, 60)


def test_a_button_silences_the_alarm_and_does_so_again_after_it_was_pulled_out(door: Door, siren: Siren) -> None:
    door.open("WATCH-1", "WATCH-2", devices=LEFT + LCUS + BUTTON, alarm_seconds=60)
    door.machine.adapters["left"].send(b"WATCH-1\r")
    siren.wait_until(on=True)
    door.machine.type(kbd1="\n")
    siren.wait_until(on=False, seconds=20)
    door.machine.unplug("kbd1")
    door.wait_for("lost", "button")
    assert door.health()["down"] == []
    door.machine.plug("kbd1")
    door.wait_for("ok", "button")
    door.machine.adapters["left"].send(b"WATCH-2\r")
    siren.wait_until(on=True)
    door.machine.type(kbd1=" ")
    siren.wait_until(on=False, seconds=20)
