"""Paying, with no mouse; one sale whatever the network does."""

import json
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Route, expect

from shared import signed_receipt
from tests.browser.counter import ENTER, Counter, answer, by_hand, choose, lines, pay_cash, scan

pytestmark = pytest.mark.browser


def test_scan_pay_done_by_keyboard_only(counter: Counter) -> None:
    page = counter.till()
    scan(page, "SHOE-0001")
    scan(page, "BAG")
    choose(page, "1")
    by_hand(page, "700000")
    expect(page.locator("#change")).to_have_text("Rp9.000")
    page.keyboard.press("Enter")
    expect(page.locator("#given-back")).to_have_text("Rp9.000")
    expect(page.locator("#receipt-number")).to_have_text("till-1-000001")
    assert lines(page) == []
    assert counter.shop.state("SHOE-0001") == "paid"
    scan(page, "WATCH-0001")
    expect(page.locator("#done")).to_be_hidden()
    assert lines(page) == ["Jam Senja"]


def test_less_than_the_total_is_told_and_pays_nothing(counter: Counter) -> None:
    page = counter.till()
    scan(page, "SHOE-0001")
    pay_cash(page, "600000")
    expect(page.locator("#pay-told")).to_contain_text("That is less than the total.")
    expect(page.locator("#change-row")).to_contain_text("Still missing")
    assert counter.shop.count("sale") == 0


def test_a_note_is_one_press(counter: Counter) -> None:
    page = counter.till()
    scan(page, "SHOE-0001")
    choose(page, "1")
    page.get_by_role("button", name="Rp700.000").click()
    expect(page.locator("#change")).to_have_text("Rp11.000")
    page.keyboard.press("Enter")
    expect(page.locator("#given-back")).to_have_text("Rp11.000")


def test_a_card_pays_by_the_terminals_reference(counter: Counter) -> None:
    page = counter.till()
    scan(page, "SHOE-0001")
    choose(page, "2")
    page.keyboard.press("Enter")
    expect(page.locator("#pay-told")).to_have_text("Type the payment's reference.")
    by_hand(page, "4111 1111 1111 1111", ENTER)
    expect(page.locator("#pay-told")).to_contain_text("That looks like a card's number")
    page.locator("#reference").fill("")
    by_hand(page, "APP-77", ENTER)
    expect(page.locator("#done")).to_contain_text("Without cash, nothing to give back")
    assert counter.shop.count("payment", "method = 'card' AND reference = 'APP-77'") == 1


def test_a_payment_whose_answer_was_lost_is_sent_again_and_is_one_sale(counter: Counter) -> None:
    page = counter.till(tolerated="no answer")
    tries: list[str] = []

    def lose_the_first_two(route: Route) -> None:
        tries.append(route.request.post_data or "")
        if len(tries) <= 2:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/till/pay", lose_the_first_two)
    scan(page, "SHOE-0001")
    pay_cash(page, "689000")
    expect(page.locator("#pay-told")).to_contain_text("Sending again")
    expect(page.locator("#receipt-number")).to_have_text("till-1-000001")
    assert len(tries) == 3
    assert len(set(tries)) == 1
    assert counter.shop.count("sale") == 1


def test_a_page_that_was_left_while_it_paid_hears_the_answer_when_it_is_back(counter: Counter) -> None:
    page = counter.till(tolerated="no answer")
    page.route("**/till/pay", lambda route: (route.fetch(), route.abort()))
    scan(page, "SHOE-0001")
    pay_cash(page, "689000")
    expect(page.locator("#pay-told")).to_contain_text("Sending again")
    page.unroute("**/till/pay")
    page.reload()
    expect(page.locator("#receipt-number")).to_have_text("till-1-000001")
    assert counter.shop.count("sale") == 1


