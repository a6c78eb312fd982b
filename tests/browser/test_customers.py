"""Keeping who buys with the sale, by keyboard only, and finding them in the office."""

import pytest
from playwright.sync_api import expect

from tests.browser.counter import Counter, by_hand, lines, pay_cash, scan
from tests.shop import Shop

pytestmark = pytest.mark.browser


def test_a_customer_is_told_with_f3_known_again_by_phone_and_found_in_the_office(counter: Counter, shop: Shop) -> None:
    page = counter.till(locale="en-GB")
    page.keyboard.press("F3")
    by_hand(page, "0812")
    page.keyboard.press("Enter")
    expect(page.locator("#buyer-told")).to_contain_text("Expected a phone number of 6 to 15 digits")
    page.locator("#buyer-phone").fill("")
    by_hand(page, "0812 3456 7890")
    page.keyboard.press("Tab")
    by_hand(page, "Budi")
    page.keyboard.press("Enter")
    expect(page.locator("#buyer")).to_contain_text("Budi 081234567890")
    scan(page, "SHOE-0001")
    page.reload()
    expect(page.locator("#buyer")).to_contain_text("Budi")
    pay_cash(page, "689000")
    expect(page.locator("#done")).to_be_visible()
    expect(page.locator("#buyer")).to_be_empty()

    page.keyboard.press("F3")
    by_hand(page, "081234567890")
    page.keyboard.press("Tab")
    expect(page.locator("#buyer-name")).to_have_value("Budi")
    page.keyboard.press("Tab")
    by_hand(page, "gift")
    page.keyboard.press("Enter")
    expect(page.locator("#buyer")).to_contain_text("gift")
    assert lines(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#cancel")).to_be_visible()
    page.keyboard.press("y")
    expect(page.locator("#buyer")).to_be_empty()
    assert shop.count("buyer") == 1

    office = counter.sign_in("Rina", locale="en-GB")
    office.goto(counter.address + "/office/customers?about=budi")
    office.get_by_role("link", name="Budi").click()
    expect(office.locator("main")).to_contain_text("1 sale, Rp689.000")
