"""The keys that a keyboard scanner with the US layout presses for a text, as QEMU names them."""

from collections.abc import Iterator

Press = tuple[str, bool]
"""A key's name, and whether it goes down."""

_PLAIN = {char: char for char in "abcdefghijklmnopqrstuvwxyz0123456789"} | {" ": "spc", "\n": "ret", "\t": "tab"}
_SHIFTED = {char.upper(): char for char in "abcdefghijklmnopqrstuvwxyz"} | dict(
    zip(")!@#$%^&*(", "0123456789", strict=True)
)
_PAIRS = {
    "-_": "minus", "=+": "equal", "[{": "bracket_left", "]}": "bracket_right", "\\|": "backslash", ";:": "semicolon",
    "'\"": "apostrophe", "`~": "grave_accent", ",<": "comma", ".>": "dot", "/?": "slash",
}  # fmt: skip
_PLAIN |= {pair[0]: key for pair, key in _PAIRS.items()}
_SHIFTED |= {pair[1]: key for pair, key in _PAIRS.items()}


def presses(text: str) -> Iterator[Press]:
    """Give each key's going down and up, in order."""
    for char in text:
        key = _SHIFTED.get(char) or _PLAIN[char]
        if char in _SHIFTED:
            yield "shift", True
        yield key, True
        yield key, False
        if char in _SHIFTED:
            yield "shift", False


def event(press: Press) -> dict[str, object]:
    """Write a press as QMP's input-send-event wants it."""
    key, down = press
    return {"type": "key", "data": {"down": down, "key": {"type": "qcode", "data": key}}}
