"""From an empty folder to a gate that was walked through: the pages alone say what to do."""

import re
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Page, expect

from hardware.cable import Cable
from tests.browser.counter import ENTER, by_hand, choose, wedge
from tests.browser.test_look import judge
from tests.servers.chromium import PageOpener
from tests.servers.program import LUNAS, Program
from tests.servers.waiting import wait_until

pytestmark = pytest.mark.browser

ALARM_ON = bytes.fromhex("a00101a2")
PERSON_SECONDS = 300
LATE_MS = 20_000  # from the scanner over the gate, the ledger and the till to the page, on a busy machine
PASSAGE_SECONDS = 3.0  # the same label again is another passage only after a moment
WORDS = {
    "en-GB": {
        "first": "The first day",
        "right": "Right: Jam Senja",
        "wrong": "That is none of your labels",
        "over": "The shop is open, and the gate is armed.",
        "add": "Add this person",
        "pay": "Paid",
    },
    "id-ID": {
        "first": "Hari pertama",
        "right": "Benar: Jam Senja",
        "wrong": "Itu bukan label toko ini",
        "over": "Toko sudah buka, dan gerbang aktif.",
        "add": "Tambahkan orang ini",
        "pay": "Lunas",
    },
}


@dataclass
class EmptyFolder:
    """A folder in which nothing was done yet, and what lies beside it: the exit's scanner and the relay board."""

    folder: Path
    scanner: Cable
    relay: Cable
    port: int
    start: Callable[..., Program]

    @property
    def settings(self) -> Path:
        return self.folder / "lunas.toml"

    def initialise(self) -> None:
        """Run `lunas init`; the till's port is one that nobody uses here."""
        subprocess.run([LUNAS, "init"], cwd=self.folder, check=True, capture_output=True)
        self.settings.write_text(self.settings.read_text().replace(":8080", f":{self.port}"))

    def start_till(self) -> tuple[Program, str]:
        """Start the till, and give the code that it shows on the console."""
        till = self.start("--config", str(self.settings), "till")
        till.wait_until_healthy(f"127.0.0.1:{self.port}")
        wait_until(lambda: "this code:" in till.output, "the console shows a code")
        found = re.search(r"this code: (\S{4}-\S{4})", till.output)
        assert found
        return till, found[1]


@pytest.fixture
def empty(tmp_path: Path, free_port: Callable[[], int], start_program: Callable[..., Program]) -> Iterator[EmptyFolder]:
    folder = tmp_path / "shop"
    folder.mkdir()
    with Cable(tmp_path / "scanner") as scanner, Cable(tmp_path / "relay") as relay:
        yield EmptyFolder(folder, scanner, relay, free_port(), start_program)


def open_shop(page: Page, code: str) -> None:
    """Fill the first form, by keyboard alone."""
    for text in (code.lower().replace("-", " "), "Toko Senja", None, None, None, "Rina", "2468", "2468"):
        if text:
            page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def read_labels(pdf: bytes) -> dict[str, set[str]]:
    """What a scanner reads off the printed sheet, by symbology."""
    found: dict[str, set[str]] = {"Code128": set(), "QRCode": set()}
    for sheet in pypdfium2.PdfDocument(pdf):
        picture = sheet.render(scale=300 / 72, grayscale=True).to_numpy().squeeze()
        for label in zxingcpp.read_barcodes(picture, formats=zxingcpp.barcode_formats_from_str("Code128,QRCode")):
            found[label.format.name].add(label.text)
    return found


@pytest.mark.long
@pytest.mark.parametrize("locale", WORDS)
def test_from_an_empty_folder_to_a_walked_gate(empty: EmptyFolder, open_page: PageOpener, locale: str) -> None:
    words = WORDS[locale]
    began = time.monotonic()
    empty.initialise()
    _, code = empty.start_till()
    page = open_page(locale=locale, dark=locale == "id-ID")
    page.goto(f"http://127.0.0.1:{empty.port}/")
    judge(page)
    open_shop(page, code)
    expect(page.locator("h1")).to_have_text(words["first"])
    expect(page.locator(".top .shop")).to_have_text("Toko Senja")
    list_product_and_receive(page)
    carried, kept = print_and_scan_back(page, words)
    pair_gate(page, empty)
    walk(page, empty, carried, lambda: sell(open_page, page, carried, words["pay"]))
    arm(page, empty, kept)
    expect(page.locator(".notice")).to_contain_text(words["over"], timeout=LATE_MS)
    add_person(page, "Sari", words["add"])
    judge(page)
    assert time.monotonic() - began < PERSON_SECONDS


