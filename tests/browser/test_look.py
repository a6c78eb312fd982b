"""What holds for every page: no sideways scrolling, large targets, contrast, dark and light, print."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.counter import ENTER, Counter, by_hand, choose, scan
from tests.browser.test_alarm_log import add_gate, raise_alarm

pytestmark = pytest.mark.browser

PHONE = (390, 844)
SIZES = [(1366, 768), (1920, 1080), PHONE]
SMALLEST_TARGET = 44  # px
# WCAG 2.2: 4.5 for text, 3 where it is large (24 px, or 18.66 px and bold).
CONTRAST = (Path(__file__).parent / "contrast.js").read_text()
SMALL_TARGETS = """(least) => [...document.querySelectorAll("button, a[href], input, summary")]
  .filter((e) => e.checkVisibility() && !e.closest(".unseen") && e.type !== "radio" && !e.closest("p"))
  .map((e) => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.height < least - 0.5 && !e.matches(".mark"))
  .map(([e, box]) => `${e.className || e.tagName} ${e.textContent.trim()} ${box.height}`)"""


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def judge(page: Page) -> None:
    assert not scrolls_sideways(page), page.url
    assert page.evaluate(CONTRAST) == []
    assert page.evaluate(SMALL_TARGETS, SMALLEST_TARGET) == []


@pytest.mark.parametrize(("locale", "dark"), [("id-ID", False), ("en-GB", True)])
@pytest.mark.parametrize("size", SIZES)
def test_every_state_of_the_till_is_readable_at_every_size(
    counter: Counter, size: tuple[int, int], dark: bool, locale: str
) -> None:
    page = counter.open("/sign-in", size=size, dark=dark, locale=locale, touch=size == PHONE)
    judge(page)
    page = counter.till(size=size, dark=dark, locale=locale, touch=size == PHONE)
    judge(page)
    for text in ("SHOE-0001", "WATCH-0001", "BAG", "WATCH-0001"):
        scan(page, text)
    judge(page)
    scan(page, "NOBODY-1")
    judge(page)
    page.keyboard.press("F10")
    page.keyboard.press("F1")
    judge(page)
    page.keyboard.press("Escape")
    page.keyboard.press("F3")
    by_hand(page, "081234567890")
    page.keyboard.press("Tab")
    by_hand(page, "Budi Santoso", ENTER)
    expect(page.locator("#buyer button")).to_be_visible()
    judge(page)
    page.keyboard.press("F3")
    judge(page)
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("F8")
    judge(page)
    by_hand(page, "50", ENTER)
    expect(page.locator("#approval")).to_be_visible()
    judge(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("F9")
    judge(page)
    choose(page, "1")
    by_hand(page, "2000000")
    judge(page)
    page.keyboard.press("Enter")
    expect(page.locator("#done")).to_be_visible()
    judge(page)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_the_alarm_log_is_readable_at_every_size(counter: Counter, size: tuple[int, int], dark: bool) -> None:
    add_gate(counter.shop, "gate-1", armed=True)
    add_gate(counter.shop, "gate-2", armed=False)
    for number, state in enumerate(["open", "trial", "late", "open", "open"]):
        raise_alarm(counter.shop, number, f"i{max(0, number - 2)}", state=state, minute=number)
    page = counter.sign_in("Rina", size=size, dark=dark, locale="id-ID", touch=size == PHONE)
    judge(page)
    page.goto(counter.address + "/office/gates/gate-2/arm")
    judge(page)
    page.goto(counter.address + "/office/nothing")
    judge(page)


@pytest.mark.parametrize("size", [(1024, 600), PHONE])
def test_large_text_is_larger_and_fits_the_smallest_screens(counter: Counter, size: tuple[int, int]) -> None:
    page = counter.sign_in("Sari", "/till?text=large&theme=dark", size=size, touch=size == PHONE)
    page.wait_for_selector("body[data-ready]")
    page.emulate_media(reduced_motion="reduce")
    scan(page, "SHOE-0001")
    assert (
        page.locator("#pay-open").evaluate("(button) => button.getBoundingClientRect().height / button.offsetHeight")
        > 1
    )
    judge(page)
    choose(page, "1")
    by_hand(page, "1000", ENTER)
    expect(page.locator("#pay-told")).to_be_in_viewport()
    judge(page)


def test_the_system_chooses_dark_or_light(counter: Counter) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    assert counter.open(dark=True).evaluate(ground) == "rgb(12, 19, 16)"
    assert counter.open(dark=False).evaluate(ground) == "rgb(241, 244, 242)"


def test_the_alarm_log_prints_black_on_white_without_what_cannot_be_pressed(counter: Counter) -> None:
    raise_alarm(counter.shop, 0, "one")
    page = counter.sign_in("Rina", dark=True)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.querySelector('.log td')).color") == "rgb(0, 0, 0)"
    assert not page.locator(".office > nav").is_visible()
    assert page.locator(".log").is_visible()


def test_nothing_moves_where_the_system_asks_for_less_motion(counter: Counter) -> None:
    page = counter.till()
    page.emulate_media(reduced_motion="reduce")
    scan(page, "SHOE-0001")
    assert page.evaluate("document.getAnimations().length") == 0
