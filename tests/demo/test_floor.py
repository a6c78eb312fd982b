"""The demo's shop floor in a real browser: everything behind it is real, so what it shows is the main job itself."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.demo.opened import Demo, read_screen
from tests.servers.chromium import PageOpener
from tests.servers.waiting import wait_until

pytestmark = pytest.mark.browser

WORDS = {
    "en-GB": {"unpaid": "not paid", "paid": "Paid", "left": "Left, paid", "total": "Rp1.250.000"},
    "id-ID": {"unpaid": "belum dibayar", "paid": "Lunas", "left": "Sudah keluar, lunas", "total": "Rp1.250.000"},
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demo for all tests here; each begins with a reset."""
    with Demo(tmp_path_factory.mktemp("demo")) as opened:
        yield opened


def visit(demo: Demo, page: Page) -> Page:
    """Open the floor, everything as at first, the till's scanner here."""
    page.request.post(f"http://{demo.floor}/scanner")
    assert page.request.post(f"http://{demo.floor}/reset").ok
    page.goto(f"http://{demo.floor}/")
    return page


def unit(page: Page, slot: str) -> Locator:
    return page.locator(f"[data-slot={slot}]")


def carry(page: Page, slot: str, to: str) -> None:
    unit(page, slot).locator(f"[data-to={to}]").click()


def serial(page: Page, slot: str) -> str:
    return unit(page, slot).locator("[data-serial]").inner_text()


def frames(page: Page) -> list[str]:
    """The relay's frames in the story, the oldest first."""
    return [text for text in reversed(page.locator("#story code").all_inner_texts()) if text]


@pytest.mark.parametrize("locale", ["en-GB", "id-ID"])
def test_unpaid_alarms_and_paid_leaves_in_silence(demo: Demo, open_page: PageOpener, locale: str) -> None:
    words = WORDS[locale]
    page, screen = visit(demo, open_page(locale=locale)), open_page(locale=locale)
    screen.goto(f"http://{demo.gate}/")
    watch = serial(page, "watch")

    carry(page, "watch", "gate")
    expect(page.locator("#gate")).to_have_attribute("data-lamp", "on")
    # The page says how late the frame was only where it came within a second of the label.
    prompt = page.locator("#story li", has_text="A0 01 01 A2")
    expect(prompt).to_have_text(re.compile(r"\d (ms|md) "))
    expect(page.locator("#gate-said")).to_have_text(f"Jam tangan Senja: {words['unpaid']}")
    expect(screen.locator("#word")).to_have_text("Jam tangan Senja")
    expect(screen.locator("#about")).to_have_text(words["unpaid"])
    alarm = demo.alarms(page)[-1]
    assert (alarm["serial"], alarm["reason"]) == (watch.replace("-", ""), "unpaid")

    screen.keyboard.press("Space")
    expect(page.locator("#gate")).to_have_attribute("data-lamp", "off")
    carry(page, "watch", "till")
    expect(page.locator("#cart li")).to_have_text("Jam tangan SenjaRp1.250.000")
    expect(page.locator("#total")).to_have_text(words["total"])
    page.click("#pay")
    expect(unit(page, "watch").locator("[data-tag]")).to_have_text(words["paid"])

    seen = frames(page)
    carry(page, "watch", "gate")
    expect(unit(page, "watch").locator("[data-tag]")).to_have_text(words["left"])
    expect(page.locator("#gate")).to_have_attribute("data-lamp", "off")
    assert frames(page) == seen == ["A0 01 01 A2", "A0 01 00 A1"]
    assert "departed" in demo.item(watch)
    expect(page.locator("#steps .done")).to_have_count(3)


def test_a_reset_fills_the_shelf_and_empties_the_cart(demo: Demo, open_page: PageOpener) -> None:
    page = visit(demo, open_page())
    carry(page, "kettle", "till")
    expect(page.locator("#cart li")).to_have_count(1)
    page.click("#pay")
    expect(unit(page, "kettle").locator("[data-tag]")).to_have_text("Paid")
    sold, kept = serial(page, "kettle"), serial(page, "shoes")
    carry(page, "shoes", "till")
    expect(page.locator("#cart li")).to_have_count(1)
    page.click("#reset")
    expect(unit(page, "kettle").locator("[data-tag]")).to_have_text("Not paid")
    expect(page.locator("#cart li")).to_have_count(0)
    assert serial(page, "kettle") != sold
    assert serial(page, "shoes") == kept
    expect(page.locator("#steps .done")).to_have_count(0)


