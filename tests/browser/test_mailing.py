"""Sending the receipt of the sale that was just made by e-mail, by keyboard only."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.counter import Counter, answer, pay_cash, scan
from tests.servers.mail_server import NOBODY, MailServer
from tests.shop import Shop

pytestmark = pytest.mark.browser


def test_the_receipt_is_sent_with_the_key_e_and_what_was_wrong_is_told_in_the_dialog(
    shop: Shop, start_till: Callable[..., Counter], free_port: Callable[[], int]
) -> None:
    port = free_port()
    server = MailServer(port)
    settings = f'[mail]\nfrom = "toko@example.com"\nhost = "localhost"\nport = {port}\ntls = false\n'
    page = start_till(shop, more=settings).till(locale="en-GB")
    scan(page, "SHOE-0001")
    pay_cash(page, "689000")
    expect(page.locator("#done")).to_be_visible()
    page.keyboard.press("e")
    page.locator("#mail-to").fill(NOBODY)
    page.keyboard.press("Enter")
    expect(page.locator("#mail-told")).to_contain_text("Not sent: the server does not take this address.")
    page.locator("#mail-to").fill("budi@example.com")
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert "Sent to budi@example.com." in answer(page, "soft")
    assert [letter["To"] for letter in server.sent] == ["budi@example.com"]
    server.stop()
