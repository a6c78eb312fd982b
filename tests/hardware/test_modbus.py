"""Modbus RTU boards: the frames of the makers' manuals, the board's own timer, and boards that answer wrongly."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.cable import Cable
from hardware.errors import DeviceLost, OpenFailed, OptionMistake
from hardware.relays import modbus_frames as frames
from hardware.relays.modbus import ModbusBoard, ModbusOptions
from tests.hardware import modbus_board as twin

SOON = 2.0
PULSES_AND_WAITS = """
import sys, time
from hardware.relays.modbus import ModbusBoard, ModbusOptions
board = ModbusBoard(ModbusOptions(name="siren", port=sys.argv[1]))
board.open()
board.pulse(1.0)
time.sleep(60)
"""


@pytest.fixture
def plugged(tmp_path: Path) -> Iterator[tuple[twin.ModbusBoard, Cable]]:
    with twin.modbus_board(tmp_path / "siren") as plugged:
        yield plugged


@pytest.fixture
def module(plugged: tuple[twin.ModbusBoard, Cable]) -> twin.ModbusBoard:
    return plugged[0]


@pytest.fixture
def cable(plugged: tuple[twin.ModbusBoard, Cable]) -> Cable:
    return plugged[1]


def board_at(cable: Cable, channel: int = 1, unit: int = 1) -> ModbusBoard:
    return ModbusBoard(ModbusOptions(name="siren", port=str(cable.path), channel=channel, unit=unit))


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (frames.write_coil(1, 0, on=True), "01 05 00 00 FF 00 8C 3A"),
        (frames.write_coil(1, 0, on=False), "01 05 00 00 00 00 CD CA"),
        (frames.read_coils(1, 0), "01 01 00 00 00 08 3D CC"),
        (frames.pulse_coil(1, 0, 7), "01 05 02 00 00 07 8D B0"),
    ],
)
def test_frames_are_those_of_the_manual(frame: bytes, expected: str) -> None:
    assert frame == bytes.fromhex(expected)


@given(st.binary(min_size=1, max_size=20), st.integers(0, 7), st.data())
def test_no_single_flipped_bit_gets_past_the_check(body: bytes, bit: int, data: st.DataObject) -> None:
    whole = body + frames.crc(body)
    place = data.draw(st.integers(0, len(whole) - 1))
    damaged = bytearray(whole)
    damaged[place] ^= 1 << bit
    assert frames.crc(bytes(damaged[:-2])) != bytes(damaged[-2:])


def test_the_board_is_told_and_asked_in_the_manuals_bytes(module: twin.ModbusBoard, cable: Cable) -> None:
    with board_at(cable) as board:
        module.heard.clear()
        board.on()
        board.pulse(10)
        told = [frame.hex(" ") for frame in module.heard]
    assert told == [
        "01 05 00 00 ff 00 8c 3a",
        "01 01 00 00 00 08 3d cc",
        frames.pulse_coil(1, 0, 105).hex(" "),
        "01 01 00 00 00 08 3d cc",
    ]


@pytest.mark.parametrize(("key", "value"), [("unit", 0), ("unit", 248), ("channel", 0), ("channel", 65)])
def test_what_no_board_has_is_refused(key: str, value: int) -> None:
    with pytest.raises(OptionMistake, match=f"{key}: expected a whole number from 1"):
        ModbusOptions(name="siren", port="/dev/null", **{key: value})  # type: ignore[arg-type]


def test_the_board_switches_off_by_itself_when_the_time_is_over(module: twin.ModbusBoard, cable: Cable) -> None:
    with board_at(cable, channel=2) as board:
        assert board.pulse(0.5) is True
        assert board.check() is True
        assert module.turns(2, False, 10)
        assert board.check() is False


def test_a_program_that_is_killed_leaves_the_board_to_its_timer(module: twin.ModbusBoard, cable: Cable) -> None:
    with subprocess.Popen([sys.executable, "-c", PULSES_AND_WAITS, str(cable.path)], cwd=Path.cwd()) as program:
        assert module.turns(1, True, 30)
        os.kill(program.pid, signal.SIGKILL)
        program.wait()
        assert module.turns(1, False, 10)


def test_a_board_without_a_timer_is_switched_on(module: twin.ModbusBoard, cable: Cable) -> None:
    module.has_timer = False
    with board_at(cable) as board:
        assert board.pulse(0.5) is False
        assert module.turns(1, True, SOON)
        time.sleep(1.2)
        assert board.check() is True


def test_a_relay_that_another_hand_switched_is_read_as_it_is(module: twin.ModbusBoard, cable: Cable) -> None:
    with board_at(cable, channel=8) as board:
        module.force(8, on=True)
        assert board.check() is True


def test_a_relay_that_does_not_switch_is_told_at_once(module: twin.ModbusBoard, cable: Cable) -> None:
    with board_at(cable) as board:
        module.is_stuck = True
        with pytest.raises(DeviceLost, match="it was told on and reads back off"):
            board.on()
        with pytest.raises(DeviceLost, match="it was told on and reads back off"):
            board.pulse(1)


def test_a_relay_that_the_board_does_not_have_is_told(module: twin.ModbusBoard, cable: Cable) -> None:
    with board_at(cable) as board:
        module.only_answer = b"\x01\x85\x02" + frames.crc(b"\x01\x85\x02")
        with pytest.raises(DeviceLost, match="as Modbus board 1: it has no such relay"):
            board.on()


def test_a_board_that_falls_silent_is_lost_within_a_moment(module: twin.ModbusBoard, cable: Cable) -> None:
    with board_at(cable) as board:
        module.is_mute = True
        began = time.monotonic()
        with pytest.raises(DeviceLost, match="expected an answer to 01 01 00 00 00 08 3d cc, got nothing"):
            board.check()
        assert time.monotonic() - began < 1.5


def test_nobody_at_that_address_is_told_when_it_is_opened(module: twin.ModbusBoard, cable: Cable) -> None:
    with pytest.raises(OpenFailed, match=r"cannot switch relay 'siren' off: .* as Modbus board 7"):
        board_at(cable, unit=7).open()


@pytest.mark.parametrize("rubbish", [b"\x00", b"\x01\x01\x01\xff\x11\x40", b"\xff" * 40])
def test_what_came_before_is_no_answer(module: twin.ModbusBoard, cable: Cable, rubbish: bytes) -> None:
    with board_at(cable) as board:
        cable.send(rubbish)
        time.sleep(0.05)
        assert board.check() is False


@pytest.mark.parametrize("answer", ["01 01 01 01 00 00", "02 01 01 01 a0 48", "01 01 01", "4f 4b 0d 0a"])
def test_a_damaged_or_foreign_answer_is_none(module: twin.ModbusBoard, cable: Cable, answer: str) -> None:
    with board_at(cable) as board:
        module.only_answer = bytes.fromhex(answer)
        with pytest.raises(DeviceLost, match="expected an answer to 01 01 00 00 00 08 3d cc, got"):
            board.check()
