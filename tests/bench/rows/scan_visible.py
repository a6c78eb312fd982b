"""The till: from the scanner's Enter to the new row on the screen, in a real Chromium, typed at a scanner's speed."""

import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Page, TimeoutError, sync_playwright  # noqa: A004 - Playwright's own

from shared import staff
from shared.roles import Role
from tests.bench.row import Check, Row, Timing
from tests.bench.rows.sale import disk
from tests.conftest import unused_port
from tests.servers.chromium import EXECUTABLE, FLAGS
from tests.servers.program import Program
from tests.shop import WATCH, Shop

SCANS, WARM_UP = 120, 10
LONGEST_CART = 10  # a basket; then it is cancelled and the next begins
KEY_MILLISECONDS = 10
WATCH_KEYS = """
addEventListener("keydown", (event) => { if (event.key === "Enter") window.entered = event.timeStamp; }, true);
"""
WATCH_ROWS = """
() => {
  window.seen = [];
  let newest = null;
  new MutationObserver(() => {
    const row = document.querySelector("tr.new");
    if (!row || row.dataset.line === newest) return;
    newest = row.dataset.line;
    const start = window.entered;
    requestAnimationFrame(() => window.seen.push(performance.now() - start));
  }).observe(document.body, { childList: true, subtree: true });
}
"""


def run() -> Row:
    """Measure on SQLite."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=disk()) as name, ExitStack() as stack:
        folder = Path(name)
        shop = stack.enter_context(Shop(f"sqlite:///{folder / 'shop.db'}"))
        shop.list_products((WATCH, "Watch", "250000"))
        shop.receive(WATCH, *(f"SN-{number:06d}" for number in range(SCANS + WARM_UP)))
        shop.in_office(lambda turn: staff.add_person(turn, "Sari", Role.CASHIER, "1234"))
        port = unused_port()
        program = Program("--config", str(shop.write_settings(folder, port)), "till", log=folder / "till.log")
        stack.callback(program.kill)
        program.wait_until_healthy(f"127.0.0.1:{port}")
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=FLAGS)
        stack.callback(browser.close)
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        sign_in(page, f"http://127.0.0.1:{port}/")
        samples = scan_all(page)[WARM_UP:]
    timing = Timing("scanner's Enter to the frame with the row", samples)
    p95 = statistics.quantiles(samples, n=20)[-1]
    return Row(
        "till: scan to row visible in Chromium", [timing], [Check("p95", p95 * 1e3, 50.0, "ms", is_ceiling=True)]
    )


def sign_in(page: Page, address: str) -> None:
    """Sign in as the only person there is."""
    page.add_init_script(WATCH_KEYS)  # before the page's own listener, which keeps a scanner's Enter to itself
    page.goto(address)
    page.fill("#pin", "1234")
    page.press("#pin", "Enter")
    page.wait_for_url("**/till")
    page.evaluate(WATCH_ROWS)


def scan_all(page: Page) -> list[float]:
    """Scan every unit; seconds for each, as the page measured them."""
    for number in range(SCANS + WARM_UP):
        if number and number % LONGEST_CART == 0:
            page.evaluate("() => fetch('/till/cancel', { method: 'POST', body: '{}' })")
        while not scanned(page, f"SN-{number:06d}", number):
            pass  # the machine stalled between two keys: the page says "half scan", and a cashier scans again
    seen: list[float] = page.evaluate("() => window.seen")
    return [milliseconds / 1000 for milliseconds in seen]


def scanned(page: Page, serial: str, before: int) -> bool:
    """Type one serial as a scanner does; whether its row came."""
    page.keyboard.type(serial, delay=KEY_MILLISECONDS)
    page.keyboard.press("Enter")
    try:
        page.wait_for_function(f"() => window.seen.length > {before}", timeout=3000)
    except TimeoutError:
        return False
    return True
