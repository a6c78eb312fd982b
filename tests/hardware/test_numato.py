"""Numato modules: the bytes, and what becomes of a module that does not answer as it should."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.cable import Cable
from hardware.errors import DeviceLost, OpenFailed, OptionMistake
from hardware.relays.numato import NumatoBoard, NumatoOptions
from tests.hardware.numato_module import NumatoModule, numato_module

SOON = 2.0


@pytest.fixture
def plugged(tmp_path: Path) -> Iterator[tuple[NumatoModule, Cable]]:
    with numato_module(tmp_path / "siren") as plugged:
        yield plugged


@pytest.fixture
def module(plugged: tuple[NumatoModule, Cable]) -> NumatoModule:
    return plugged[0]


@pytest.fixture
def cable(plugged: tuple[NumatoModule, Cable]) -> Cable:
    return plugged[1]


def board_at(path: Path, channel: int = 0) -> NumatoBoard:
    return NumatoBoard(NumatoOptions(name="siren", port=str(path), channel=channel))


def told(cable: Cable, count: int) -> bytes:
    heard = b""
    while len(heard) < count:
        heard += cable.receive(SOON) or pytest.fail(f"only {heard!r} came")
    return heard


def test_the_module_is_told_in_the_makers_words(tmp_path: Path) -> None:
    with Cable(tmp_path / "siren") as cable:
        board = board_at(cable.path)
        board._line.open()
        cable.send(b"relay read 0\n\ron\n\r>")
        with pytest.raises(DeviceLost):
            board.on()
        assert told(cable, 11) == b"relay on 0\r"
        with pytest.raises(DeviceLost):
            board.check()
        assert told(cable, 13) == b"relay read 0\r"


@pytest.mark.parametrize(("channel", "relay"), [(0, 0), (9, 9), (10, 10), (31, 31)])
def test_every_relay_of_the_largest_module_is_reached(
    module: NumatoModule, cable: Cable, channel: int, relay: int
) -> None:
    with board_at(cable.path, channel) as board:
        board.on()
        assert [number for number, is_on in enumerate(module.relays) if is_on] == [relay]


@pytest.mark.parametrize("channel", [-1, 32, "0", True])
def test_a_relay_that_no_module_has_is_refused(channel: object) -> None:
    with pytest.raises(OptionMistake, match="channel: expected a whole number from 0 to 31"):
        NumatoOptions(name="siren", port="/dev/null", channel=channel)  # type: ignore[arg-type]


def test_a_relay_that_another_hand_switched_is_read_as_it_is(module: NumatoModule, cable: Cable) -> None:
    with board_at(cable.path) as board:
        module.relays[0] = True
        assert board.check() is True


def test_a_slow_module_is_waited_for(module: NumatoModule, cable: Cable) -> None:
    module.slowness = 0.005
    with board_at(cable.path) as board:
        board.on()
        assert board.check() is True


def test_half_a_command_that_another_program_left_is_ended_first(module: NumatoModule, cable: Cable) -> None:
    module.hear(b"relay wri")
    with board_at(cable.path) as board:
        board.on()
        assert module.turns(0, True, SOON)


def test_a_late_answer_is_not_taken_for_that_of_another_question(module: NumatoModule, cable: Cable) -> None:
    with board_at(cable.path) as board:
        cable.send(b"relay read 0\n\ron\n\r>")
        time.sleep(0.05)
        assert board.check() is False


@pytest.mark.parametrize("rubbish", [b"OK\r\n", b">", b"\x00\xff\xfe", b"\n\r>\n\r>", b"relay read"])
def test_rubbish_before_the_echo_is_passed_over(module: NumatoModule, cable: Cable, rubbish: bytes) -> None:
    with board_at(cable.path) as board:
        cable.send(rubbish)
        board.on()
        assert board.check() is True


def test_a_relay_that_does_not_switch_is_told_at_once(module: NumatoModule, cable: Cable) -> None:
    with board_at(cable.path) as board:
        module.is_stuck = True
        with pytest.raises(DeviceLost, match="it was told on and reads back off"):
            board.on()


def test_a_module_that_falls_silent_is_lost_within_a_moment(module: NumatoModule, cable: Cable) -> None:
    with board_at(cable.path) as board:
        module.is_mute = True
        began = time.monotonic()
        with pytest.raises(DeviceLost, match="expected 'relay read 0' and a prompt, got b''"):
            board.check()
        assert time.monotonic() - began < 1.5


@pytest.mark.parametrize("answer", [b"E~7\r\n", b"ERROR\r\n" * 100])
def test_what_is_no_numato_module_cannot_be_opened(tmp_path: Path, answer: bytes) -> None:
    with Cable(tmp_path / "modem") as cable:
        cable.send(answer)
        with pytest.raises(OpenFailed, match=r"cannot switch relay 'siren' off: .* does not act as a Numato module"):
            board_at(cable.path).open()


def test_an_answer_that_is_neither_on_nor_off_is_told(module: NumatoModule, cable: Cable) -> None:
    with board_at(cable.path) as board:
        module.words = (b"perhaps", b"perhaps")
        with pytest.raises(DeviceLost, match="expected it to answer on or off, got 'perhaps'"):
            board.check()
