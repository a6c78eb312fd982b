"""What a scanner types is what its label says, in every layout; what cannot be known is never guessed."""

import itertools
import string
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.grabbed import GrabbedKeys, KeyEvent
from hardware.keymap import EV_KEY, EV_SYN, SUBSTITUTE, SYN_DROPPED, SYN_REPORT, KeyReader
from hardware.layouts import LAYOUTS, Layout
from hardware.scanners.keyboard import KeyboardOptions, KeyboardScanner

Event = tuple[int, int, int]

SHIFT, RIGHT_SHIFT, CONTROL, ALT, ALT_GR, META, CAPS, NUM = 42, 54, 29, 56, 100, 125, 58, 69
ENTER, KEYPAD_ENTER, TAB, SPACE = 28, 96, 15, 57
KEY = dict(zip("1234567890", range(2, 12), strict=True))
KEY |= {
    key: code
    for row, first in (("QWERTYUIOP", 16), ("ASDFGHJKL", 30), ("ZXCVBNM", 44))
    for code, key in enumerate(row, first)
}
KEYPAD = dict(zip("7894561230", [71, 72, 73, 75, 76, 77, 79, 80, 81, 82], strict=True))
EV_LED, EV_MSC, MSC_SCAN = 17, 4, 4
REPORT = (EV_SYN, SYN_REPORT, 0)
DROPPED = (EV_SYN, SYN_DROPPED, 0)


def stroke(code: int, *beside: int) -> list[Event]:
    """Press and release a key while those beside it are down, with what else a real keyboard says."""
    downs = [(EV_KEY, each, 1) for each in (*beside, code)]
    ups = [(EV_KEY, each, 0) for each in (code, *beside)]
    return [event for each in (*downs, *ups) for event in ((EV_MSC, MSC_SCAN, 7), each, REPORT)]


def by_alt(number: str) -> list[Event]:
    """Hold Alt and type a number on the keypad."""
    digits = [event for digit in number for event in stroke(KEYPAD[digit])]
    return [(EV_KEY, ALT, 1), REPORT, *digits, (EV_KEY, ALT, 0), REPORT]


def reader(layout: str = "us", held: Sequence[int] = (), *, caps_lock: bool = False) -> KeyReader:
    return KeyReader(layout, lambda: held, caps_lock=caps_lock)


def read(events: Iterable[Event], keys: KeyReader | None = None) -> bytes:
    keys = keys or reader()
    return b"".join(keys.feed(*event) for event in events)


def typed(text: str, layout: Layout) -> list[Event]:
    """Type a text as a scanner set to that layout does: a dead key is set free by a space."""
    events: list[Event] = []
    for character in text:
        level, beside = next(
            (level, beside)
            for level, beside in (
                (layout.plain, ()),
                (layout.shifted, (SHIFT,)),
                (layout.alt_gr, (ALT_GR,)),
                ({SPACE: " "}, ()),
            )
            if character in level.values()
        )
        code = next(code for code, each in level.items() if each == character)
        events += stroke(code, *beside) + (stroke(SPACE) if character in layout.dead else [])
    return events


def down_after(events: Iterable[Event]) -> list[int]:
    """Tell which keys are down after some events."""
    down = {code: value != 0 for kind, code, value in events if kind == EV_KEY}
    return [code for code, is_down in down.items() if is_down]


class TestLabels:
    @pytest.mark.parametrize("layout", LAYOUTS)
    def test_of_every_printable_character_are_read_in_every_layout(self, layout: str) -> None:
        text = "".join(each for each in string.printable if each.isprintable())
        assert read(typed(text, LAYOUTS[layout]) + stroke(ENTER), reader(layout)) == text.encode() + b"\r"

    @given(st.text(string.ascii_letters + string.digits + "-._/ ^`~", max_size=40), st.sampled_from(sorted(LAYOUTS)))
    def test_are_read_whatever_they_say(self, text: str, layout: str) -> None:
        assert read(typed(text, LAYOUTS[layout]), reader(layout)) == text.encode()

    def test_are_letters_of_the_scanners_layout_not_of_the_us(self) -> None:
        events = [*stroke(KEY["Y"]), *stroke(KEY["Q"]), *stroke(KEY["1"], SHIFT)]
        assert [read(events, reader(layout)) for layout in ("us", "de", "fr")] == [b"yq!", b"zq!", b"ya1"]

    @pytest.mark.parametrize("end", [ENTER, KEYPAD_ENTER])
    def test_end_with_either_enter(self, end: int) -> None:
        assert read(stroke(KEY["A"]) + stroke(end)) == b"a\r"

    def test_end_with_tab(self) -> None:
        assert read(stroke(TAB)) == b"\t"

    def test_keep_the_separator_of_gs1_as_control_and_bracket(self) -> None:
        for layout in LAYOUTS:
            assert read(stroke(27, CONTROL), reader(layout)) == b"\x1d"

    def test_keep_other_control_characters(self) -> None:
        assert read(stroke(KEY["M"], CONTROL) + stroke(KEY["J"], 97)) == b"\r\n"

    def test_of_letters_beyond_ascii_are_one_byte_each(self) -> None:
        assert read(stroke(39), reader("de")) == "ö".encode("latin-1")

    def test_are_the_same_however_the_events_come(self) -> None:
        events = typed("Ab^_9", LAYOUTS["fr"]) + by_alt("0029") + stroke(ENTER)
        for place in range(len(events)):
            keys = reader("fr")
            assert read(events[:place], keys) + read(events[place:], keys) == b"Ab^_9\x1d\r"


