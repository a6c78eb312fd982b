"""A refusal says what to do, and nothing counts until a person has understood it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.counter import GONE, Counter, answer, answer_late, lines, scan, wedge

pytestmark = pytest.mark.browser


def test_a_unit_that_is_in_the_cart_already_is_told_softly_and_scanning_goes_on(counter: Counter) -> None:
    page = counter.till()
    scan(page, "SHOE-0001")
    scan(page, "WATCH-0001")
    scan(page, "SHOE-0001")
    assert answer(page, "soft") == "Already in the cart Sepatu Jelajah, line 1. Not added again. Rp689.000"
    assert page.evaluate("document.body.dataset.sounded") == "soft"
    scan(page, "KETTLE-0001")
    assert len(lines(page)) == 3


def test_a_paid_unit_is_put_aside_and_says_when_and_where_it_was_paid(counter: Counter) -> None:
    counter.shop.sell("SHOE-0001", cash=689000)
    page = counter.till(locale="id-ID")
    scan(page, "SHOE-0001")
    told = answer(page, "hard")
    assert told.startswith("Pisahkan barang ini: sudah dibayar SHOE-0001 Sepatu Jelajah, dibayar ")
    assert "di till-1." in told


def test_a_refusal_locks_until_f10_and_counts_what_was_scanned_meanwhile(counter: Counter) -> None:
    page = counter.till()
    scan(page, "SHOE-0001")
    scan(page, "NOBODY-1")
    assert "Put this item aside: unknown serial" in answer(page, "hard")
    page.locator("[data-understood]").focus()
    wedge(page, "WATCH-0001")
    wedge(page, "KETTLE-0001")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    assert "2 scans were refused: scan them again." in answer(page, "hard")
    page.keyboard.press("F9")
    expect(page.locator("#pay")).to_be_hidden()
    page.keyboard.press("F10")
    expect(page.locator("#answer .idle")).to_be_visible()
    assert lines(page) == ["Sepatu Jelajah"]
    # The answer's place is drawn anew after F10, and a scan's answer cannot be told from that.
    wedge(page, "WATCH-0001")
    expect(page.locator("#cart tr[data-line]")).to_have_count(2)


def test_a_refusal_is_acknowledged_by_touch_too(counter: Counter) -> None:
    page = counter.till()
    scan(page, "NOBODY-1")
    page.locator("[data-understood]").click()
    expect(page.locator("#answer .idle")).to_be_visible()


def test_scans_that_waited_behind_a_refusal_are_counted_as_refused(counter: Counter) -> None:
    page = counter.till()
    answer_late(page, "**/till/scan", 300)
    for text in ("NOBODY-1", "SHOE-0001", "WATCH-0001"):
        wedge(page, text)
    expect(page.locator(".refused")).to_have_text("2 scans were refused: scan them again.")
    assert lines(page) == []


def test_an_ambiguous_serial_is_resolved_by_its_products_code(counter: Counter) -> None:
    page = counter.till()
    scan(page, "12345")
    assert "This serial is on: Jam Senja, Sepatu Jelajah." in answer(page, "hard")
    page.keyboard.press("F10")
    scan(page, "WATCH")
    assert answer(page, "good") == "Jam Senja S/N 12345 Rp1.250.000"


def test_after_an_ambiguous_serial_another_label_counts_as_always(counter: Counter) -> None:
    page = counter.till()
    scan(page, "12345")
    page.keyboard.press("F10")
    scan(page, "KETTLE-0001")
    assert lines(page) == ["Ketel Uap"]
    scan(page, "WATCH")
    assert "Scan the serial, not the product's code" in answer(page, "hard")


def test_a_silent_database_is_told_at_once_and_nothing_is_lost_silently(
    counter: Counter, hidden_database: Callable[[], None]
) -> None:
    page = counter.till(tolerated=r"status 50\d")
    scan(page, "SHOE-0001")
    hidden_database()
    scan(page, "WATCH-0001")
    assert "Scan again: this scan did not count" in answer(page, "hard")
    expect(page.locator("#light-database.off")).to_be_visible()
    assert lines(page) == ["Sepatu Jelajah"]
    page.keyboard.press("F10")
    file = counter.shop.database.file
    assert file is not None
    file.with_suffix(GONE).rename(file)
    expect(page.locator("#light-database.off")).to_have_count(0)
    scan(page, "WATCH-0001")
    assert lines(page) == ["Jam Senja", "Sepatu Jelajah"]


def test_a_server_that_does_not_answer_is_told_as_a_refusal(counter: Counter) -> None:
    page = counter.till(tolerated=r"no answer")
    counter.program.kill()
    wedge(page, "SHOE-0001")
    assert "this scan may not have counted" in answer(page, "hard")
    expect(page.locator("#light-connection.off")).to_be_visible()
