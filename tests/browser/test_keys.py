"""A shop's own keys: they act, the ones they replace do not, and the page shows them wherever it names a key."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.counter import Counter, by_hand, scan
from tests.shop import Shop

pytestmark = pytest.mark.browser

OWN = '[till.keys]\npay = "F12"\nunderstood = "Home"\nhold = "F9"\n'


def test_a_shop_has_keys_of_its_own(shop: Shop, start_till: Callable[..., Counter]) -> None:
    page = start_till(shop, more=OWN).till(locale="en-GB")
    scan(page, "NOBODY-1")
    expect(page.locator("#answer kbd")).to_have_text("Home")
    page.keyboard.press("F10")
    expect(page.locator("#answer .hard")).to_be_visible()
    page.keyboard.press("Home")
    expect(page.locator("#answer .hard")).to_have_count(0)
    scan(page, "SHOE-0001")
    expect(page.locator("#pay-open kbd")).to_have_text("F12")
    expect(page.locator(".keys [data-act=pay] kbd")).to_have_text("F12")
    page.keyboard.press("F1")
    expect(page.locator("#help")).to_contain_text("F12 again: choose another way.")
    page.keyboard.press("Escape")
    page.keyboard.press("F9")
    expect(page.locator("#hold")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("F12")
    by_hand(page, "1")
    by_hand(page, "689000")
    page.keyboard.press("Enter")
    expect(page.locator("#done")).to_be_visible()
