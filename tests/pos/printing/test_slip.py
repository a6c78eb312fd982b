"""The receipt on paper, as a printer draws it: 58 and 80 mm, in the shop's language."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from zxingcpp import read_barcodes

from hardware.catalog import make_printer, printer_options
from hardware.printer import COLUMNS
from pos.app import create_app
from pos.printing.receipt_printer import ReceiptPrinter
from pos.printing.spool import Spool
from pos.till.basket import GoodsLine, Paid
from pos.till.sale import sell
from pos.till_server import TillServer
from shared import settings
from tests.hardware.printer_twin import OnNetwork, Paper, PrinterTwin
from tests.servers.waiting import wait_until
from tests.shop import BAG, CASHIER, WATCH, Shop
from tests.shops import on_sqlite

pytestmark = on_sqlite

SHOP = {
    "name": "Toko Jam Senja",
    "address": ["Jl. Braga 12, Bandung", "Jawa Barat 40111"],
    "phone": "022 4201234",
}
NAME = "Arloji selam otomatis baja tahan karat 200 m, tali karet hitam"

Receipt = dict[str, Any]


class Till:
    """A till whose printer draws."""

    def __init__(self, shop: Shop, port: int, twin: PrinterTwin, width: int, language: str) -> None:
        chosen = settings.parse({"shop": {**SHOP, "language": language}}, Path("lunas.toml"))
        options = {"kind": "network", "host": "127.0.0.1", "port": port, "width": width}
        self.spool = Spool(make_printer(printer_options(options)))
        self.printer = ReceiptPrinter(self.spool, shop.database, chosen.shop)
        self.app = create_app(TillServer(chosen, shop.database, shop.counter, printer=self.printer))
        self._shop, self._twin = shop, twin

    def sell(self, *lines: str | GoodsLine, cash: int) -> Receipt:
        """Sell, and print the receipt."""
        request = self._shop.request(*lines, paid=[Paid("cash", cash)])
        receipt = sell(self._shop.database, self._shop.counter, CASHIER, request).receipt
        with self.app.test_request_context(headers={"Accept-Language": "en"}):
            self.printer.print_sale(receipt, None)
        return receipt

    def print_again(self, sale_id: str) -> bool:
        with self.app.test_request_context():
            return self.printer.print_again(sale_id)

    def slip(self) -> Paper:
        """What the printer draws of what waits."""
        before = len(self._twin.slips)
        assert self.spool.work()
        wait_until(lambda: len(self._twin.slips) > before, "the slip is out")
        return self._twin.slips[-1]


@pytest.fixture
def till_of(shop: Shop) -> Iterator[Callable[..., Till]]:
    """Give a function that opens a till with a printer of this width, in a shop of this language."""
    ends: list[OnNetwork] = []

    def opened(width: int, language: str = "id") -> Till:
        twin = PrinterTwin(COLUMNS[width])
        end = OnNetwork(twin)
        end.__enter__()
        ends.append(end)
        return Till(shop, end.port, twin, width, language)

    yield opened
    for end in ends:
        end.unplug()


@pytest.fixture
def furnished(shop: Shop) -> None:
    shop.list_products(("DIVER", NAME, "12500000"))
    shop.receive("DIVER", "DIVER-000123456", warranty_months="24")


@pytest.mark.usefixtures("furnished")
@pytest.mark.parametrize("width", COLUMNS)
def test_says_all_that_the_customer_needs(till_of: Callable[..., Till], width: int) -> None:
    till = till_of(width)
    till.sell("DIVER-000123456", "WATCH-1", GoodsLine(BAG, 3), cash=13_000_000)
    lines = [line.strip() for line in till.slip().lines if line.strip()]
    text = "\n".join(lines)
    assert lines[:4] == ["Toko Jam Senja", "Jl. Braga 12, Bandung", "Jawa Barat 40111", "Telp. 022 4201234"]
    for part in ("till-1-000001", "S/N DIVER-000123456", "Garansi sampai", "3 x Rp500", "Terima kasih"):
        assert part in text
    ends = [line.split()[-1] for line in lines]
    amounts = [end for end in ends if end.startswith("Rp") and end != "Rp500"]
    assert amounts == ["Rp12.500.000", "Rp150.000", "Rp1.500", "Rp12.651.500", "Rp13.000.000", "Rp348.500"]
    assert " ".join(lines).count("tali karet hitam") == 1


@pytest.mark.parametrize("width", COLUMNS)
def test_bears_the_code_that_the_gate_reads(shop: Shop, till_of: Callable[..., Till], width: int) -> None:
    till = till_of(width)
    shop.receive(WATCH, *(f"MANY-{number:04}" for number in range(100)))
    receipt = till.sell(*(f"MANY-{number:04}" for number in range(100)), cash=15_000_000)
    found = read_barcodes(np.asarray(till.slip().picture))
    assert [code.text for code in found] == receipt["signed"]


def test_speaks_the_shops_language_whatever_the_cashier_reads(till_of: Callable[..., Till]) -> None:
    till = till_of(80, "en")
    till.sell("WATCH-1", cash=150_000)
    assert "Thank you. Keep this receipt for exchange and warranty." in " ".join(till.slip().lines)


def test_a_second_print_is_marked_as_a_copy_and_the_first_that_comes_late_is_not(till_of: Callable[..., Till]) -> None:
    till = till_of(80)
    sale = till.sell("WATCH-1", cash=150_000)["id"]
    till.spool.drop()
    assert till.print_again(sale)
    assert "SALINAN" not in till.slip().lines
    assert till.print_again(sale)
    assert "SALINAN" in till.slip().lines


def test_a_sale_that_was_never_made_is_not_printed(till_of: Callable[..., Till]) -> None:
    assert not till_of(80).print_again("8d8ac610-566d-4ef0-9c22-186b2a5ed793")
