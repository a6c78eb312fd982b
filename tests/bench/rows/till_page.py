"""The till's page: from asking for it to ready to scan, in a real Chromium that holds nothing of it; its weight."""

from tests.bench.row import Check, Row, Timing
from tests.bench.till_page import till_page
from tests.browser.test_weight import BUDGET, open_anew, without_cache

LOADS, WARM_UP = 60, 5


def run() -> Row:
    """Measure on SQLite."""
    with till_page() as (_, page):
        sizes: list[float] = []
        without_cache(page).on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        open_anew(page)
        page.wait_for_load_state("networkidle")
        weight = sum(sizes)
        loads = [open_anew(page) / 1000 for _ in range(LOADS + WARM_UP)][WARM_UP:]
    timings = [Timing("asking for the page to ready to scan", loads)]
    checks = [Check("median", timings[0].median * 1e3, 500.0, "ms", is_ceiling=True)]
    checks.append(Check("weight over the wire", weight / 1000, BUDGET / 1000, "KB", is_ceiling=True))
    return Row("till: its page in Chromium, nothing of it held", timings, checks)
