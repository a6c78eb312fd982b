"""The till: from the scanner's Enter to the new row on the screen, in a real Chromium, typed at a scanner's speed."""

import statistics

from playwright.sync_api import Page, TimeoutError  # noqa: A004 - Playwright's own

from tests.bench.row import Check, Row, Timing
from tests.bench.till_page import till_page
from tests.shop import WATCH

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
    # Before the page's own listener, which keeps a scanner's Enter to itself.
    with till_page(WATCH_KEYS) as (shop, page):
        shop.list_products((WATCH, "Watch", "250000"))
        shop.receive(WATCH, *(f"SN-{number:06d}" for number in range(SCANS + WARM_UP + LONG)))
        page.evaluate(WATCH_ROWS)
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
