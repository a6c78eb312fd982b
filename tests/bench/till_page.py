"""A till in a shop of its own, and its page before a real Chromium."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from shared import staff
from shared.roles import Role
from tests.bench.rows.sale import disk
from tests.conftest import unused_port
from tests.servers.chromium import EXECUTABLE, FLAGS
from tests.servers.program import Program
from tests.shop import Shop


@contextmanager
def till_page(script: str = "") -> Iterator[tuple[Shop, Page]]:
    """Open it on SQLite, signed in; the script runs on each page before the page's own."""
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
        page.add_init_script(script)
        page.goto(f"http://127.0.0.1:{port}/")
        page.fill("#pin", "1234")
        page.press("#pin", "Enter")
        page.wait_for_url("**/till")
        yield shop, page
