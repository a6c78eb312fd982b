"""The customer's screen follows the till's window of the same browser, from the first scan to the change."""

import pytest
from playwright.sync_api import expect

from tests.browser.counter import ENTER, Counter, by_hand, choose, scan

pytestmark = pytest.mark.browser


def test_the_customer_sees_what_is_scanned_what_it_costs_and_the_change(counter: Counter) -> None:
    till = counter.till(locale="id-ID")
    customer = till.context.new_page()
    customer.goto(counter.address + "/till/customer")
    expect(customer.locator("#welcome h1")).to_have_text("Toko Contoh")
    scan(till, "SHOE-0001")
    scan(till, "KETTLE-0001")
    expect(customer.locator("#rows .name")).to_have_text(["Ketel Uap", "Sepatu Jelajah"])
    expect(customer.locator("#amount")).to_have_text("Rp1.004.000")
    customer.reload()
    expect(customer.locator("#amount")).to_have_text("Rp1.004.000")
    choose(till, "1")
    by_hand(till, "1100000", ENTER)
    expect(customer.locator("#thanks")).to_have_text("Lunas. Terima kasih!")
    expect(customer.locator("#label")).to_have_text("Kembalian")
    expect(customer.locator("#amount")).to_have_text("Rp96.000")
    scan(till, "WATCH-0001")
    expect(customer.locator("#amount")).to_have_text("Rp1.250.000")
    expect(customer.locator("#thanks")).to_be_hidden()