class TestModifiers:
    @pytest.mark.parametrize("shift", [SHIFT, RIGHT_SHIFT])
    def test_shift_holds_over_several_keys_and_no_longer(self, shift: int) -> None:
        events = [(EV_KEY, shift, 1), *stroke(KEY["L"]), *stroke(KEY["N"]), (EV_KEY, shift, 0), *stroke(KEY["7"])]
        assert read(events) == b"LN7"

    def test_one_shift_may_go_up_while_the_other_is_down(self) -> None:
        events = [(EV_KEY, SHIFT, 1), (EV_KEY, RIGHT_SHIFT, 1), (EV_KEY, SHIFT, 0), *stroke(KEY["L"])]
        assert read(events) == b"L"

    def test_caps_lock_turns_letters_only(self) -> None:
        events = [
            *stroke(CAPS),
            *stroke(KEY["L"]),
            *stroke(KEY["N"], SHIFT),
            *stroke(KEY["7"]),
            *stroke(CAPS),
            *stroke(KEY["L"]),
        ]
        assert read(events) == b"Ln7l"

    def test_caps_lock_leaves_what_has_no_capital_on_its_key(self) -> None:
        assert read(stroke(12), reader("de", caps_lock=True)) == "ß".encode("latin-1")
        assert read(stroke(3), reader("fr", caps_lock=True)) == "é".encode("latin-1")

    def test_caps_lock_may_be_on_from_the_start(self) -> None:
        assert read(stroke(KEY["L"], SHIFT) + stroke(KEY["N"]), reader(caps_lock=True)) == b"lN"

    def test_the_keypad_means_digits_whatever_num_lock_says(self) -> None:
        keypad = [event for code in KEYPAD.values() for event in stroke(code)]
        assert read([*keypad, *stroke(NUM), *keypad]) == b"7894561230" * 2
        assert read([event for code in (83, 55, 98, 74, 78) for event in stroke(code)]) == b".*/-+"

    def test_a_key_that_repeats_is_typed_once(self) -> None:
        assert read([(EV_KEY, KEY["A"], 1), *[(EV_KEY, KEY["A"], 2)] * 30, (EV_KEY, KEY["A"], 0)]) == b"a"

    def test_a_shift_that_repeats_is_still_one(self) -> None:
        events = [(EV_KEY, SHIFT, 1), (EV_KEY, SHIFT, 2), *stroke(KEY["A"]), (EV_KEY, SHIFT, 0), *stroke(KEY["A"])]
        assert read(events) == b"Aa"


class TestAltAndDigits:
    @pytest.mark.parametrize(
        ("number", "expected"),
        [
            ("0029", b"\x1d"),
            ("029", b"\x1d"),
            ("65", b"A"),
            ("126", b"~"),
            ("0065", b"A"),
            ("0233", b"\xe9"),
            ("013", b"\r"),
        ],
    )
    def test_mean_the_character_of_that_number(self, number: str, expected: bytes) -> None:
        assert read(by_alt(number)) == expected

    @pytest.mark.parametrize("number", ["0", "000", "130", "256", "0256", "9999999999"])
    def test_mean_nothing_where_the_number_is_none_or_depends_on_the_country(self, number: str) -> None:
        assert read(by_alt(number)) == SUBSTITUTE

    def test_spell_whole_labels(self) -> None:
        label = "LN7Q\x1d-1"
        events = [event for character in label for event in by_alt(str(ord(character)))]
        assert read([*events, *stroke(ENTER)]) == label.encode() + b"\r"

    def test_do_not_leak_into_the_next(self) -> None:
        assert read([*by_alt("65"), (EV_KEY, ALT, 1), (EV_KEY, ALT, 0), *by_alt("66")]) == b"AB"