def test_a_price_that_changed_is_told_before_anything_is_paid(counter: Counter) -> None:
    page = counter.till()
    scan(page, "SHOE-0001")
    with page.expect_response("**/till/keep"):
        choose(page, "1")
    counter.shop.list_products(("SHOE", "Sepatu Jelajah", "700000"))
    by_hand(page, "700000", ENTER)
    expect(page.locator("#pay-told")).to_contain_text("The total has changed.")
    expect(page.locator("#total")).to_have_text("Rp700.000")
    page.keyboard.press("Enter")
    expect(page.locator("#given-back")).to_have_text("Rp0")


def test_a_scan_while_paying_comes_into_the_total(counter: Counter) -> None:
    page = counter.till()
    scan(page, "SHOE-0001")
    choose(page, "1")
    by_hand(page, "700000")
    scan(page, "BAG")
    expect(page.locator("#change")).to_have_text("Rp9.000")


def test_cancelling_asks_and_a_scanner_cannot_answer(counter: Counter) -> None:
    page = counter.till()
    scan(page, "SHOE-0001")
    page.keyboard.press("Escape")
    expect(page.locator("#cancel")).to_be_visible()
    scan(page, "KETTLE-0001")
    expect(page.locator("#cancel")).to_be_hidden()
    assert len(lines(page)) == 2
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("#cancel")).to_be_hidden()
    page.keyboard.press("Escape")
    page.keyboard.press("y")
    expect(page.locator("#cart tr[data-line]")).to_have_count(0)
    assert counter.shop.count("item", "cart IS NOT NULL") == 0


def test_an_empty_cart_has_nothing_to_pay(counter: Counter) -> None:
    page = counter.till()
    page.keyboard.press("F9")
    assert "Nothing to pay" in answer(page, "soft")


def test_one_and_two_open_the_payment_by_cash_and_by_card(counter: Counter) -> None:
    page = counter.till()
    scan(page, "SHOE-0001")
    page.keyboard.press("2")
    expect(page.locator("#reference")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    expect(page.locator("#amount")).to_be_focused()
    expect(page.locator("#amount")).to_have_value("")


def test_a_payment_left_behind_by_another_day_is_told_and_forgotten(counter: Counter) -> None:
    page = counter.till()
    number = "0f0e0d0c-0b0a-4908-8706-050403020100"
    tender = {"tender": number, "cart": number, "method": "cash", "amount": 5, "expected_total": 5}
    page.evaluate("tender => localStorage.setItem('lunas.tender', JSON.stringify(tender))", tender)
    page.reload()
    assert "This cart is closed or empty. Nothing was paid." in answer(page, "soft")
    page.reload()
    expect(page.locator("#answer .idle")).to_be_visible()


def test_every_way_to_pay_and_back_is_in_the_help(counter: Counter) -> None:
    page = counter.till()
    page.keyboard.press("F1")
    expect(page.locator("#help")).to_contain_text("Understood: scan on after a red answer.")
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()


def test_the_receipt_prints_on_narrow_paper_with_a_code_that_a_scanner_reads(counter: Counter, tmp_path: Path) -> None:
    page = counter.till(locale="id-ID")
    scan(page, "SHOE-0001")
    scan(page, "BAG")
    pay_cash(page, "700000")
    page.goto(counter.address + str(page.locator("#receipt-link").get_attribute("href")))
    expect(page.locator(".receipt")).to_contain_text("Sepatu Jelajah")
    page.emulate_media(media="print")
    seen = json.loads(
        page.evaluate("""JSON.stringify({
        head: getComputedStyle(document.querySelector('.top')).display,
        width: document.querySelector('.receipt').getBoundingClientRect().width })""")
    )
    assert seen["head"] == "none"
    assert seen["width"] <= 72 / 25.4 * 96 + 1
    page.pdf(path=tmp_path / "receipt.pdf")
    sheet = pypdfium2.PdfDocument(tmp_path / "receipt.pdf")[0]
    # 203 dots an inch, as receipt printers have.
    (code,) = zxingcpp.read_barcodes(sheet.render(scale=203 / 72, grayscale=True).to_numpy().squeeze())
    assert signed_receipt.read(code.text).sale.number == "till-1-000001"
