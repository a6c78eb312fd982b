"""Holding a cart at one till, or sending an alarm from the gate, and opening it at another till: by keyboard only."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.counter import Counter, answer, by_hand, choose, lines, scan
from tests.gate.running_gate import ON, RunningGate
from tests.servers.chromium import PageOpener
from tests.servers.program import Program
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


def test_sent_from_the_gate_it_chimes_at_the_till_and_is_paid_there(
    shop: Shop,
    start_till: Callable[..., Counter],
    start_program: Callable[..., Program],
    free_port: Callable[[], int],
    open_page: PageOpener,
    tmp_path: Path,
) -> None:
    till = start_till(shop).till()
    gate = RunningGate(tmp_path, shop.url, f"127.0.0.1:{free_port()}", start_program)
    gate.start()
    screen = open_page(locale="en-GB")
    screen.goto(f"http://{gate.address}/")
    expect(till.locator("#sent")).to_be_empty()
    gate.scan("SHOE-0001", "WATCH-0001")
    gate.wait_for_frame(ON)
    expect(screen.locator("#pay")).to_contain_text("Pay at the till F9")
    screen.keyboard.press("F9")
    expect(screen.locator("body")).to_have_attribute("data-state", "watching")
    expect(screen.locator("#ends")).to_have_text("Sepatu Jelajah: sent to the till")

    expect(till.locator("#sent")).to_contain_text("gate-1 sends somebody to pay")
    expect(till.locator("body")).to_have_attribute("data-sounded", "chime")
    till.keyboard.press("F5")
    expect(till.locator("#held")).to_be_visible()
    expect(till.locator("#held-list tr")).to_contain_text("From the gate gate-1")
    till.keyboard.press("Enter")
    assert "2 lines are in the cart." in answer(till, "good")
    choose(till, "1")
    by_hand(till, "1939000")
    till.keyboard.press("Enter")
    expect(till.locator("#done")).to_contain_text("Paid")

    expect(screen.locator("#ends")).to_have_text("Sepatu Jelajah: paid at the till now")
    screen.keyboard.press("Enter")
    screen.wait_for_url("**/incidents/*")
    expect(screen.get_by_role("radio", name="Paid at the till now")).to_be_checked()
