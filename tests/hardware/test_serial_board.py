"""The bytes of LCUS boards, both ways."""

import itertools
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.cable import Cable
from hardware.errors import DeviceLost, OpenFailed, OptionMistake
from hardware.relays.serial_board import LCUS, FrameDecoder, LcusBoard, LcusOptions, Profile

FRAMES = {
    (1, True): "A0 01 01 A2",
    (1, False): "A0 01 00 A1",
    (2, True): "A0 02 01 A3",
    (2, False): "A0 02 00 A2",
    (8, True): "A0 08 01 A9",
}
STREAM = b"".join(LCUS[each] for each in [(1, True), (2, True), (1, False), (8, False)])
SWITCHINGS = [(1, True), (2, True), (1, False), (8, False)]


@pytest.mark.parametrize(("switching", "frame"), FRAMES.items())
def test_frames_are_those_that_the_boards_take(switching: tuple[int, bool], frame: str) -> None:
    assert LCUS[switching] == bytes.fromhex(frame)


def test_the_board_gets_its_frames_and_nothing_else(tmp_path: Path) -> None:
    with Cable(tmp_path / "siren") as cable:
        with LcusBoard(LcusOptions(name="siren", port=str(cable.path), channel=2)) as board:
            board.check()
            board.on()
        expected = bytes.fromhex("A00200A2 A00201A3 A00200A2")
        came = b""
        while len(came) < len(expected):
            came += cable.receive(1) or pytest.fail(f"only {came!r} came")
        assert came == expected


@pytest.mark.parametrize("channel", [0, 9, "1", True, 1.0])
def test_a_channel_that_no_board_has_is_refused(channel: object) -> None:
    with pytest.raises(OptionMistake, match="channel: expected a whole number from 1 to 8"):
        LcusOptions(name="siren", port="/dev/null", channel=channel)  # type: ignore[arg-type]


def switch_on_again_and_again(board: LcusBoard) -> None:
    for _ in range(100_000):
        board.on()


def test_a_board_that_takes_nothing_is_given_up_within_a_moment(tmp_path: Path) -> None:
    with Cable(tmp_path / "siren") as cable, LcusBoard(LcusOptions(name="siren", port=str(cable.path))) as board:
        began = time.monotonic()
        with pytest.raises(DeviceLost):
            switch_on_again_and_again(board)
        assert time.monotonic() - began < 2
        cable.unplug()


class TestDecoder:
    def test_reads_what_was_switched_wherever_the_stream_is_split(self) -> None:
        for place in range(len(STREAM) + 1):
            decoder = FrameDecoder()
            assert decoder.feed(STREAM[:place]) + decoder.feed(STREAM[place:]) == SWITCHINGS

    def test_reads_what_was_switched_byte_by_byte(self) -> None:
        decoder = FrameDecoder()
        assert list(itertools.chain(*(decoder.feed(bytes([byte])) for byte in STREAM))) == SWITCHINGS

    @pytest.mark.parametrize("rubbish", [b"\xa0", b"\xa0\x01", b"\xa0\x01\x01", b"\xa0\x01\x01\xa1", b"\x00\xff", b"?"])
    def test_finds_the_next_frame_after_rubbish(self, rubbish: bytes) -> None:
        assert FrameDecoder().feed(rubbish + STREAM) == SWITCHINGS

    def test_knows_other_makes_by_their_profile(self) -> None:
        letters: Profile = {(1, True): b"A", (1, False): b"a"}
        assert FrameDecoder(letters).feed(b"A-a") == [(1, True), (1, False)]

    @given(st.lists(st.binary(max_size=20) | st.sampled_from(list(LCUS.values()))))
    def test_invents_no_switching_and_holds_less_than_a_frame(self, pieces: list[bytes]) -> None:
        decoder, rest = FrameDecoder(), b"".join(pieces)
        for piece in pieces:
            for switching in decoder.feed(piece):
                assert LCUS[switching] in rest
                rest = rest[rest.index(LCUS[switching]) + 4 :]
            assert len(decoder._held) < 4


def test_a_serial_server_that_is_off_is_given_up_within_a_moment() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as deaf, ExitStack() as stack:
        for _ in range(3):  # what waits to be accepted fills up: whoever comes then hears nothing
            caller = stack.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(deaf.getsockname())
        board = LcusBoard(LcusOptions(name="siren", port=f"socket://127.0.0.1:{deaf.getsockname()[1]}"))
        began = time.monotonic()
        with pytest.raises(OpenFailed, match="cannot open socket"):
            board.open()
        assert time.monotonic() - began < 2.0
