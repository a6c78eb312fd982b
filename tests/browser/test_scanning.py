"""Scans reach the cart, whatever has the focus, in their order, and none is lost."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from hardware.cable import Cable
from tests.browser.counter import ENTER, TAB, Counter, answer, answer_late, by_hand, choose, lines, scan, wedge
from tests.hardware.picture_server import PictureServer
from tests.servers.waiting import wait_until
from tests.shop import Shop

pytestmark = pytest.mark.browser

SERIALS = ["SHOE-0001", "WATCH-0001", "KETTLE-0001"]
SLOW_MS = 30_000  # a camera is a process that loads OpenCV
NAMES = ["Ketel Uap", "Jam Senja", "Sepatu Jelajah"]


def test_a_scan_puts_the_unit_on_top_with_its_name_serial_and_price(counter: Counter) -> None:
    page = counter.till()
    for serial in SERIALS:
        scan(page, serial)
    assert lines(page) == NAMES
    assert answer(page, "good") == "Ketel Uap S/N KETTLE-0001 Rp315.000"
    assert page.locator("#total").inner_text() == "Rp2.254.000"
    assert page.locator("#count").inner_text() == "3 items"
    assert page.evaluate("document.body.dataset.sounded") == "good"


def test_own_serials_are_shown_in_groups_of_four(counter: Counter) -> None:
    counter.shop.receive("SHOE", "LNX72KQ904TBM3S")
    page = counter.till()
    scan(page, "LNX7-2KQ9-04TB-M3S")
    assert "LNX7-2KQ9-04TB-M3S" in answer(page, "good")


@pytest.mark.parametrize(
    "focus",
    ["#typed", "#pay-open", "#cart", "[data-take-out]", ".languages a", ".keys [data-act=help]", ".person button"],
)
def test_a_scan_counts_whatever_has_the_focus_and_presses_nothing(counter: Counter, focus: str) -> None:
    page = counter.till()
    scan(page, "SHOE-0001")
    page.locator(focus).first.focus()
    scan(page, "WATCH-0001")
    assert lines(page) == ["Jam Senja", "Sepatu Jelajah"]
    expect(page.locator("#pay")).to_be_hidden()
    expect(page.locator("#typed")).to_have_value("")


@pytest.mark.parametrize(("field", "card"), [("#amount", False), ("#reference", True)])
def test_a_scan_into_a_payment_field_counts_and_gives_the_field_its_value_back(
    counter: Counter, field: str, card: bool
) -> None:
    page = counter.till()
    scan(page, "SHOE-0001")
    choose(page, "2" if card else "1")
    by_hand(page, "700000")
    before = page.locator(field).input_value()
    scan(page, "KETTLE-0001")
    assert page.locator(field).input_value() == before
    assert lines(page) == ["Ketel Uap", "Sepatu Jelajah"]
    assert counter.shop.count("sale") == 0


def test_slow_typing_in_a_field_stays_the_fields(counter: Counter) -> None:
    page = counter.till()
    scan(page, "SHOE-0001")
    choose(page, "1")
    wedge(page, "800000", None, key_ms=120)
    expect(page.locator("#amount")).to_have_value("800.000")
    expect(page.locator("#change")).to_have_text("Rp111.000")
    assert len(lines(page)) == 1


def test_half_a_scan_is_told_and_neither_sent_nor_left_in_a_field(counter: Counter) -> None:
    page = counter.till()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/scan") else None)
    page.keyboard.press("F2")
    wedge(page, "WATCH-00", None)
    assert "Half a scan came in: scan again" in answer(page, "soft")
    expect(page.locator("#typed")).to_have_value("")
    assert asked == []


def test_a_scan_that_lost_its_head_is_not_taken_for_another(counter: Counter) -> None:
    page = counter.till()
    scan(page, "SHOE-0001")
    choose(page, "1")
    by_hand(page, "700000")
    wedge(page, "01")
    assert "Half a scan" in answer(page, "soft")
    expect(page.locator("#amount")).to_have_value("700.000")
    assert counter.shop.count("sale") == 0


def test_scans_faster_than_the_server_wait_for_their_turn(counter: Counter) -> None:
    page = counter.till()
    answer_late(page, "**/till/scan", 150)
    for serial in SERIALS:
        wedge(page, serial)
    expect(page.locator("#cart tr[data-line]")).to_have_count(3)
    assert lines(page) == NAMES


def test_a_scanner_that_ends_with_a_tab_is_understood(counter: Counter) -> None:
    page = counter.till()
    wedge(page, "SHOE-0001", TAB)
    expect(page.locator("#cart tr[data-line]")).to_have_count(1)


def test_f2_opens_a_box_for_a_serial_that_no_scanner_reads(counter: Counter) -> None:
    page = counter.till()
    page.keyboard.press("F2")
    by_hand(page, "watch-0001", ENTER)
    expect(page.locator("#cart tr[data-line]")).to_have_count(1)
    expect(page.locator("#typed")).to_have_value("")


def test_goods_without_serials_are_counted(counter: Counter) -> None:
    page = counter.till()
    scan(page, "BAG")
    scan(page, "BAG")
    assert "2 \u00d7 Rp2.000" in answer(page, "good")
    page.locator("[data-more]").click()
    expect(page.locator("#cart .count")).to_have_text("3")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("-")
    expect(page.locator("#cart .count")).to_have_text("2")
    expect(page.locator("#total")).to_have_text("Rp4.000")


def test_a_line_is_taken_out_by_keys_or_by_touch(counter: Counter) -> None:
    page = counter.till()
    for serial in SERIALS:
        scan(page, serial)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Delete")
    expect(page.locator("#cart tr[data-line]")).to_have_count(2)
    assert lines(page) == ["Ketel Uap", "Sepatu Jelajah"]
    page.get_by_role("button", name="Take out: Ketel Uap").click()
    expect(page.locator("#total")).to_have_text("Rp689.000")
    assert counter.shop.count("item", "cart IS NOT NULL") == 1


def light_is_off(page: Page, name: str) -> bool:
    return "off" in (page.locator(f"#light-{name}").get_attribute("class") or "")


def test_an_attached_scanner_reaches_the_page_and_its_light_shows_how_it_is(
    shop: Shop, start_till: Callable[..., Counter], scanner: Cable
) -> None:
    page = start_till(shop, scanner.path).till()
    expect(page.locator("#light-scanner:not(.off)")).to_be_visible()
    for serial in SERIALS:
        scanner.send(f"{serial}\r".encode())
    expect(page.locator("#cart tr[data-line]")).to_have_count(3)
    assert lines(page) == NAMES
    scanner.unplug()
    expect(page.locator("#light-scanner.off")).to_be_visible()
    assert not light_is_off(page, "database")


@pytest.fixture
def camera() -> Iterator[PictureServer]:
    """Mount a network camera over the counter."""
    camera = PictureServer()
    yield camera
    camera.unplug()


def test_a_camera_at_the_till_sells_what_is_held_before_it(
    shop: Shop, start_till: Callable[..., Counter], camera: PictureServer
) -> None:
    settings = f'[[till.scanner]]\nname = "eye"\nkind = "camera"\nsource = "{camera.url}"\n'
    page = start_till(shop, more=settings).till()
    expect(page.locator("#light-scanner:not(.off)")).to_be_visible(timeout=SLOW_MS)
    for serial, name in (("SHOE-0001", "Sepatu Jelajah"), ("WATCH-0001", "Jam Senja")):
        newest = page.locator("#cart tr[data-line] .name").filter(has_text=name)

        def is_sold(serial: str = serial, newest: Locator = newest) -> bool:
            if camera.is_empty:  # it is held up again until it was seen: a busy machine looks at few pictures a second
                camera.show(serial.encode())
            page.wait_for_timeout(100)
            return newest.count() == 1

        wait_until(is_sold, f"{name} is in the cart", SLOW_MS / 1000)
    camera.unplug()
    expect(page.locator("#light-scanner.off")).to_be_visible(timeout=SLOW_MS)


def test_the_window_that_opened_last_has_the_attached_scanner(
    shop: Shop, start_till: Callable[..., Counter], scanner: Cable
) -> None:
    counter = start_till(shop, scanner.path)
    first, second = counter.till(), counter.till()
    expect(first.locator("#light-scanner.off")).to_have_text("Scanner: another window")
    scanner.send(b"SHOE-0001\r")
    expect(second.locator("#cart tr[data-line]")).to_have_count(1)
    assert lines(first) == []


def test_a_stream_that_was_refused_is_asked_for_again(
    shop: Shop, start_till: Callable[..., Counter], scanner: Cable
) -> None:
    counter = start_till(shop, scanner.path)
    page = counter.sign_in("Sari", tolerated="status 503")
    page.route("**/till/scans", lambda route: route.fulfill(status=503), times=1)
    page.reload()
    expect(page.locator("#light-scanner.off")).to_be_visible()
    expect(page.locator("#light-scanner:not(.off)")).to_be_visible()
    scanner.send(b"SHOE-0001\r")
    expect(page.locator("#cart tr[data-line]")).to_have_count(1)