def list_product_and_receive(page: Page) -> None:
    """Both forms by keyboard alone: the first field has the focus, Enter sends."""
    for text in ("JAM", "Jam Senja", "Rp1.250.000"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#count")).to_be_focused()
    judge(page)
    page.keyboard.press("Enter")


def print_and_scan_back(page: Page, words: dict[str, str]) -> tuple[str, str]:
    """Print the sheet and scan one label of it; gives two serials of the ten."""
    expect(page.locator("[data-scan]")).to_be_visible()
    judge(page)
    labels = read_labels(page.request.get(page.url.rstrip("/") + "/labels.pdf").body())
    assert len(labels["Code128"]) == 10
    assert labels["QRCode"] == labels["Code128"]
    carried, kept, *_ = sorted(labels["Code128"])
    wedge(page, "4006381333931")
    expect(page.locator("#scan-told")).to_contain_text(words["wrong"])
    wedge(page, carried)
    return carried, kept


def pair_gate(page: Page, empty: EmptyFolder) -> None:
    """Name the devices, start the gate where the page says so; the page goes on by itself."""
    expect(page.locator("#relay-kind")).to_be_visible()
    judge(page)
    page.locator("#scanner-path").fill(str(empty.scanner.path))
    page.locator("#relay-path").fill(str(empty.relay.path))
    page.locator("#relay-path").press("Enter")
    expect(page.locator("code", has_text="gate").first).to_be_visible()
    judge(page)
    gate = empty.start("--config", str(empty.settings), "gate")
    gate.wait_until_healthy(f"127.0.0.1:{empty.port + 1}")
    expect(page.locator(".ticks li")).to_have_count(3, timeout=LATE_MS)
    judge(page)


def walk(page: Page, empty: EmptyFolder, serial: str, sell: Callable[[], None]) -> None:
    """Out unpaid, to the till, out paid; on trial the relay stays off."""
    ticks = page.locator(".ticks .done")
    empty.scanner.send(serial.encode() + b"\r")
    expect(ticks).to_have_count(1, timeout=LATE_MS)
    sell()
    expect(ticks).to_have_count(2, timeout=LATE_MS)
    time.sleep(PASSAGE_SECONDS)
    empty.scanner.send(serial.encode() + b"\r")
    expect(page.locator(".ticks li")).to_have_count(2, timeout=LATE_MS)
    assert ALARM_ON not in empty.relay.receive(0.1)


def arm(page: Page, empty: EmptyFolder, serial: str) -> None:
    """Arm the gate, and hear it."""
    page.locator(".step.now button.main").click()
    expect(page.locator(".ticks .done")).to_have_count(1)
    wait_until(lambda: gate_is_armed(page, empty.port + 1), "the gate has heard that it is armed")
    empty.scanner.send(serial.encode() + b"\r")
    wait_until(lambda: ALARM_ON in empty.relay.receive(0.1), "the relay is switched on")


def gate_is_armed(page: Page, port: int) -> bool:
    return bool(page.request.get(f"http://127.0.0.1:{port}/healthz").json()["armed"])


def sell(open_page: PageOpener, guide: Page, serial: str, paid: str) -> None:
    """Sell one unit in a window of its own, as the guide's link opens it."""
    with guide.context.expect_page() as opened:
        guide.locator("a[href='/till']").last.click()
    till = opened.value
    till.wait_for_selector("body[data-ready]")
    wedge(till, serial)
    expect(till.locator("#cart tr[data-line]")).to_have_count(1)
    choose(till, "1")
    by_hand(till, "1250000", ENTER)
    expect(till.locator("#done")).to_contain_text(paid)
    till.close()


def add_person(page: Page, name: str, button: str) -> None:
    page.locator("#person").fill(name)
    page.locator("#pin").fill("1357")
    page.get_by_role("button", name=button).click()
    expect(page.locator(".people")).to_contain_text(name)


def test_nobody_opens_a_shop_without_the_code(empty: EmptyFolder, open_page: PageOpener) -> None:
    empty.initialise()
    _, code = empty.start_till()
    page = open_page()
    page.goto(f"http://127.0.0.1:{empty.port}/")
    open_shop(page, "0000-0000")
    expect(page.locator("#code-told")).to_be_visible()
    expect(page.locator("#shop")).to_have_value("Toko Senja")
    page.locator("#code").fill(code)
    page.locator("#pin").fill("2468")
    page.locator("#pin_again").fill("9999")
    page.keyboard.press("Enter")
    expect(page.locator("#pin-told")).to_be_visible()
    page.locator("#pin").fill("2468")
    page.locator("#pin_again").fill("2468")
    page.keyboard.press("Enter")
    page.wait_for_url("**/first-day")
    answer = open_page().request.get(f"http://127.0.0.1:{empty.port}/first-day/begin")
    assert answer.status == 404, "the door is shut once somebody works here"
