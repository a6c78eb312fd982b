"""What a receipt carries for the gate: its units, signed by a key that the shop knows."""

import logging
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from pos.app import create_app
from pos.till import sale
from pos.till.basket import GoodsLine, Paid
from pos.till.receipt import months_later
from pos.till.receipt_key import receipt_key
from pos.till_server import TillServer
from shared import receipt_keys, settings, signed_receipt
from shared.settings import Settings
from shared.signed_receipt import KeyState, ReceiptKey
from tests.lunas_command import Lunas
from tests.shop import BAG, CASHIER, SIGNER, WATCH, Shop
from tests.shops import on_sqlite


@pytest.fixture
def chosen(shop: Shop, tmp_path: Path) -> Settings:
    return settings.load(shop.write_settings(tmp_path))


def keys(shop: Shop) -> list[ReceiptKey]:
    with shop.database.reading() as connection:
        return receipt_keys.every(connection)


def test_a_receipt_names_its_units_as_the_sale_left_them_and_is_the_same_when_told_again(shop: Shop) -> None:
    request = shop.request("WATCH-1", "WATCH-2", GoodsLine(BAG, 1), paid=[Paid("cash", 300_500)])
    receipts = [sale.sell(shop.database, shop.counter, CASHIER, request).receipt for _ in range(2)]
    assert receipts[0] == receipts[1]
    (text,) = receipts[0]["signed"]
    read = signed_receipt.read(text)
    assert read.is_signed_with(SIGNER.public)
    assert (read.key, read.sale.store, read.sale.number) == (SIGNER.id, "main", receipts[0]["number"])
    with shop.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT product_id, serial, version, state FROM item").all()
    for product, serial, version, state in rows:
        assert (read.sold_as(product, serial, [version]) == version) == (state == "paid")


def test_without_units_or_without_a_key_it_carries_nothing(shop: Shop) -> None:
    assert shop.sell(GoodsLine(BAG, 1), cash=500).receipt["signed"] == []
    shop.counter = replace(shop.counter, signer=None)
    assert shop.sell("WATCH-1", cash=150_000).receipt["signed"] == []


def test_a_till_makes_its_key_known_once_and_signs_with_it_from_then_on(shop: Shop, chosen: Settings) -> None:
    signer = receipt_key(chosen, shop.database)
    again = receipt_key(chosen, shop.database)
    assert signer is not None
    assert again is not None
    assert signer.id == again.id
    assert keys(shop) == [ReceiptKey(signer.id, signer.public, KeyState.VALID)]
    assert shop.count("event", "kind = 'receipt_key' AND register = 'till-1'") == 1
    assert shop.broken() == []


@on_sqlite
def test_a_till_whose_key_was_retired_sells_unsigned_and_says_what_to_do(
    shop: Shop, chosen: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    signer = receipt_key(chosen, shop.database)
    assert signer is not None
    shop.in_office(lambda turn: receipt_keys.retire(turn, signer.id))
    with caplog.at_level(logging.ERROR):
        assert receipt_key(chosen, shop.database) is None
    assert f"key {signer.id} was retired. Move {chosen.heads_key} away and start the till again" in caplog.text
    chosen.heads_key.unlink()
    renewed = receipt_key(chosen, shop.database)
    assert renewed is not None
    assert {key.id: key.state for key in keys(shop)} == {
        signer.id: KeyState.RETIRED,
        renewed.id: KeyState.VALID,
    }


@on_sqlite
def test_a_key_file_that_cannot_be_used_stops_no_till(
    shop: Shop, chosen: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    chosen.heads_key.write_text("no key")
    chosen.heads_key.chmod(0o600)
    assert receipt_key(chosen, shop.database) is None
    assert "receipts bear no code for the gate" in caplog.text
    unsigned = TillServer(chosen, shop.database, replace(shop.counter, signer=None))
    told = create_app(unsigned).test_client().get("/healthz").get_json()
    assert (told["status"], told["receipts"]) == ("degraded", {"state": "unsigned"})


@on_sqlite
def test_keys_are_listed_and_retired_on_the_command_line(shop: Shop, chosen: Settings) -> None:
    lunas = Lunas(chosen.file)
    shop.know_key()
    assert lunas("receipt-key", "list").out == f"{SIGNER.id}  valid\n"
    for _ in range(2):
        assert lunas("receipt-key", "retire", SIGNER.id).status == 0
    assert lunas("receipt-key", "list").out == f"{SIGNER.id}  retired\n"
    refused = lunas("receipt-key", "retire", "0123")
    assert (refused.status, refused.err) == (
        1, "lunas: no till has made a key '0123' known: lunas receipt-key list shows them\n",
    )  # fmt: skip
    assert shop.broken() == []


@pytest.mark.parametrize(
    ("sold", "months", "until"),
    [("2026-11-25", 12, "2027-11-25"), ("2027-11-30", 3, "2028-02-29"), ("2026-12-31", 6, "2027-06-30")],
)
def test_a_warranty_ends_on_the_same_day_of_a_later_month(sold: str, months: int, until: str) -> None:
    assert months_later(date.fromisoformat(sold), months).isoformat() == until


def test_a_receipt_tells_until_when_each_unit_has_its_warranty(shop: Shop) -> None:
    shop.receive(WATCH, "WATCH-9", warranty_months="12")
    lines = shop.sell("WATCH-1", "WATCH-9", cash=300_000).receipt["lines"]
    sold = datetime.now(shop.counter.timezone).date()
    assert [line.get("warranty_until") for line in lines] == [None, months_later(sold, 12).isoformat()]
