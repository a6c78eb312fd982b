"""Bytes become frames, however they trickle in, and no noise fills the memory."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.framing import LONGEST_FRAME, Framing

GS1 = b"]d2010952123456788321ABC\x1d17270101"
SUFFIXES = [b"\r", b"\n", b"\r\n", b"\t", b"\x03", b"\x03\r\n"]
STREAMS = [pytest.param(suffix.join([b"LN7Q", GS1, b"a b", b""]), id=repr(suffix)) for suffix in SUFFIXES]
EXPECTED = [b"LN7Q", GS1, b"a b"]

pieces = st.lists(st.binary(max_size=40) | st.sampled_from([b"\r", b"\n", b"x" * 600, b"\x02", b"\x1d"]), max_size=30)
gaps = st.lists(st.sampled_from([0.0, 0.1, 0.49, 0.5, 3.0]), max_size=30)


@pytest.mark.parametrize("stream", STREAMS)
class TestEverySuffix:
    def test_ends_a_frame_when_all_comes_at_once(self, stream: bytes) -> None:
        assert Framing().feed(stream, 0) == EXPECTED

    def test_ends_a_frame_byte_by_byte(self, stream: bytes) -> None:
        framing = Framing()
        assert list(itertools.chain(*(framing.feed(bytes([byte]), 0) for byte in stream))) == EXPECTED

    def test_ends_a_frame_wherever_the_stream_is_split(self, stream: bytes) -> None:
        for place in range(len(stream) + 1):
            framing = Framing()
            assert framing.feed(stream[:place], 0) + framing.feed(stream[place:], 0.1) == EXPECTED

    def test_leaves_nothing_to_wait_for(self, stream: bytes) -> None:
        framing = Framing()
        framing.feed(stream, 0)
        assert framing.due is None
        assert framing.idle(99) == []


class TestPadding:
    def test_before_a_label_is_stripped(self) -> None:
        assert Framing().feed(b"\x02\x00\x02A\x03\x00\x00B\r", 0) == [b"A", b"B"]

    def test_inside_a_label_is_data(self) -> None:
        assert Framing().feed(b"A\x02B\x00\r", 0) == [b"A\x02B\x00"]

    def test_alone_is_no_label_and_takes_no_room(self) -> None:
        framing = Framing()
        assert framing.feed(b"\x00" * 10_000 + b"\r", 0) == []
        assert framing.overlong == 0
        assert framing.due is None


class TestSilence:
    def test_ends_a_label_without_a_suffix(self) -> None:
        framing = Framing()
        assert framing.feed(b"LN7Q", 10.0) == []
        assert framing.due == 10.5
        assert framing.idle(10.4) == []
        assert framing.idle(10.5) == [b"LN7Q"]
        assert framing.idle(20) == []

    def test_is_counted_from_the_last_byte(self) -> None:
        framing = Framing()
        framing.feed(b"LN", 10.0)
        framing.feed(b"7Q", 10.4)
        assert framing.idle(10.6) == []
        assert framing.idle(10.9) == [b"LN7Q"]

    def test_separates_labels_even_if_nobody_asked_meanwhile(self) -> None:
        framing = Framing(idle_gap=0.1)
        framing.feed(b"A", 1.0)
        assert framing.feed(b"B\r", 1.2) == [b"A", b"B"]

    def test_is_as_long_as_the_shop_says(self) -> None:
        framing = Framing(idle_gap=2.0)
        framing.feed(b"A", 0)
        assert framing.idle(1.9) == []
        assert framing.idle(2.0) == [b"A"]


class TestOverlongFrame:
    def test_is_dropped_whole_up_to_its_terminator_and_counted(self) -> None:
        framing = Framing()
        assert framing.feed(b"x" * (LONGEST_FRAME + 1) + b"tail\rLN7Q\r", 0) == [b"LN7Q"]
        assert framing.overlong == 1

    def test_is_dropped_the_same_byte_by_byte(self) -> None:
        framing = Framing()
        stream = b"x" * 2000 + b"\rLN7Q\r"
        assert list(itertools.chain(*(framing.feed(bytes([byte]), 0) for byte in stream))) == [b"LN7Q"]
        assert framing.overlong == 1

    def test_ends_with_silence_too(self) -> None:
        framing = Framing()
        framing.feed(b"x" * 2000, 0)
        assert framing.idle(0.5) == []
        assert framing.feed(b"LN7Q\r", 0.6) == [b"LN7Q"]

    def test_begins_one_byte_past_the_longest(self) -> None:
        assert Framing().feed(b"x" * LONGEST_FRAME + b"\r", 0) == [b"x" * LONGEST_FRAME]


def test_half_a_frame_of_before_is_forgotten() -> None:
    framing = Framing()
    framing.feed(b"HALF", 0)
    framing.clear()
    assert framing.feed(b"LN7Q\r", 0.1) == [b"LN7Q"]


@given(pieces, gaps)
def test_no_frame_is_invented_and_memory_is_bounded(pieces: list[bytes], gaps: list[float]) -> None:
    framing = Framing()
    now, seen = 0.0, []
    for piece, gap in itertools.zip_longest(pieces, gaps, fillvalue=None):
        now += gap or 0.0
        seen += framing.feed(piece or b"", now)
        assert len(framing._partial) <= LONGEST_FRAME
    seen += framing.idle(now + 1)
    rest = b"".join(pieces)
    for frame in seen:
        assert 0 < len(frame) <= LONGEST_FRAME
        assert not set(frame) & set(b"\r\n\t\x03")
        assert frame in rest
        rest = rest[rest.index(frame) + len(frame) :]


@given(st.binary(max_size=2000), st.lists(st.integers(0, 2000), max_size=20))
def test_how_the_bytes_are_split_changes_nothing(stream: bytes, places: list[int]) -> None:
    whole, split = Framing(), Framing()
    cuts = [0, *sorted(places), len(stream)]
    parts = [stream[start:end] for start, end in itertools.pairwise(cuts)]
    expected = whole.feed(stream, 0)
    assert list(itertools.chain(*(split.feed(part, 0) for part in parts))) == expected
    assert split.idle(1) == whole.idle(1)
    assert split.overlong == whole.overlong
