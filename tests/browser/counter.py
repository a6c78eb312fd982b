"""What a person at the counter does: sign in, scan, press keys, look."""

import time
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.servers.chromium import PageOpener
from tests.servers.program import Program
from tests.shop import Shop

PIN = "2468"
GONE = ".gone"
ENTER = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}
TAB = {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}


class Counter:
    """One till in its shop, and the browsers before it."""

    def __init__(self, address: str, shop: Shop, program: Program, open_page: PageOpener) -> None:
        self.address = address
        self.shop = shop
        self.program = program
        self._open_page = open_page

    def open(self, path: str = "/", **how: Any) -> Page:
        """Open a page, nobody signed in."""
        page = self._open_page(**how)
        page.goto(self.address + path)
        return page

    def sign_in(self, name: str, path: str = "", **how: Any) -> Page:
        """Sign a person in by keyboard, and go to a page."""
        page = self.open("/sign-in", **how)
        page.get_by_role("radio", name=name).focus()
        page.keyboard.press("Space")
        page.keyboard.type(PIN)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)
        if path:
            page.goto(self.address + path)
        return page

    def till(self, **how: Any) -> Page:
        """Open the till's page as a cashier, ready to scan."""
        page = self.sign_in("Sari", **how)
        page.wait_for_selector("body[data-ready]")
        return page


def wedge(page: Page, text: str, suffix: dict[str, Any] | None = ENTER, *, key_ms: float = 10) -> None:
    """Type as a scanner does, 10 ms a key by the clock of the keys, however busy this machine is."""
    session = page.context.new_cdp_session(page)
    keys = [{"key": one, "text": one, "windowsVirtualKeyCode": ord(one.upper())} for one in text]
    began = time.time()
    for number, key in enumerate([*keys, suffix] if suffix else keys):
        at = began + number * key_ms / 1000
        time.sleep(max(0, at - time.time()))
        session.send("Input.dispatchKeyEvent", {"type": "keyDown", "timestamp": at, **key})
        session.send("Input.dispatchKeyEvent", {"type": "keyUp", "timestamp": at + 0.002, "key": key["key"]})
    session.detach()


def by_hand(page: Page, text: str, suffix: dict[str, Any] | None = None) -> None:
    """Type as a person does; by the clock of the keys too, for a stall must not make a scanner of a person."""
    wedge(page, text, suffix, key_ms=90)
    time.sleep(0.09)


def choose(page: Page, key: str) -> None:
    """Open the payment, and choose a way to pay by its key."""
    page.keyboard.press("F9")
    by_hand(page, key)
    expect(page.locator(f'[data-method][data-key="{key}"]')).to_have_attribute("aria-pressed", "true")


def pay_cash(page: Page, amount: str) -> None:
    """Choose cash, type what was received, and press Enter."""
    choose(page, "1")
    by_hand(page, amount, ENTER)


def scan(page: Page, text: str) -> None:
    """Scan and wait for the answer that is not the one before."""
    page.evaluate("document.querySelector('#answer > *').dataset.old = ''")
    wedge(page, text)
    page.wait_for_selector("#answer > :not([data-old])", state="attached")


def answer(page: Page, level: str) -> str:
    """Tell what the answer says, which must be of this level."""
    place = page.locator(f"#answer .last.{level}")
    expect(place).to_be_visible()
    return " ".join(place.inner_text().split())


def lines(page: Page) -> list[str]:
    """List the names in the cart, newest first."""
    return page.locator("#cart tr[data-line] .name").all_inner_texts()


def answer_late(page: Page, path: str, milliseconds: float) -> None:
    """Let the server's answers to these requests come late."""

    def wait(route: Route) -> None:
        page.wait_for_timeout(milliseconds)
        route.continue_()

    page.route(path, wait)
