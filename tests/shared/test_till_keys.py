"""`[till.keys]`: the shop's own keys, each for one thing, and none that a scanner types."""

from pathlib import Path
from typing import Any

import pytest

from shared import settings
from shared.settings import SettingsError
from shared.till_keys import KEYS

FILE = Path("lunas.toml")


def keys(table: dict[str, Any]) -> dict[str, str]:
    return dict(settings.parse({"till": {"keys": table}}, FILE).till.keys)


def test_what_is_not_set_keeps_its_key() -> None:
    assert keys({}) == KEYS
    assert keys({"pay": "F12", "shift": "Home"}) == {**KEYS, "pay": "F12", "shift": "Home"}


def test_two_things_may_change_their_keys() -> None:
    assert keys({"pay": "F8", "discount": "F9"}) == {**KEYS, "pay": "F8", "discount": "F9"}


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"paying": "F12"}, "till.keys.paying: unknown; did you mean 'pay'?"),
        ({"pay": "F8"}, "till.keys.pay: expected a key of its own, got 'F8', which is the one of discount"),
        (
            {"pay": "F12", "help": "F12"},
            "till.keys.help: expected a key of its own, got 'F12', which is the one of pay",
        ),
        ({"pay": "Q"}, "till.keys.pay: expected one of F1, F2,"),
        ({"pay": "7"}, "till.keys.pay: expected one of F1, F2,"),
        ({"pay": "Enter"}, "till.keys.pay: expected one of F1, F2,"),
        ({"pay": "Escape"}, "till.keys.pay: expected one of F1, F2,"),
        ({"pay": 9}, "till.keys.pay: expected one of F1, F2,"),
    ],
)
def test_a_key_that_cannot_be_is_told_with_what_was_expected(table: dict[str, Any], told: str) -> None:
    with pytest.raises(SettingsError) as found:
        keys(table)
    assert told in str(found.value)