def test_a_makers_serial_and_a_bag_without_one_are_sold_too(demo: Demo, open_page: PageOpener) -> None:
    page = visit(demo, open_page())
    carry(page, "headphones", "till")
    carry(page, "carrier", "till")
    carry(page, "carrier", "till")
    expect(page.locator("#cart li").first).to_have_text("Tas belanja kain (2)Rp24.000")
    page.click("#pay")
    expect(unit(page, "headphones").locator("[data-tag]")).to_have_text("Paid")
    carry(page, "headphones", "till")
    expect(page.locator("#story li", has_text="refused, already paid")).to_have_count(1)
    carry(page, "headphones", "gate")
    expect(unit(page, "headphones").locator("[data-tag]")).to_have_text("Left, paid")
    expect(page.locator("#gate")).not_to_have_attribute("data-lamp", "on")


@pytest.mark.parametrize(("size", "dark"), [((1366, 768), False), ((390, 844), True)])
def test_the_barcodes_are_read_off_the_screen(
    demo: Demo, open_page: PageOpener, browser: Browser, size: tuple[int, int], *, dark: bool
) -> None:
    page = visit(demo, open_page(size=size, dark=dark))
    drawn = "[...document.images].filter((image) => image.naturalWidth).length >= 7"
    wait_until(lambda: page.evaluate(drawn) is True, "all seven barcodes are drawn")
    shown = {serial(page, slot).replace("-", "") for slot in ("watch", "shoes", "backpack", "kettle", "carrier")} | {
        f"(01)0{gtin}{serial(page, slot).replace(' ', '')}" for slot, gtin in MAKERS.items()
    }
    assert read_screen(page.screenshot(full_page=True), browser) == shown
    unit(page, "watch").locator("[data-enlarge]").click()
    enlarged = page.locator("#large").screenshot()
    assert read_screen(enlarged, browser) == {serial(page, "watch").replace("-", "")}


MAKERS = {"headphones": "9521234500018", "drill": "9521234500025"}


def test_the_open_till_page_takes_the_scanner_and_gives_it_back(demo: Demo, open_page: PageOpener) -> None:
    page, till = visit(demo, open_page()), open_page()
    till.goto(f"http://{demo.till}/")
    till.click("text=Kasir")
    till.fill("#pin", "1111")
    till.keyboard.press("Enter")
    expect(page.locator("#scanner-word")).to_contain_text("The till's page is open")
    carry(page, "drill", "till")
    expect(till.locator("#cart")).to_contain_text("Bor tangan Kukuh")
    expect(page.locator("#cart li")).to_have_text("Bor tangan KukuhRp540.000")
    page.click("#take-scanner")
    expect(page.locator("#scanner")).to_be_hidden()
    carry(page, "shoes", "till")
    expect(page.locator("#cart li")).to_have_count(2)


def test_nobody_walks_out_twice_in_a_moment(demo: Demo, open_page: PageOpener) -> None:
    """To the gate it would be one passage; the button waits instead of doing nothing."""
    page = visit(demo, open_page())
    carry(page, "drill", "gate")
    out = unit(page, "drill").locator("[data-to=gate]")
    expect(out).to_be_disabled()
    expect(out).to_be_enabled()


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (390, 844)])
def test_the_lamp_and_the_instruction_are_always_in_view(
    demo: Demo, open_page: PageOpener, size: tuple[int, int], tmp_path: Path
) -> None:
    page = visit(demo, open_page(locale="id-ID", size=size))
    expect(page.locator("#steps")).to_be_in_viewport(ratio=1)
    page.locator(".unit").last.scroll_into_view_if_needed()
    expect(page.locator("#lamp")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "something sticks out"
    page.screenshot(path=tmp_path / "floor.png")
