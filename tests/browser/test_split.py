"""A cart paid in several ways, by keyboard and by touch: nothing is lost, and the code on the page is a real one."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
import zxingcpp
from playwright.sync_api import Page, expect

from pos.till import qris, store_credit
from pos.till.store_credit import CreditKind
from tests.browser.counter import ENTER, Counter, by_hand, choose, scan, wedge
from tests.pos.test_qris import code
from tests.shop import Shop

pytestmark = pytest.mark.browser
QRIS = f'[paying.qris]\ncode = "{code()}"\nexact_amount = true\n'
TRANSFER = '[paying.transfer]\naccounts = ["BCA 123 456 7890 a.n. Toko Contoh"]\n'
StartTill = Callable[..., Counter]


def shown_code(page: Page) -> str:
    """Read the QR code off the screen, as a wallet would."""
    page.wait_for_function("document.getElementById('qris-code').complete")
    picture = np.frombuffer(page.locator("#qris-code").screenshot(), np.uint8)
    seen = cv2.imdecode(picture, cv2.IMREAD_GRAYSCALE)
    assert seen is not None
    (found,) = zxingcpp.read_barcodes(seen)
    return str(found.text)


def test_split_between_cash_and_qris_by_keyboard(shop: Shop, start_till: StartTill) -> None:
    counter = start_till(shop, more=QRIS + TRANSFER)
    page = counter.till(locale="id-ID")
    scan(page, "SHOE-0001")
    choose(page, "1")
    by_hand(page, "189000", ENTER)
    expect(page.locator("#pay-told")).to_contain_text("Enter sekali lagi menerimanya sebagai sebagian.")
    page.keyboard.press("Enter")
    expect(page.locator("#taken")).to_contain_text("Tunai")
    expect(page.locator("#total")).to_have_text("Rp500.000")
    page.reload()
    page.wait_for_selector("body[data-ready]")
    choose(page, "3")
    expect(page.locator("#pay")).to_contain_text("Jangan terima bukti dari HP pembeli.")
    expect(page.locator("#pay")).to_contain_text("NMID ID1020021234567")
    assert shown_code(page) == qris.read(code()).for_amount(500_000)
    by_hand(page, "4111 1111 1111 1111", ENTER)
    expect(page.locator("#pay-told")).to_contain_text("seperti nomor kartu")
    page.locator("#reference").fill("")
    by_hand(page, "RRN 100877", ENTER)
    expect(page.locator("#receipt-number")).to_have_text("till-1-000001")
    assert shop.count("payment", "method = 'qris' AND reference = 'RRN 100877' AND amount = 500000") == 1

    scan(page, "KETTLE-0001")
    choose(page, "3")
    by_hand(page, "rrn100877", ENTER)
    expect(page.locator("#pay-told")).to_contain_text("sudah dipakai untuk struk till-1-000001")


def test_a_voucher_and_a_card_by_touch_and_what_was_taken_is_given_back(shop: Shop, start_till: StartTill) -> None:
    credit = shop.in_office(lambda turn: store_credit.issue(turn, 400_000, CreditKind.VOUCHER))
    counter = start_till(shop, more=QRIS + TRANSFER)
    page = counter.till(size=(390, 844), touch=True)
    scan(page, "SHOE-0001")
    page.locator("#pay-open").tap()
    page.get_by_role("button", name="Transfer").tap()
    expect(page.locator("#pay")).to_contain_text("BCA 123 456 7890 a.n. Toko Contoh")
    page.locator("#share").fill("100000")
    page.locator("#reference").fill("TRX 1")
    page.locator("#pay-now").tap()
    expect(page.locator("#total")).to_have_text("Rp589.000")
    wedge(page, credit.code)
    expect(page.locator("#credit")).to_have_value(credit.code)
    page.locator("#pay-now").tap()
    expect(page.locator("#total")).to_have_text("Rp189.000")

    page.locator("#taken").get_by_role("button", name="Transfer").tap()
    page.get_by_role("button", name="The money did not arrive").tap()
    expect(page.locator("#total")).to_have_text("Rp289.000")
    page.locator("#pay-close").tap()
    page.locator("#pay-open").tap()
    page.get_by_role("button", name="Card").tap()
    page.locator("#reference").fill("EDC 77")
    page.locator("#pay-now").tap()
    expect(page.locator("#done")).to_contain_text("Paid")
    assert (shop.count("payment"), shop.count("credit", "balance = 0")) == (2, 1)
    assert shop.broken() == []
