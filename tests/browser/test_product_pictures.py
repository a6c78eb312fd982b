"""What an item looks like is seen where it matters: at the till when it is scanned, at the gate when it is not paid."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from pos.office.product_pictures import take_folder
from tests.browser.counter import Counter, scan
from tests.gate.running_gate import ON, RunningGate
from tests.servers.chromium import PageOpener
from tests.servers.program import Program
from tests.shop import Shop

pytestmark = pytest.mark.browser

COLOUR = """(picture) => {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data];
}"""


def is_red(page: Page, selector: str) -> bool:
    """Whether the picture there is seen, and is the red one."""
    expect(page.locator(selector)).to_be_visible()
    red, green, blue, _ = page.locator(selector).evaluate(COLOUR)
    return bool(red > 200 and green < 60 and blue < 60)


def test_at_the_till_and_at_the_gate(
    shop: Shop,
    start_till: Callable[..., Counter],
    start_program: Callable[..., Program],
    free_port: Callable[[], int],
    open_page: PageOpener,
    tmp_path: Path,
) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    Image.new("RGB", (900, 600), (230, 20, 20)).save(folder / "SHOE.png")
    assert dict(take_folder(shop.database, folder)) == {"SHOE.png": ""}

    till = start_till(shop).till()
    scan(till, "WATCH-0001")
    expect(till.locator("#answer .picture")).to_have_count(0)
    scan(till, "SHOE-0001")
    assert is_red(till, "#answer .picture")

    gate = RunningGate(tmp_path, shop.url, f"127.0.0.1:{free_port()}", start_program)
    gate.start()
    screen = open_page(locale="id-ID")
    screen.goto(f"http://{gate.address}/")
    gate.scan("KETTLE-0001")
    gate.wait_for_frame(ON)
    expect(screen.locator("#word")).to_have_text("Ketel Uap")
    expect(screen.locator("#picture")).to_be_hidden()
    gate.scan("SHOE-0001")
    expect(screen.locator("#word")).to_have_text("Sepatu Jelajah")
    assert is_red(screen, "#picture")
