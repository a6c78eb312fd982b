"""Axe finds nothing that keeps somebody from using a page (WCAG 2.2 A and AA, and its best practices)."""

from collections.abc import Callable
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

from tests.browser.counter import Counter, choose, pay_cash, scan
from tests.browser.test_alarm_log import add_gate, raise_alarm

pytestmark = pytest.mark.browser

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
FOUND = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
  .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))"""


def violations(page: Page) -> list[str]:
    """What axe finds wrong on the page as it is now."""
    page.evaluate(AXE)
    found: list[str] = page.evaluate(FOUND)
    return found


def test_every_state_of_the_till(counter: Counter) -> None:
    page = counter.open("/sign-in")
    assert violations(page) == []
    counter.shop.sell("KETTLE-0001", cash=315_000)
    page = counter.till(locale="en-GB")

    def scanned(text: str) -> Callable[[], None]:
        return lambda: scan(page, text)

    def pressed(*keys: str) -> Callable[[], None]:
        def press() -> None:
            for key in keys:
                page.keyboard.press(key)

        return press

    def paid() -> None:
        pay_cash(page, "700000")
        expect(page.locator("#done")).to_be_visible()

    states = {
        "empty": pressed(),
        "a cart": scanned("SHOE-0001"),
        "refused": scanned("NOBODY-1"),
        "help": pressed("F10", "F1"),
        "hold": pressed("Escape", "F4"),
        "held": pressed("Escape", "F5"),
        "customer": pressed("Escape", "F3"),
        "discount": pressed("Escape", "F8"),
        "cancel": pressed("Escape", "Escape"),
        "pay": pressed("Escape", "F9"),
        "card": lambda: choose(page, "2"),
        "paid": paid,
        "return": pressed("F6"),
    }
    found: dict[str, list[str]] = {}
    for name, begin in states.items():
        begin()
        if wrong := violations(page):
            found[name] = wrong
    assert found == {}


def test_every_page_of_the_office(counter: Counter) -> None:
    add_gate(counter.shop, "gate-1", armed=True)
    raise_alarm(counter.shop, 0, "i0")
    counter.shop.sell("SHOE-0001", cash=689_000)
    page = counter.sign_in("Rina", "/office/alarms", locale="en-GB")
    addresses = page.eval_on_selector_all(
        ".office > nav a", "(links) => links.map((link) => link.getAttribute('href'))"
    )
    assert len(addresses) > 5
    found: dict[str, list[str]] = {}
    for address in sorted(set(addresses)):
        page.goto(counter.address + address)
        if wrong := violations(page):
            found[address] = wrong
    assert found == {}
