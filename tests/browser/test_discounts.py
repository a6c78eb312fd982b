"""Discounts by keyboard only: off a chosen line, and above a cashier's limit by a leader's badge and PIN."""

import pytest
from playwright.sync_api import expect

from tests.browser.counter import PIN, Counter, by_hand, scan, wedge
from tests.shop import Shop

pytestmark = pytest.mark.browser


def test_a_discount_is_given_by_keyboard_and_above_the_limit_by_a_leaders_badge(counter: Counter, shop: Shop) -> None:
    with shop.database.reading() as connection:
        manager = connection.exec_driver_sql("SELECT id FROM staff WHERE name = 'Rina'").scalar_one()
    badge = shop.badge(manager)
    page = counter.till(locale="en-GB")
    for serial in ("SHOE-0001", "WATCH-0001"):
        scan(page, serial)
    expect(page.locator("#discount")).to_have_text("–")  # noqa: RUF001 - as the page has it
    page.keyboard.press("F8")
    by_hand(page, "10")
    page.keyboard.press("Enter")
    expect(page.locator("#discount")).to_have_text("-Rp193.900")
    expect(page.locator("#total")).to_have_text("Rp1.745.100")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("F8")
    expect(page.locator("#discount-line")).to_have_text("Jam Senja")
    by_hand(page, "40")
    page.keyboard.press("Enter")
    expect(page.locator("#approval-what")).to_have_text("Rp500.000 off Jam Senja at Rp1.250.000.")
    wedge(page, badge)
    expect(page.locator("#approval-how")).to_have_text("Badge read: now the PIN.")
    by_hand(page, "1111")
    page.keyboard.press("Enter")
    expect(page.locator("#approval-told")).to_have_text("That PIN is wrong. Try again.")
    by_hand(page, PIN)
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("#cart tr[data-line]").first).to_contain_text("40%, Damaged: -Rp500.000")
    expect(page.locator("#total")).to_have_text("Rp1.295.100")
    page.reload()
    expect(page.locator("#total")).to_have_text("Rp1.295.100")
    assert shop.count("cart_discount", f"approved_by = 'staff:{manager}'") == 1
