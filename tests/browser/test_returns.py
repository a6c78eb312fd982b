"""Goods that come back at the till: scanned and paid back, exchanged on one receipt, a sale undone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.counter import PIN, Counter, answer, by_hand, lines, scan
from tests.shop import Shop

pytestmark = pytest.mark.browser


def returning(page: Page) -> None:
    page.keyboard.press("F6")
    page.keyboard.press("Enter")
    expect(page.locator("#returning")).to_be_visible()


def test_a_unit_comes_back_is_paid_back_and_cannot_come_back_twice(counter: Counter) -> None:
    counter.shop.sell("KETTLE-0001", cash=315_000)
    page = counter.till(locale="id-ID")
    scan(page, "WATCH-0001")
    page.keyboard.press("Escape")
    by_hand(page, "y")
    returning(page)
    scan(page, "SHOE-0001")
    assert "Tahan barang ini dan panggil atasan: belum pernah terjual" in answer(page, "hard")
    page.keyboard.press("F10")
    scan(page, "KETTLE-0001")
    assert "struk till-1-000001" in answer(page, "good")
    expect(page.locator("#sum")).to_contain_text("Dikembalikan")
    expect(page.locator("#total")).to_have_text("Rp315.000")
    page.keyboard.press("F9")
    expect(page.locator("#refund-parts")).to_contain_text("Tunai")
    page.keyboard.press("Enter")
    expect(page.locator("#given-back")).to_have_text("Rp315.000")
    expect(page.locator("#returning")).to_be_hidden()
    assert counter.shop.state("KETTLE-0001") == "returned"
    returning(page)
    scan(page, "KETTLE-0001")
    assert "sudah pernah diretur" in answer(page, "hard")


def test_an_exchange_above_the_limit_wants_a_leader_and_is_one_receipt(counter: Counter) -> None:
    counter.shop.sell("SHOE-0001", cash=689_000)
    page = counter.till(locale="en-GB")
    returning(page)
    scan(page, "SHOE-0001")
    page.keyboard.press("F6")
    scan(page, "WATCH-0001")
    assert lines(page) == ["Sepatu Jelajah", "Jam Senja"]
    expect(page.locator("#total")).to_have_text("Rp561.000")
    page.keyboard.press("F9")
    expect(page.locator("#approval-what")).to_have_text("Take goods for Rp689.000 back.")
    page.locator("#approval-person").select_option(label="Rina")
    page.locator("#approval-pin").focus()
    by_hand(page, PIN)
    page.keyboard.press("Enter")
    expect(page.locator("#pay")).to_be_visible()
    by_hand(page, "1")
    by_hand(page, "561000")
    page.keyboard.press("Enter")
    expect(page.locator("#receipt-number")).to_have_text("till-1-000002")
    page.goto(counter.address + str(page.locator("#receipt-link").get_attribute("href")))
    for words in ("Jam Senja", "Goods that came back", "Came back: Sepatu Jelajah", "of receipt till-1-000001"):
        expect(page.locator(".receipt")).to_contain_text(words)
    assert (counter.shop.state("SHOE-0001"), counter.shop.state("WATCH-0001")) == ("returned", "paid")
    assert counter.shop.broken() == []


def test_a_sale_of_today_is_undone_as_a_whole_by_touch(counter: Counter) -> None:
    page = counter.till(locale="en-GB")
    scan(page, "KETTLE-0001")
    page.keyboard.press("F9")
    by_hand(page, "1")
    by_hand(page, "315000")
    page.keyboard.press("Enter")
    expect(page.locator("#receipt-number")).to_have_text("till-1-000001")
    page.locator('[data-act="return"]').click()
    expect(page.locator("#void-number")).to_have_value("till-1-000001")
    page.locator("#void-form button").click()
    expect(page.locator("#cart tr.back")).to_have_count(1)
    page.locator("#pay-open").click()
    page.locator("#refund-as-credit").click()
    expect(page.locator("#done")).to_contain_text("Store credit LC")
    assert counter.shop.state("KETTLE-0001") == "in_stock"


def test_with_the_till_restarted_what_comes_back_is_still_in_the_cart(
    counter: Counter, start_till: Callable[..., Counter], shop: Shop
) -> None:
    shop.sell("KETTLE-0001", cash=315_000)
    page = counter.till(locale="en-GB")
    returning(page)
    scan(page, "KETTLE-0001")
    page.close()
    counter.program.kill()
    again = start_till(shop).till(locale="en-GB")
    expect(again.locator("#cart tr.back")).to_contain_text("KETTLE-0001")
    again.locator("#cart tr.back [data-take-out]").click()
    expect(again.locator("#cart tr.back")).to_have_count(0)
    assert shop.state("KETTLE-0001") == "paid"
