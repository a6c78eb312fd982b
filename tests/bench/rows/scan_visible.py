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
BASKET = 10  # then it is cancelled and the next begins
LONG, MEASURED = 200, 60  # one basket of so many lines, of which the last ones count, with a discount off the whole
KEY_MILLISECONDS = 10
WATCH_KEYS = """
addEventListener("keydown", (event) => { if (event.key === "Enter") window.entered = event.timeStamp; }, true);
"""
GIVE = """
async () => {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  const { cart_id: cart } = await (await fetch("/till/cart", { headers })).json();
  const body = JSON.stringify({ cart, percent: 500, reason: "promotion" });
  await fetch("/till/discount", { method: "POST", headers, body });
}
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
        shop.receive(WATCH, *(f"SN-{number:06d}" for number in range(SCANS + WARM_UP + LONG)))
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
        short = scan_baskets(page)[WARM_UP:]
        long = scan_long(page)[-MEASURED:]
    what = "scanner's Enter to the frame with the row"
    timings = [Timing(what, short), Timing(f"{what}, up to {LONG} lines", long)]
    checks = [Check("p95", p95(short), 50.0, "ms", is_ceiling=True)]
    checks.append(Check(f"p95 of the last {MEASURED} of {LONG} lines", p95(long), 50.0, "ms", is_ceiling=True))
    return Row("till: scan to row visible in Chromium", timings, checks)


def p95(samples: list[float]) -> float:
    """Give it in milliseconds."""
    return statistics.quantiles(samples, n=20)[-1] * 1e3


def sign_in(page: Page, address: str) -> None:
    """Sign in as the only person there is."""
    page.add_init_script(WATCH_KEYS)  # before the page's own listener, which keeps a scanner's Enter to itself
    page.goto(address)
    page.fill("#pin", "1234")
    page.press("#pin", "Enter")
    page.wait_for_url("**/till")
    page.evaluate(WATCH_ROWS)


def scan_baskets(page: Page) -> list[float]:
    """Scan units in short baskets; seconds for each, as the page measured them."""
    for number in range(SCANS + WARM_UP):
        if number % BASKET == 0:
            empty(page)
        scan(page, number)
    return seen(page)


def scan_long(page: Page) -> list[float]:
    """Scan one long basket, something off the whole of it; seconds for each."""
    empty(page)
    for number in range(SCANS + WARM_UP, SCANS + WARM_UP + LONG):
        scan(page, number)
        if number == SCANS + WARM_UP:
            page.evaluate(GIVE)
    return seen(page)


def empty(page: Page) -> None:
    """Begin a new basket."""
    page.evaluate("() => fetch('/till/cancel', { method: 'POST', body: '{}' })")


def scan(page: Page, number: int) -> None:
    """Scan one unit until it counts."""
    while not scanned(page, f"SN-{number:06d}", number):
        pass  # the machine stalled between two keys: the page says "half scan", and a cashier scans again


def seen(page: Page) -> list[float]:
    """Seconds for every scan so far."""
    milliseconds: list[float] = page.evaluate("() => window.seen")
    return [one / 1000 for one in milliseconds]


def scanned(page: Page, serial: str, before: int) -> bool:
    """Type one serial as a scanner does; whether its row came."""
    page.keyboard.type(serial, delay=KEY_MILLISECONDS)
    page.keyboard.press("Enter")
    try:
        page.wait_for_function(f"() => window.seen.length > {before}", timeout=3000)
    except TimeoutError:
        return False
    return True
