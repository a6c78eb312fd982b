"""HID relay boards: the reports of both makes, and boards that fail a reading, ignore a switching or are others."""

from pathlib import Path

import pytest

from hardware.errors import DeviceLost, OpenFailed, OptionMistake
from hardware.hidraw import HidIdentity, HidRaw
from hardware.relays.hid_board import DCTTECH, UCREATEFUN, HidBoard, HidOptions
from tests.hardware.hid_twin import HidTwin


def board_of(twin: HidTwin, channel: int = 2) -> HidBoard:
    board = HidBoard(HidOptions(name="siren", port=twin.port, channel=channel))
    board._device = twin
    return board


@pytest.mark.parametrize(
    ("make", "reports"), [(DCTTECH, ["00fd02", "00ff02", "00fd02"]), (UCREATEFUN, ["0002", "00f2", "0002"])]
)
def test_the_board_gets_its_makes_reports_and_nothing_else(make: HidIdentity, reports: list[str]) -> None:
    twin = HidTwin(make)
    with board_of(twin) as board:
        board.on()
    assert twin.reports == [bytes.fromhex(report).ljust(9, b"\0") for report in reports]


@pytest.mark.parametrize("channel", range(1, 9))
def test_every_relay_of_the_largest_board_is_reached_and_no_other(channel: int) -> None:
    twin = HidTwin(DCTTECH)
    with board_of(twin, channel) as board:
        twin.relays.update(dict.fromkeys(range(1, 9), False))
        board.on()
        assert [number for number, on in twin.relays.items() if on] == [channel]
        assert board.check() is True


def test_one_failed_reading_is_read_again() -> None:
    twin = HidTwin(DCTTECH)
    with board_of(twin) as board:
        twin.failing_reads = 1
        board.on()
        twin.failing_reads = 1
        assert board.check() is True


def test_a_board_that_never_reads_back_is_lost() -> None:
    twin = HidTwin(DCTTECH)
    with board_of(twin) as board:
        twin.failing_reads = 4
        with pytest.raises(DeviceLost, match="does not answer"):
            board.on()


def test_a_switching_that_was_not_heeded_is_sent_again() -> None:
    twin = HidTwin(DCTTECH)
    with board_of(twin) as board:
        twin.ignored = 1
        board.on()
        assert twin.relays[2]


def test_a_relay_that_does_not_switch_is_told() -> None:
    twin = HidTwin(DCTTECH)
    with board_of(twin) as board:
        twin.ignored = 2
        with pytest.raises(DeviceLost, match="it was told on and reads back off"):
            board.on()


def test_a_hid_device_that_is_no_relay_board_is_not_touched() -> None:
    twin = HidTwin(HidIdentity(0x046D, 0xC52B))
    with pytest.raises(OpenFailed, match="expected 16c0:05df or 0519:2018, got 046d:c52b"):
        board_of(twin).open()
    assert twin.reports == []


@pytest.mark.parametrize("channel", [0, 9])
def test_a_relay_that_no_board_has_is_refused(channel: int) -> None:
    with pytest.raises(OptionMistake, match="channel: expected a whole number from 1 to 8"):
        HidOptions(name="siren", port="/dev/hidraw0", channel=channel)


def test_what_is_there_but_is_no_hid_device_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OpenFailed, match="it is no HID device"):
        HidRaw(str(tmp_path / "file")).open()
    with pytest.raises(OpenFailed, match="nothing is plugged in there"):
        HidRaw(str(tmp_path / "nothing")).open()
