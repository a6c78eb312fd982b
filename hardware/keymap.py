"""PURE. What a scanner types becomes the bytes that it would have sent over a serial line.

Key codes are positions, not letters (linux/input-event-codes.h): which letter a position means is up to the layout that
the scanner is set to, whatever the host's. Enter and Tab become CR and TAB, which end a label; Ctrl with a key becomes
its control character, Alt with digits of the keypad the character of that number, both as Windows has it.

A key that means nothing in the layout, and events that were lost on the way, become SUB (0x1A): a label that holds one
is no code of a shop's, so that no one is ever taken for another because a character went missing.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from hardware.layouts import LAYOUTS

SUBSTITUTE: Final = b"\x1a"
"""Stands for what could not be read."""

EV_SYN: Final = 0
EV_KEY: Final = 1
SYN_REPORT: Final = 0
SYN_DROPPED: Final = 3
UP: Final = 0
DOWN: Final = 1

_LEFT_ALT: Final = 56
_ALT_GR: Final = 100
_CAPS_LOCK: Final = 58
_NUM_LOCK: Final = 69
_SPACE: Final = 57
_SHIFTS: Final = frozenset({42, 54})
_CONTROLS: Final = frozenset({29, 97})
_METAS: Final = frozenset({125, 126})
_MODIFIERS: Final = _SHIFTS | _CONTROLS | _METAS | {_LEFT_ALT, _ALT_GR}
_SCROLL_LOCK: Final = 70
_SILENT: Final = _MODIFIERS | {_CAPS_LOCK, _NUM_LOCK, _SCROLL_LOCK}

_ENDS: Final[Mapping[int, bytes]] = {28: b"\r", 96: b"\r", 15: b"\t"}
# Whatever num lock says: no label holds an arrow.
_KEYPAD: Final[Mapping[int, str]] = dict(
    zip([82, 79, 80, 81, 75, 76, 77, 71, 72, 73, 83, 55, 98, 74, 78], "0123456789.*/-+", strict=True)
)
_CONTROL_CHARACTERS: Final = range(0x40, 0x60)
_ASCII: Final = range(1, 0x80)
_LATIN_1: Final = range(1, 0x100)


class KeyReader:
    """Turns the events of one keyboard into bytes, an event at a time.

    The same events give the same bytes, however they are split over calls.
    """

    def __init__(self, layout: str, held_keys: Callable[[], Iterable[int]], *, caps_lock: bool = False) -> None:
        """Begin with no key down.

        Args:
            layout: one of `hardware.layouts.LAYOUTS`, which the scanner is set to.
            held_keys: asks the keyboard which keys are down; called after events were lost.
            caps_lock: whether its light is on: the scanner types against it.
        """
        self._layout = LAYOUTS[layout]
        self._held_keys = held_keys
        self._caps_lock = caps_lock
        self._held: set[int] = set()
        self._alt_digits = ""
        self._finishing_dead = False
        self._lost = False

    def feed(self, kind: int, code: int, value: int) -> bytes:
        """Return the bytes that one event amounts to, mostly none: its type, code and value as the kernel gives them.

        After SYN_DROPPED the events up to the next SYN_REPORT are what is left of a heap, and are not listened to.
        """
        if (kind, code) == (EV_SYN, SYN_DROPPED):
            self._lost = True
        elif self._lost and (kind, code) == (EV_SYN, SYN_REPORT):
            self._recover()
            return SUBSTITUTE
        elif kind == EV_KEY and not self._lost:
            return self._key(code, value)
        return b""

    def _recover(self) -> None:
        self._lost = False
        # What went up meanwhile was not heard: shift would stay down for ever.
        self._held = set(self._held_keys()) & _MODIFIERS
        self._alt_digits = ""
        self._finishing_dead = False

    def _key(self, code: int, value: int) -> bytes:
        if code in _MODIFIERS:
            return self._modifier(code, value)
        if value != DOWN:
            return b""
        if code == _CAPS_LOCK:
            self._caps_lock = not self._caps_lock
        return b"" if code in _SILENT else self._typed(code)

    def _modifier(self, code: int, value: int) -> bytes:
        if value != UP:
            self._held.add(code)
            return b""
        self._held.discard(code)
        return self._by_number() if code == _LEFT_ALT and self._alt_digits else b""

    def _typed(self, code: int) -> bytes:
        if _LEFT_ALT in self._held and _KEYPAD.get(code, "").isdigit():
            self._alt_digits += _KEYPAD[code]
            return b""
        if code in _ENDS:
            return _ENDS[code]
        if self._finishing_dead and code == _SPACE:
            self._finishing_dead = False
            return b""
        character = self._character(code)
        self._finishing_dead = bool(character) and character in self._layout.dead
        return _one_byte(character)

    def _character(self, code: int) -> str:
        """Return the character of a key with what is held beside it, "" where it means none."""
        if self._held & (_METAS | {_LEFT_ALT}):
            return ""
        if self._held & _CONTROLS:
            return self._control_character(code)
        return " " if code == _SPACE else _KEYPAD.get(code) or self._letter(code)

    def _letter(self, code: int) -> str:
        plain, shifted, alt_gr, _ = self._layout
        if _ALT_GR in self._held:
            return "" if self._held & _SHIFTS else alt_gr.get(code, "")
        character, upper = plain.get(code, ""), shifted.get(code, "")
        is_locked = self._caps_lock and character.upper() == upper
        return upper if bool(self._held & _SHIFTS) != is_locked else character

    def _control_character(self, code: int) -> str:
        """Return Ctrl+] as GS, and so on: by what is on the key, else by what is there on the US layout."""
        for layout in (self._layout, LAYOUTS["us"]):
            point = ord(layout.plain.get(code, "\0").upper()[0])
            if point in _CONTROL_CHARACTERS:
                return chr(point & 0x1F)
        return ""

    def _by_number(self) -> bytes:
        """Return the character that Alt with digits means: without a zero before it, only ASCII is sure."""
        digits, self._alt_digits = self._alt_digits, ""
        number = int(digits)
        return bytes([number]) if number in (_LATIN_1 if digits[0] == "0" else _ASCII) else SUBSTITUTE


def _one_byte(character: str) -> bytes:
    try:
        return character.encode("latin-1") or SUBSTITUTE
    except UnicodeEncodeError:
        return SUBSTITUTE
