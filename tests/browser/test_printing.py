"""Receipts on paper at the till: printed by themselves, again by a key, and never in the way of selling."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.counter import Counter, answer, by_hand, pay_cash, scan, wedge
from tests.hardware.printer_twin import PAPER_OUT, OnNetwork, PrinterTwin
from tests.servers.waiting import wait_until
from tests.shop import Shop

pytestmark = pytest.mark.browser


def pay_in_cash(page: Page, amount: str) -> None:
    pay_cash(page, amount)
    expect(page.locator("#done")).to_be_visible()


def test_a_receipt_is_printed_the_drawer_opens_and_an_empty_printer_stops_no_sale(
    shop: Shop, start_till: Callable[..., Counter]
) -> None:
    twin = PrinterTwin(48)
    with OnNetwork(twin) as end:
        page = start_till(shop, printer=end.port).till(locale="id-ID")
        scan(page, "SHOE-0001")
        pay_in_cash(page, "700000")
        wait_until(lambda: len(twin.slips) == 1, "the receipt is out")
        assert twin.kicks == 1
        assert [line for line in twin.slips[0].lines if "SHOE-0001" in line] == ["  S/N SHOE-0001"]
        assert "SALINAN" not in twin.slips[0].lines

        by_hand(page, "p")
        wait_until(lambda: len(twin.slips) == 2, "the copy is out")
        assert "SALINAN" in twin.slips[1].lines
        assert "Struk dicetak lagi." in answer(page, "soft")
        assert twin.kicks == 1

        page.keyboard.press("F7")
        wedge(page, "SHOE-0001")
        page.locator("#found [data-print]").click()
        wait_until(lambda: len(twin.slips) == 3, "another copy is out")
        assert "SALINAN" in twin.slips[2].lines
        # Paper that ends before the printer was asked how it went has torn the slip: it would be printed again.
        wait_until(lambda: shop.count("sale", "prints = 3") == 1, "the copy is known to be out")

        twin.paper = PAPER_OUT
        scan(page, "WATCH-0001")
        pay_in_cash(page, "1250000")
        told = page.locator("#printer-told")
        expect(told).to_contain_text("Kertas printer habis: pasang gulungan baru. Struk yang menunggu: 1.")
        expect(page.locator("#light-printer")).to_have_class("light off")
        scan(page, "KETTLE-0001")
        assert shop.state("WATCH-0001") == "paid"
        twin.paper = 0
        wait_until(lambda: len(twin.slips) == 4, "what waited is out")
        expect(told).to_be_hidden()
