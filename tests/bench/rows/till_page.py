"""The till's page: from asking for it to ready to scan, in a real Chromium that holds nothing of it; its weight."""

import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import sync_playwright

from shared import staff
from shared.roles import Role
from tests.bench.row import Check, Row, Timing
from tests.bench.rows.sale import disk
from tests.bench.rows.scan_visible import sign_in
from tests.browser.test_weight import BUDGET, open_anew, without_cache
from tests.conftest import unused_port
from tests.servers.chromium import EXECUTABLE, FLAGS
from tests.servers.program import Program
from tests.shop import Shop

LOADS, WARM_UP = 60, 5


def run() -> Row:
    """Measure on SQLite."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=disk()) as name, ExitStack() as stack:
        folder = Path(name)
        shop = stack.enter_context(Shop(f"sqlite:///{folder / 'shop.db'}"))
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
