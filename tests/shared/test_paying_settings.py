"""`[paying]`: how cash is rounded, and the ways to pay that want to be told of."""

from pathlib import Path
from typing import Any

import pytest

from shared import settings
from shared.paying_settings import PayingSettings, QrisSettings
from shared.settings import SettingsError

FILE = Path("lunas.toml")


def paying(table: dict[str, Any], currency: str = "IDR") -> PayingSettings:
    return settings.parse({"shop": {"currency": currency}, "paying": table}, FILE).paying


def mistakes(table: dict[str, Any], currency: str = "IDR") -> str:
    with pytest.raises(SettingsError) as found:
        paying(table, currency)
    return str(found.value)


def test_rupiah_are_rounded_down_to_a_hundred_and_other_money_is_not() -> None:
    assert paying({}) == PayingSettings(100, is_rounded_down=True)
    assert paying({}, "EUR").cash_rounding == 0
    assert paying({"cash_rounding": 0}).cash_rounding == 0
    assert paying({"cash_rounding": 50, "cash_rounding_way": "nearest"}) == PayingSettings(50, is_rounded_down=False)


def test_qris_and_transfer_are_there_once_they_are_told_of() -> None:
    table = {"qris": {"code": "000201", "exact_amount": True}, "transfer": {"accounts": ["BCA 1", "BRI 2"]}}
    assert paying(table).qris == QrisSettings("000201", exact_amount=True)
    assert paying(table).accounts == ("BCA 1", "BRI 2")
    assert (paying({}).qris, paying({}).accounts) == (None, ())


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"cash_rounding": -1}, "paying.cash_rounding: expected a number from 0"),
        ({"cash_rounding_way": "up"}, "paying.cash_rounding_way: expected one of down, nearest, got 'up'"),
        ({"qris": {}}, "paying.qris.code: expected what the shop's QR code holds, 000201…, it is missing"),
        ({"qris": {"code": "x", "exact": True}}, "paying.qris.exact: unknown; known here: code, exact_amount"),
        ({"transfer": {}}, "paying.transfer.accounts: expected what customers transfer to"),
        ({"transfer": {"accounts": "BCA 1"}}, "paying.transfer.accounts: expected a list of up to 5 texts"),
        ({"transfer": {"accounts": ["BCA\n1"]}}, "paying.transfer.accounts: expected a list of up to 5 texts"),
    ],
)
def test_mistakes_are_told_by_their_names(table: dict[str, Any], told: str) -> None:
    assert told in mistakes(table)


def test_qris_is_for_rupiah() -> None:
    assert "expected a shop that sells in IDR" in mistakes({"qris": {"code": "000201"}}, "SGD")
