"""F7 at the till: an item is found and its price told, and nothing is sold by it."""

import pytest
from playwright.sync_api import expect

from tests.browser.counter import ENTER, Counter, by_hand, lines, scan, wedge
from tests.browser.test_look import judge

pytestmark = pytest.mark.browser


def test_what_is_scanned_into_the_search_is_found_and_not_sold(counter: Counter) -> None:
    page = counter.till(locale="en-GB")
    scan(page, "SHOE-0001")
    page.keyboard.press("F7")
    wedge(page, "WATCH-0001")
    found = page.locator("#found")
    expect(found).to_contain_text("Rp1.250.000")
    expect(found).to_contain_text("2 in stock")
    judge(page)
    page.locator("#find-text").fill("")
    by_hand(page, "ketel", ENTER)
    expect(found).to_contain_text("Ketel Uap")
    page.keyboard.press("Escape")
    expect(page.locator("#find")).to_be_hidden()
    assert lines(page) == ["Sepatu Jelajah"]
