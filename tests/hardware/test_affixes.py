"""A scanner's prefix and suffix are taken off where they are, and nothing else is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.affixes import PREFIX, SUFFIX, Affixes
from hardware.framing import Framing

WORDS = st.text(st.characters(max_codepoint=0xFF))


@pytest.mark.parametrize(
    ("frame", "label"),
    [
        (b"<LN7Q>", b"LN7Q"),
        (b"<]C1LN7Q>", b"]C1LN7Q"),
        (b"LN7Q", b"LN7Q"),
        (b"<LN7Q", b"LN7Q"),
        (b"LN7Q>", b"LN7Q"),
        (b"LN<>7Q", b"LN<>7Q"),
        (b"<<LN7Q>>", b"<LN7Q>"),
        (b"<>", b"<>"),
    ],
)
def test_each_is_taken_off_once_where_it_is_and_never_the_whole_label(frame: bytes, label: bytes) -> None:
    assert Affixes.of("<", ">").off(frame) == label


@pytest.mark.parametrize(
    ("prefix", "suffix"), [("\t", "\t"), ("\x02A", "\x03"), ("\r\n A\x02", "#\r\n"), ("\xe9", "\x1d"), ("", "")]
)
@pytest.mark.parametrize("end", ["", "\r"])
def test_what_the_scanner_sends_round_the_label_is_gone_whatever_ends_it(prefix: str, suffix: str, end: str) -> None:
    framing, affixes = Framing(), Affixes.of(prefix, suffix)
    frames = framing.feed(f"{prefix}LN7Q{suffix}{end}".encode("latin-1"), 0) + framing.idle(9)
    assert [affixes.off(frame) for frame in frames] == [b"LN7Q"]


@given(WORDS, WORDS)
def test_whatever_the_settings_take_gives_the_label_alone(prefix: str, suffix: str) -> None:
    if re.fullmatch(PREFIX, prefix) and re.fullmatch(SUFFIX, suffix):
        framing, affixes = Framing(), Affixes.of(prefix, suffix)
        frames = framing.feed(f"{prefix}LN7Q{suffix}".encode("latin-1"), 0) + framing.idle(9)
        assert [affixes.off(frame) for frame in frames] == [b"LN7Q"]
