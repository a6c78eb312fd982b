"""Holding a cart at one till and opening it at another, by keyboard only."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.counter import Counter, answer, by_hand, lines, scan
from tests.shop import Shop

pytestmark = pytest.mark.browser


def test_held_at_one_till_and_opened_at_another(shop: Shop, start_till: Callable[..., Counter]) -> None:
    here, there = start_till(shop).till(), start_till(shop, till="till-2").till()
    for serial in ("SHOE-0001", "WATCH-0001"):
        scan(here, serial)
    here.keyboard.press("F4")
    by_hand(here, "red bag")
    here.keyboard.press("Enter")
    assert "Held. F5 opens it again" in answer(here, "soft")
    assert lines(here) == []
    scan(here, "KETTLE-0001")
    assert lines(here) == ["Ketel Uap"]

    expect(there.locator("#held-count")).to_have_text("1")
    there.keyboard.press("F5")
    expect(there.locator("#held-list tr")).to_contain_text("Sepatu Jelajah, Jam Senja red bag")
    shop.sell("SHOE-0001", cash=689_000)
    there.keyboard.press("Enter")
    told = answer(there, "hard")
    assert told.startswith("Put 1 item aside Sepatu Jelajah SHOE-0001 Put this item aside: already paid")
    there.keyboard.press("F10")
    assert lines(there) == ["Jam Senja"]
    there.keyboard.press("F5")
    expect(there.locator("#held-list")).to_contain_text("Nothing is held. F4 puts the cart by")