class TestNothingIsGuessed:
    @pytest.mark.parametrize(
        "events",
        [
            pytest.param(stroke(59), id="F1"),
            pytest.param(stroke(103), id="an arrow"),
            pytest.param(stroke(KEY["A"], META), id="with the Windows key"),
            pytest.param(stroke(KEY["A"], ALT), id="with Alt"),
            pytest.param(stroke(KEY["5"], CONTROL), id="with Control, where there is none"),
            pytest.param(stroke(KEY["E"], ALT_GR), id="with AltGr, where the layout has none"),
            pytest.param(stroke(700), id="a code from the future"),
        ],
    )
    def test_of_a_key_that_means_nothing(self, events: list[Event]) -> None:
        assert read([*stroke(KEY["A"]), *events, *stroke(KEY["B"])]) == b"a" + SUBSTITUTE + b"b"

    def test_of_a_character_that_is_no_byte(self) -> None:
        assert read(stroke(KEY["E"], ALT_GR), reader("de")) == SUBSTITUTE

    def test_lights_and_scan_codes_are_not_typed(self) -> None:
        assert read([(EV_LED, 1, 1), (EV_MSC, MSC_SCAN, 458756), REPORT]) == b""

    @given(st.lists(st.tuples(st.integers(0, 31), st.integers(0, 767), st.integers(-1, 3))))
    def test_no_events_break_it_and_every_one_is_worth_a_byte_at_most(self, events: list[Event]) -> None:
        for layout in LAYOUTS:
            keys = reader(layout)
            assert all(len(keys.feed(*event)) <= 1 for event in events)


class TestLostEvents:
    def test_spoil_the_label_that_they_belong_to_and_not_the_next(self) -> None:
        first = [*typed("LN7", LAYOUTS["us"]), DROPPED, *stroke(KEY["Q"])[:-1], REPORT]
        keys = reader()
        assert read([*first, *typed("8R", LAYOUTS["us"]), *stroke(ENTER)], keys) == b"LN7" + SUBSTITUTE + b"8R\r"
        assert read(typed("LN9S", LAYOUTS["us"]) + stroke(ENTER), keys) == b"LN9S\r"

    def test_do_not_leave_shift_down(self) -> None:
        events = [(EV_KEY, SHIFT, 1), *stroke(KEY["L"]), DROPPED, REPORT, *stroke(KEY["N"])]
        assert read(events, reader(held=[])) == b"L" + SUBSTITUTE + b"n"

    def test_do_not_hide_a_shift_that_went_down(self) -> None:
        assert read([DROPPED, REPORT, *stroke(KEY["L"])], reader(held=[SHIFT, KEY["L"]])) == SUBSTITUTE + b"L"

    def test_never_make_another_label_of_it_wherever_they_are_lost(self) -> None:
        labels = [
            *typed("LN-7^", LAYOUTS["de"]),
            *by_alt("0065"),
            *stroke(ENTER),
            *typed("LN9S", LAYOUTS["de"]),
            *stroke(ENTER),
        ]
        for start in range(len(labels)):
            for end in (start, start + 2, start + 5, start + 20):
                heap = [event for event in labels[start:end] if event != REPORT]
                keys = reader("de", held=down_after(labels[:end]))
                frames = read([*labels[:start], DROPPED, *heap, REPORT, *labels[end:]], keys).split(b"\r")
                assert all(frame in {b"LN-7^A", b"LN9S", b""} or SUBSTITUTE in frame for frame in frames), (start, end)

    def test_a_whole_heap_of_them_is_one_hole(self) -> None:
        heap = itertools.chain.from_iterable(stroke(code) for code in range(2, 50))
        without_reports = [event for event in heap if event != REPORT]
        assert read([DROPPED, *without_reports, DROPPED, *without_reports, REPORT]) == SUBSTITUTE


def test_a_prefix_and_a_suffix_that_are_typed_round_a_label_are_taken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [typed(text, LAYOUTS["us"]) + stroke(TAB) for text in ("#aLN7Q;", "LN8R")]
    monkeypatch.setattr(GrabbedKeys, "events", lambda *_: [KeyEvent(*key) for label in keys for key in label])
    scanner = KeyboardScanner(KeyboardOptions(name="left", port="/dev/null", prefix="#a", suffix=";\t"))
    assert [scan.text for scan in (scanner.read(1), scanner.read(1)) if scan] == ["LN7Q", "LN8R"]
