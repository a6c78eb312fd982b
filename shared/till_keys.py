"""`[till.keys]`: which key of the till's page does what. Pure."""

from collections.abc import Mapping

from shared.table_reader import TableReader

KEYS: Mapping[str, str] = {
    "help": "F1",
    "serial": "F2",
    "customer": "F3",
    "hold": "F4",
    "held": "F5",
    "return": "F6",
    "find": "F7",
    "discount": "F8",
    "pay": "F9",
    "understood": "F10",
    "shift": "S",
    "drawer": "D",
    "print": "P",
    "mail": "E",
}  # by what it does; named as a browser names it, and as it is printed beside what it does
# What no scanner types, no browser keeps for itself and no dialog needs. F11 is the browser's: the whole screen.
FREE = (*(f"F{number}" for number in (*range(1, 11), 12)), "Insert", "Home", "End", "PageUp", "PageDown")


def read_keys(reader: TableReader) -> Mapping[str, str]:
    """The shop's own keys over those that come with the till; `reader` collects the mistakes."""
    keys = {
        does: reader.choice(does, usual, (*FREE, usual) if len(usual) == 1 else FREE) for does, usual in KEYS.items()
    }
    for does in KEYS:
        same = next((other for other in KEYS if other != does and keys[other] == keys[does]), None)
        if same and reader.has(does):
            reader.mistake(does, f"expected a key of its own, got {keys[does]!r}, which is the one of {same}")
    reader.finish()
    return keys
