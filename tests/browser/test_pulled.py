"""Scanner, printer and database are pulled at every step of a sale: it is told, nothing is lost, and it goes on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from hardware.cable import Cable
from tests.browser.counter import GONE, Counter, answer, by_hand, pay_cash, wedge
from tests.hardware.printer_twin import OnNetwork, PrinterTwin
from tests.servers.waiting import wait_until
from tests.shop import Shop

pytestmark = pytest.mark.browser


class Desk:
    """A till with a scanner and a printer of its own, and what of it is pulled."""

    def __init__(self, page: Page, shop: Shop, scanner: Cable, end: OnNetwork) -> None:
        self.page = page
        self._shop, self._scanner, self._end = shop, scanner, end
        file = shop.database.file
        assert file is not None
        hidden = file.with_suffix(GONE)
        self.ways: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
            "scanner": (scanner.unplug, scanner.replug),
            "printer": (end.unplug, end.replug),
            "database": (lambda: file.rename(hidden), lambda: hidden.rename(file)),
        }

    @contextmanager
    def without(self, device: str) -> Iterator[None]:
        """Pull a device, wait until the cashier is told, and put it back."""
        pull, put_back = self.ways[device]
        pull()
        self._wait_for_light(device, is_off=True)
        yield
        put_back()
        self._wait_for_light(device, is_off=False)

    def scan(self, text: str) -> None:
        """Scan with what is left: the scanner on its cable, or one that types."""
        if self._scanner.plugged:
            self._scanner.send(f"{text}\r".encode())
        else:
            wedge(self.page, text)

    def _wait_for_light(self, device: str, *, is_off: bool) -> None:
        light = self.page.locator(f"#light-{device}{'.off' if is_off else ':not(.off)'}")

        def is_so() -> bool:
            self.page.clock.fast_forward(2000)  # the page looks every two seconds
            self.page.wait_for_timeout(50)
            return light.count() == 1

        wait_until(is_so, f"the {device}'s light is {'off' if is_off else 'on'}")


@pytest.fixture
def twin() -> PrinterTwin:
    """Give a printer for 80 mm."""
    return PrinterTwin(48)


@pytest.fixture
def desk(shop: Shop, start_till: Callable[..., Counter], scanner: Cable, twin: PrinterTwin) -> Iterator[Desk]:
    """Open a till with both, and nobody before it."""
    with OnNetwork(twin) as end:
        counter = start_till(shop, scanner.path, printer=end.port)
        page = counter.till(locale="en-GB", tolerated=r"status 50\d")
        page.clock.install()
        yield Desk(page, shop, scanner, end)


def test_a_scanner_may_be_pulled_at_every_step_and_another_one_goes_on(desk: Desk, shop: Shop) -> None:
    page = desk.page
    for step, serial in enumerate(["SHOE-0001", "WATCH-0001"]):
        with desk.without("scanner"):
            desk.scan(serial)
            expect(page.locator("#cart tr[data-line]")).to_have_count(step + 1)
    with desk.without("scanner"):
        page.keyboard.press("F9")
        expect(page.locator("#pay")).to_be_visible()
    with desk.without("scanner"):
        pay_cash(page, "2000000")
        expect(page.locator("#given-back")).to_have_text("Rp61.000")
    desk.scan("KETTLE-0001")
    expect(page.locator("#cart tr[data-line]")).to_have_count(1)
    assert [shop.state(serial) for serial in ("SHOE-0001", "WATCH-0001", "KETTLE-0001")] == ["paid", "paid", "in_stock"]
    assert (shop.count("sale", "at > 0"), shop.broken()) == (1, [])


@pytest.mark.long
def test_a_printer_that_was_pulled_is_told_and_prints_what_waited_once(
    desk: Desk, shop: Shop, twin: PrinterTwin
) -> None:
    page = desk.page
    with desk.without("printer"):
        for step, serial in enumerate(["SHOE-0001", "WATCH-0001"]):
            desk.scan(serial)
            expect(page.locator("#cart tr[data-line]")).to_have_count(step + 1)
        page.keyboard.press("F9")
        expect(page.locator("#pay")).to_be_visible()
    with desk.without("printer"):
        pay_cash(page, "2000000")
        expect(page.locator("#given-back")).to_have_text("Rp61.000")
        expect(page.locator("#printer-told")).to_contain_text("Receipts that wait: 1.")
        desk.scan("KETTLE-0001")
    wait_until(lambda: len(twin.slips) == 1, "the receipt is out, once")
    expect(page.locator("#printer-told")).to_be_hidden()
    assert [shop.state(serial) for serial in ("SHOE-0001", "WATCH-0001", "KETTLE-0001")] == ["paid", "paid", "in_stock"]
    assert (shop.count("sale", "at > 0"), shop.broken()) == (1, [])


def test_a_database_may_be_pulled_at_every_step_and_what_did_not_count_is_told(
    desk: Desk, shop: Shop, twin: PrinterTwin
) -> None:
    page = desk.page
    for step, serial in enumerate(["SHOE-0001", "WATCH-0001"]):
        with desk.without("database"):
            desk.scan(serial)
            assert "Scan again: this scan did not count" in answer(page, "hard")
            page.keyboard.press("F10")
        desk.scan(serial)
        expect(page.locator("#cart tr[data-line]")).to_have_count(step + 1)
    with desk.without("database"):
        page.keyboard.press("F9")
        expect(page.locator("#pay")).to_be_visible()
    with desk.without("database"):
        pay_cash(page, "2000000")
        told = "No answer yet. Sending again; do not take the money twice."
        expect(page.locator("#pay-told")).to_have_text(told)
    expect(page.locator("#given-back")).to_have_text("Rp61.000")
    with desk.without("database"):
        by_hand(page, "p")
        assert "It was not printed" in answer(page, "soft")
    wait_until(lambda: len(twin.slips) == 1, "the receipt is out, once")
    assert twin.kicks == 1
    assert [shop.state(serial) for serial in ("SHOE-0001", "WATCH-0001")] == ["paid", "paid"]
    assert (shop.count("sale", "at > 0"), shop.broken()) == (1, [])
