"""Saying what an alarm was, at a real gate in a real browser."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from shared import staff
from shared.roles import Role
from tests.browser.test_look import PHONE, SIZES, judge
from tests.gate.running_gate import OFF, ON, RunningGate
from tests.gate.screen.watched import Status, Watched, alarmed, incident, status
from tests.servers.chromium import PageOpener
from tests.servers.program import Program
from tests.servers.waiting import wait_until
from tests.shop import WATCH, Shop

pytestmark = pytest.mark.browser

PIN = "2468"


@pytest.fixture
def shop(sqlite_url: str) -> Iterator[Shop]:
    """A shop with watches and two people at its door."""
    with Shop(sqlite_url) as opened:
        opened.list_products((WATCH, "Watch", "250000"))
        opened.receive(WATCH, "SN-0001", "SN-0002")
        for name, role in (("Rina", Role.SECURITY), ("Sari", Role.MANAGER)):
            opened.in_office(lambda turn, name=name, role=role: staff.add_person(turn, name, role, PIN))  # type: ignore[misc] # any person
        yield opened


@pytest.fixture
def gate(
    shop: Shop, start_program: Callable[..., Program], free_port: Callable[[], int], tmp_path: Path
) -> RunningGate:
    """The shop's gate."""
    running = RunningGate(tmp_path, shop.url, f"127.0.0.1:{free_port()}", start_program)
    running.start()
    return running


@pytest.fixture
def watched(free_port: Callable[[], int]) -> Iterator[Watched]:
    """A screen without a gate behind it."""
    with Watched(free_port()) as running:
        yield running


def alarm(gate: RunningGate, page: Page, serial: str = "SN-0001") -> None:
    gate.scan(serial)
    gate.wait_for_frame(ON)
    expect(page.locator("body")).to_have_attribute("data-state", "alarm")


def row(shop: Shop) -> tuple[str, str, str]:
    with shop.database.reading() as connection:
        found = connection.exec_driver_sql("SELECT fact, note, resolved_by FROM incident").one()
    return tuple(found)


def test_by_keyboard_only_from_the_alarm_to_the_word_in_the_ledger(
    shop: Shop, gate: RunningGate, open_page: PageOpener
) -> None:
    page = open_page(locale="en-GB")
    page.goto(f"http://{gate.address}/")
    alarm(gate, page)
    page.keyboard.press("Space")
    expect(page.locator("body")).to_have_attribute("data-state", "watching")
    page.keyboard.press("Enter")
    page.wait_for_url("**/incidents/*")
    page.get_by_role("radio", name="The item was given back").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("was in the other bag")
    page.get_by_role("radio", name="Rina").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("1357")
    page.keyboard.press("Enter")
    expect(page.locator(".trouble")).to_contain_text("That PIN is not right.")
    expect(page.get_by_role("radio", name="The item was given back")).to_be_checked()
    page.locator("[name=pin]").focus()
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_have_attribute("data-state", "watching")
    expect(page.locator("#say")).to_be_hidden()
    wait_until(lambda: shop.count("incident", "fact <> ''") == 1, "the word is in the ledger")
    assert row(shop) == ("given_back", "was in the other bag", "staff:1")
    assert not shop.broken()


def test_by_touch_on_the_guards_phone(shop: Shop, gate: RunningGate, open_page: PageOpener) -> None:
    page = open_page(locale="id-ID", size=PHONE, touch=True)
    page.goto(f"http://{gate.address}/")
    alarm(gate, page)
    page.get_by_role("button", name="Matikan sirene").tap()
    gate.wait_for_frame(OFF)
    expect(page.locator("body")).to_have_attribute("data-state", "watching")
    page.get_by_role("link", name="Apa yang terjadi?").tap()
    page.get_by_text("Barang dikembalikan").tap()
    page.get_by_text("Rina").tap()
    page.get_by_label("PIN").tap()
    page.keyboard.type(PIN)
    judge(page)
    page.get_by_role("button", name="Catat").tap()
    expect(page.locator("body")).to_have_attribute("data-state", "watching")
    wait_until(lambda: shop.count("incident", "fact = 'given_back'") == 1, "the word is in the ledger")
    assert row(shop) == ("given_back", "", "staff:1")


def test_the_next_alarm_is_not_missed_while_somebody_writes(gate: RunningGate, open_page: PageOpener) -> None:
    page = open_page(locale="id-ID")
    page.goto(f"http://{gate.address}/")
    alarm(gate, page)
    page.locator("#say").click()
    page.wait_for_url("**/incidents/*")
    expect(page.locator("h1")).to_have_text("Apa yang terjadi?")
    page.wait_for_timeout(1000)
    gate.scan("SN-0002")
    expect(page.locator("body")).to_have_attribute("data-state", "alarm")


def one_waits() -> Status:
    found = incident(alarmed())
    waiting = [{**found, "name": "Watch", "at": 1_790_000_000.0}, {**found, "incident": "def", "name": "", "at": 1.0}]
    people = [{"id": "staff:1", "name": "Rina"}, {"id": "staff:2", "name": "Sari"}]
    return status(waiting=waiting, people=people)


@pytest.mark.parametrize(("locale", "dark"), [("id-ID", False), ("en-GB", True)])
@pytest.mark.parametrize("size", SIZES)
def test_it_is_readable_at_every_size(
    watched: Watched, open_page: PageOpener, size: tuple[int, int], dark: bool, locale: str
) -> None:
    watched.show(one_waits)
    page = open_page(locale=locale, size=size, dark=dark, touch=size == PHONE)
    page.goto(watched.url)
    expect(page.locator("#say")).to_be_visible()
    judge(page)
    page.goto(watched.url + "incidents/abc")
    judge(page)


def test_where_nobody_can_sign_it_says_so(watched: Watched, open_page: PageOpener) -> None:
    watched.show(lambda: one_waits() | {"people": []})
    page = open_page(locale="en-GB")
    page.goto(watched.url)
    expect(page.locator("#say")).to_be_visible()
    page.goto(watched.url + "incidents/abc")
    expect(page.locator(".sign-off")).to_contain_text("kept, unsigned")
    expect(page.locator("[name=pin]")).to_have_count(0)


def test_one_that_does_not_wait_is_not_there(watched: Watched, open_page: PageOpener) -> None:
    page = open_page(locale="en-GB")
    answer = page.goto(watched.url + "incidents/nowhere")
    assert answer is not None
    assert answer.status == 404


@pytest.mark.parametrize(
    "form", [{}, {"fact": "theft"}, {"fact": "test", "note": "x" * 400}, {"fact": "\u0000", "person": "'--"}]
)
def test_rubbish_is_refused_and_reaches_no_daemon(
    watched: Watched, open_page: PageOpener, form: dict[str, str | float | bool]
) -> None:
    watched.show(one_waits)
    page = open_page()
    page.goto(watched.url)
    expect(page.locator("#say")).to_be_visible()
    answer = page.request.post(watched.url + "incidents/abc", form=form)
    assert answer.status == 200
    assert 'class="trouble"' in answer.text()
    assert watched.pressed == []
