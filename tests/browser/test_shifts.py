"""A shift by keyboard only: paying asks for one, the count is blind, and the difference is told after."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.counter import PIN, Counter, by_hand, lines, pay_cash, scan, wedge
from tests.browser.test_accessibility import violations
from tests.hardware.printer_twin import OnNetwork, PrinterTwin
from tests.servers.waiting import wait_until
from tests.shop import Shop

pytestmark = pytest.mark.browser


def test_a_shift_is_opened_and_closed_and_the_drawer_opened_by_keyboard(
    shop: Shop, start_till: Callable[..., Counter]
) -> None:
    twin = PrinterTwin(48)
    with OnNetwork(twin) as end:
        page = start_till(shop, printer=end.port, shifts=True).till(locale="en-GB")
        scan(page, "SHOE-0001")
        page.keyboard.press("F9")
        expect(page.locator("#shift-title")).to_have_text("No shift is open")
        assert violations(page) == []
        by_hand(page, "2")
        page.keyboard.press("Tab")
        by_hand(page, "1")
        expect(page.locator("#shift [data-together]")).to_have_text("Rp250.000")
        page.keyboard.press("Enter")
        expect(page.locator("#shift-title")).to_have_text("Shift 1")
        page.keyboard.press("Escape")
        pay_cash(page, "700000")
        expect(page.locator("#done")).to_be_visible()

        by_hand(page, "d")
        expect(page.locator("#drawer-reason")).to_be_focused()
        assert violations(page) == []
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#approval-what")).to_have_text("Open the drawer without a sale: A note is changed.")
        page.locator("#approval-person").select_option(label="Rina")
        page.locator("#approval-pin").focus()
        by_hand(page, PIN)
        page.keyboard.press("Enter")
        expect(page.locator("dialog[open]")).to_have_count(0)
        wait_until(lambda: twin.kicks == 3, "the drawer opened for the float, the sale and a changed note")

        by_hand(page, "s")
        page.locator("summary").filter(has_text="Count the drawer").press("Enter")
        expect(page.locator("#closing-100000")).to_be_focused()
        assert violations(page) == []
        by_hand(page, "9")
        wedge(page, "WATCH-0001")
        expect(page.locator("#shift [data-told]").last).to_contain_text("That scan does not count")
        expect(page.locator("#closing-100000")).to_have_value("9")
        assert lines(page) == []
        page.locator("#closing-100000").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#shift-difference")).to_have_text("-Rp39.000")
        assert violations(page) == []
        wait_until(lambda: len(twin.slips) == 2, "the Z report is out")
        assert any("Laporan Z, shift 1" in line for line in twin.slips[1].lines)
        assert shop.count("shift", "counted = 900000 AND expected = 939000 AND heads <> ''") == 1
        page.goto(str(page.locator("#shift a").first.evaluate("(link) => link.href")))
        expect(page.locator("h1")).to_have_text("Z report, shift 1")
        assert violations(page) == []
