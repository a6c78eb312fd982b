"""Several outputs on one board: one port, of which each is a user of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.cable import Cable
from hardware.errors import DeviceLost, OpenFailed
from hardware.relays.serial_board import FrameDecoder, LcusBoard, LcusOptions


@pytest.fixture
def cable(tmp_path: Path) -> Iterator[Cable]:
    with Cable(tmp_path / "board") as cable:
        yield cable


@pytest.fixture
def lamp(cable: Cable) -> Iterator[LcusBoard]:
    with relay_at(cable, 1) as relay:
        yield relay


@pytest.fixture
def siren(cable: Cable, lamp: LcusBoard) -> Iterator[LcusBoard]:
    with relay_at(cable, 2) as relay:
        yield relay


def relay_at(cable: Cable, channel: int) -> LcusBoard:
    return LcusBoard(LcusOptions(name=f"relay-{channel}", port=str(cable.path), channel=channel))


def switchings(cable: Cable, count: int) -> list[tuple[int, bool]]:
    decoder = FrameDecoder()
    heard: list[tuple[int, bool]] = []
    while len(heard) < count:
        heard += decoder.feed(cable.receive(2.0) or pytest.fail(f"only {heard} came"))
    return heard


def test_the_outputs_of_one_board_are_switched_each_by_itself(cable: Cable, lamp: LcusBoard, siren: LcusBoard) -> None:
    lamp.on()
    siren.on()
    lamp.off()
    assert switchings(cable, 5) == [(1, False), (2, False), (1, True), (2, True), (1, False)]


def test_closing_one_leaves_the_other_at_work(cable: Cable, lamp: LcusBoard, siren: LcusBoard) -> None:
    lamp.on()
    siren.close()
    lamp.check()
    assert switchings(cable, 4) == [(1, False), (2, False), (1, True), (2, False)]


def test_another_program_still_cannot_have_the_port(cable: Cable, lamp: LcusBoard) -> None:
    other = LcusBoard(LcusOptions(name="other", port=str(cable.path), baud=19200))
    with pytest.raises(OpenFailed, match="another program has it open"):
        other.open()


def test_a_board_that_was_pulled_out_is_gone_for_each_until_each_has_opened_it_again(
    cable: Cable, lamp: LcusBoard, siren: LcusBoard
) -> None:
    cable.unplug()
    cable.replug()
    with pytest.raises(DeviceLost):
        lamp.check()
    lamp.close()
    lamp.open()
    with pytest.raises(DeviceLost):
        siren.check()
    siren.close()
    siren.open()
    lamp.on()
    siren.on()
    assert switchings(cable, 4) == [(1, False), (2, False), (1, True), (2, True)]
