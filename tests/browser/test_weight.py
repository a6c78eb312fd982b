"""What the till's page weighs over the wire, and how soon it is ready, in a browser that holds nothing of it yet."""

import pytest
from playwright.sync_api import CDPSession, Page

from tests.browser.counter import Counter

pytestmark = pytest.mark.browser

BUDGET = 150_000  # bytes, with the headers of the answers
SOON = 1500  # ms; the figure to hold is 500, which `make bench` measures: tests run beside others
LOADS = 5


def open_anew(page: Page) -> float:
    """Load the till's page; ms until it is ready to scan."""
    page.reload()
    page.wait_for_selector("body[data-ready]", state="attached")
    return float(page.evaluate("performance.getEntriesByType('mark').find(({ name }) => name === 'ready').startTime"))


def without_cache(page: Page) -> CDPSession:
    """Let the browser ask for everything each time."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    return session


def test_the_page_keeps_within_its_weight(counter: Counter) -> None:
    page = counter.till()
    sizes: list[float] = []
    without_cache(page).on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    open_anew(page)
    page.evaluate("document.fonts.ready.then(() => null)")
    page.wait_for_load_state("networkidle")
    assert 50_000 < sum(sizes) < BUDGET


def test_the_page_is_ready_soon(counter: Counter) -> None:
    page = counter.till()
    without_cache(page)
    assert min(open_anew(page) for _ in range(LOADS)) < SOON
