"""What a manager does with an alarm: find it, look into it, say what it was, see it in the figures."""

import time
from functools import partial
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from shared import incidents
from shared.facts import Fact
from tests.browser.counter import Counter
from tests.browser.test_look import PHONE, judge
from tests.exit_log import DAY, HOUR, MINUTE, NOON, SECOND, ExitLog
from tests.shop import Shop

pytestmark = pytest.mark.browser

NOTE = "The receipt was in the other bag"
SERIALS = ["SHOE-0001", "WATCH-0001", "KETTLE-0001"]
STATES = ["", "?least=much&from=2025-11-22&to=2025-11-21", "?what=test&gate=gate-2"]


def a_month(shop: Shop) -> None:
    """Alarms of a month until now of which most were answered, thefts among them, and a gate on trial."""
    now = time.time_ns() // 1000
    log, trial = ExitLog(shop, "gate-1"), ExitLog(shop, "gate-2", armed=False)
    said = [fact for fact in Fact if fact is not Fact.ON_RECEIPT]  # that is what a gate finds, not a person
    for number, fact in enumerate(said * 3):
        name, at = f"i{number}", now - number * (DAY + HOUR)
        log.raised(name, *SERIALS[number % 3 :], at=at, last_till=f"till-{number % 2 + 1}")
        log.silenced(name, at=at + number**2 * SECOND)
        if number % 4:
            log.told(name, fact, by="staff:3" if number % 3 else "", note=NOTE, at=at + MINUTE)
    shop.in_office(partial(incidents.class_as, incident="i10", theft=True))
    trial.raised("would-be", "SHOE-0001", at=now, state="trial")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_an_alarm_is_found_and_told_by_keyboard_alone(counter: Counter) -> None:
    log = ExitLog(counter.shop)
    log.raised("theirs", "SHOE-0001")
    log.raised("ours", "WATCH-0001", at=NOON + DAY)
    page = counter.sign_in("Rina")
    page.get_by_label("Worth at least").focus()
    page.keyboard.type("1.000.000")
    press(page, "Enter")
    expect(page.locator(".log tbody")).to_have_count(1)
    page.locator(".log a").focus()
    press(page, "Enter")
    page.get_by_label("Paid at the till").focus()
    press(page, "ArrowDown", "ArrowDown")
    page.get_by_label("Note").focus()
    page.keyboard.type(NOTE)
    press(page, "Enter")
    expect(page.locator(".said")).to_contain_text("Was paid: misread")
    expect(page.locator(".said")).to_contain_text("Rina")
    expect(page.locator(".note")).to_have_text(NOTE)
    expect(page.locator(".timeline li")).to_have_count(2)
    assert counter.shop.count("incident", "id = 'ours' AND fact = 'was_paid' AND resolved_by = 'staff:2'") == 1


def test_a_manager_calls_it_a_theft_and_takes_that_back(counter: Counter) -> None:
    ExitLog(counter.shop).raised("one", "SHOE-0001")
    page = counter.sign_in("Rina", "/office/alarms/one")
    page.get_by_role("button", name="This was a theft").click()
    expect(page.locator(".said .tag")).to_have_text("Theft")
    expect(page.locator(".theft")).to_contain_text("Rina calls this a theft.")
    page.get_by_role("button", name="It was no theft").click()
    expect(page.locator(".said .tag")).to_have_text("Not handled")
    expect(page.locator(".timeline")).to_contain_text("No longer called a theft")


def test_the_filter_stays_while_the_log_is_paged(counter: Counter) -> None:
    log, other = ExitLog(counter.shop), ExitLog(counter.shop, "gate-2")
    other.raised("other", "SHOE-0001", at=NOON + DAY)
    for number in range(51):
        log.raised(f"i{number}", "WATCH-0001", at=NOON + number * MINUTE)
    page = counter.sign_in("Budi")
    page.get_by_label("Gate", exact=True).select_option("gate-1")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator(".log tbody")).to_have_count(50)
    page.get_by_role("link", name="Older").click()
    expect(page.locator(".log tbody")).to_have_count(1)
    expect(page.get_by_label("Gate", exact=True)).to_have_value("gate-1")


def test_the_figures_tell_what_was_stopped_and_draw_it_with_a_table_behind(counter: Counter) -> None:
    a_month(counter.shop)
    page = counter.sign_in("Rina", "/office/figures")
    # Of 18 alarms 3 were tests, and of 10 others somebody said what they were.
    assert [" ".join(text.split()) for text in page.locator(".figures .card").all_inner_texts()] == [
        "Alarms 15 0 without an answer",
        "False alarms 50% 5 of 10 that somebody answered for",
        "Answered, median 64 s slowest 4 min",
        "Value stopped Rp6.949.000 lost Rp1.565.000",
        "Sold items seen leaving - nothing was sold by serial",
    ]
    chart = page.locator(".chart-card", has_text="Alarms by hour")
    expect(chart.locator("rect")).to_have_count(24)
    chart.locator("summary").focus()
    press(page, "Enter")
    expect(chart.locator("tbody tr")).to_have_count(24)
    page.get_by_role("link", name="7 days").click()
    expect(page.get_by_role("link", name="7 days")).to_have_attribute("aria-current", "true")


@pytest.mark.parametrize(("locale", "dark"), [("id-ID", False), ("en-GB", True)])
@pytest.mark.parametrize("size", [(1366, 768), PHONE])
def test_the_log_an_incident_and_the_figures_are_readable_at_every_size(
    counter: Counter, size: tuple[int, int], dark: bool, locale: str
) -> None:
    a_month(counter.shop)
    page = counter.sign_in("Rina", size=size, dark=dark, locale=locale, touch=size == PHONE)
    for path in (*(f"/office/alarms{state}" for state in STATES), "/office/alarms/i10", "/office/figures?days=90"):
        page.goto(counter.address + path)
        judge(page)
    for summary in page.locator("summary").all():
        summary.click()
    judge(page)


def test_on_a_phone_nothing_of_an_incident_is_hidden_at_the_side(counter: Counter) -> None:
    ExitLog(counter.shop, "gate-1").raised("i1", *SERIALS)
    page = counter.sign_in("Rina", "/office/alarms/i1", size=PHONE, locale="id-ID", touch=True)
    assert page.locator(".items").evaluate("(table) => table.scrollWidth <= table.parentElement.clientWidth")
    expect(page.locator(".items tfoot td").nth(1)).to_be_in_viewport(ratio=1)


def test_the_log_and_the_figures_print_without_what_cannot_be_pressed(counter: Counter, tmp_path: Path) -> None:
    a_month(counter.shop)
    page = counter.sign_in("Rina", dark=True)
    for path, shown, hidden in [
        ("/office/alarms", "SHOE-0001", "Worth at least"),
        ("/office/figures", "Alarms per day", "90 days"),
        ("/office/alarms/i10", "What happened", "Save"),
    ]:
        page.goto(counter.address + path)
        page.pdf(path=tmp_path / "page.pdf", format="A4")
        with pypdfium2.PdfDocument(tmp_path / "page.pdf") as pdf:
            printed = "".join(sheet.get_textpage().get_text_range() for sheet in pdf)
        assert shown in printed
        assert hidden not in printed
