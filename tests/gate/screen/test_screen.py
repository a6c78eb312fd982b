"""The security staff's screen in a real browser, fed over the daemon's line."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.gate.screen.watched import SERIAL, Watched, alarmed, incident, passage, receipt, status, well
from tests.servers.chromium import PageOpener
from tests.servers.program import health
from tests.servers.waiting import wait_until

pytestmark = pytest.mark.browser


@pytest.fixture
def watched(free_port: Callable[[], int]) -> Iterator[Watched]:
    """A screen that shows a quiet gate."""
    with Watched(free_port()) as running:
        yield running


@pytest.fixture
def screen(watched: Watched, open_page: PageOpener) -> Page:
    """The screen's page, open."""
    page = open_page(locale="en-GB")
    page.goto(watched.url)
    return page


def is_in(page: Page, state: str, word: str) -> None:
    """Expect this state, and what fills the screen."""
    expect(page.locator("body")).to_have_attribute("data-state", state)
    expect(page.locator("#word")).to_have_text(word)


def lines(page: Page) -> list[str]:
    return page.locator("#lines li").all_inner_texts()


def gone_database() -> dict[str, Any]:
    health = well() | {"status": "degraded", "database": {"state": "gone", "why": "connection refused"}}
    return health | {"replica": {"state": "ok", "age": 260.0, "items": 7}}


def test_a_quiet_gate_is_watching_and_never_safe(screen: Page) -> None:
    is_in(screen, "watching", "Watching")
    assert lines(screen) == ["212 items passed today, 1 alarm"]
    assert "safe" not in screen.inner_text("body").lower()


def test_labels_of_others_are_counted_where_the_devices_speak(watched: Watched, screen: Page) -> None:
    expect(screen.locator("#details")).to_be_hidden()
    watched.show(lambda: status(today={"pass": 212, "check": 0, "alarm": 1, "ignore": 9, "others": 9}))
    expect(screen.locator("#details li")).to_have_text(["9 labels of others today"])


def test_the_first_state_is_there_without_a_script(watched: Watched, open_page: PageOpener) -> None:
    watched.show(lambda: status(alarm=incident(alarmed())))
    page = open_page()
    page.route("**/*.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    wait_until(lambda: bool(page.goto(watched.url)) and "not paid" in page.inner_text("#about"), "the alarm is drawn")
    is_in(page, "alarm", "Watch")


def test_an_alarm_says_first_what_to_say_then_what_it_is(watched: Watched, screen: Page) -> None:
    watched.show(lambda: status(alarm=incident(alarmed())))
    is_in(screen, "alarm", "Watch")
    expect(screen.locator("#first")).to_have_text("Greet kindly. It may have been missed at the till.")
    expect(screen.locator("#about")).to_have_text("not paid")
    assert lines(screen) == [f"Rp1.250.000, serial ends in {SERIAL[-3:]}", "Last in the cart of till-2, 4 minutes ago"]
    expect(screen.locator("#words")).to_have_attribute("role", "alert")
    expect(screen.locator("#ends")).to_have_text("Siren: 8 seconds more")


def test_several_items_are_one_incident_with_its_total(watched: Watched, screen: Page) -> None:
    watched.show(lambda: status(alarm=incident(alarmed(name="Drill", till=""), alarmed(), count=4)))
    is_in(screen, "alarm", "Drill")
    assert lines(screen)[1:] == ["Also: Watch, 2 more", "4 items, Rp5.000.000 in all"]


def test_what_nobody_confirmed_asks_for_the_receipt_and_accuses_nobody(watched: Watched, screen: Page) -> None:
    watched.show(lambda: status(alarm=incident(alarmed("unconfirmed")), health=gone_database()))
    is_in(screen, "alarm", "Watch")
    expect(screen.locator("body")).to_have_attribute("data-tone", "look")
    expect(screen.locator("#first")).to_have_text("Greet kindly, and please ask to see the receipt.")


@pytest.mark.parametrize("how", ["space", "button", "touch"])
def test_anyone_may_silence(watched: Watched, screen: Page, how: str) -> None:
    watched.show(lambda: status(alarm=incident(alarmed())))
    is_in(screen, "alarm", "Watch")
    if how == "space":
        screen.keyboard.press("Space")
    else:
        screen.click("#act" if how == "button" else "#state")
    wait_until(lambda: watched.pressed == [{"do": "silence"}], "the daemon hears it once")


def test_anyone_may_try_the_outputs(watched: Watched, screen: Page) -> None:
    screen.click("#test")
    wait_until(lambda: watched.pressed == [{"do": "test"}], "the daemon hears it")


def test_no_other_site_may_silence(watched: Watched, screen: Page) -> None:
    answer = screen.request.post(f"{watched.url}silence", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status == 403
    assert watched.pressed == []


@pytest.mark.parametrize(
    ("part", "why", "told"),
    [
        ("relay", {"relay": {"state": "lost", "why": "no such port"}}, "The siren's relay does not answer"),
        ("journal", {"journal": {"state": "failed", "why": "disk full"}}, "The journal cannot be written"),
        ("replica", {"replica": {"state": "empty", "age": None, "items": 0}}, "The list of items is still empty"),
        ("scanners", {"scanners": {"left": {"state": "lost"}}}, "No scanner answers"),
    ],
)
def test_a_gate_that_does_not_watch_says_so_and_why(
    watched: Watched, screen: Page, part: str, why: dict[str, Any], told: str
) -> None:
    watched.show(lambda: status(health=well() | {"status": "down", "down": [part]} | why))
    is_in(screen, "blind", "Not watching")
    assert lines(screen)[0].startswith(told)


def test_an_output_and_a_button_that_are_lost_while_the_rest_works_are_told(watched: Watched, screen: Page) -> None:
    outputs = {
        "chime": {"state": "ok", "role": "chime", "on": False},
        "lamp": {"state": "lost", "role": "lamp", "on": False, "why": "no such port"},
    }
    button = {"state": "lost", "why": "nothing is plugged in there"}
    watched.show(lambda: status(health=well() | {"status": "degraded", "outputs": outputs, "button": button}))
    expect(screen.locator("#lights .off")).to_have_text(["Output lamp", "Button"])
    assert "Output lamp does not answer; the others work." in lines(screen)
    assert "The button does not answer: silence an alarm on a screen until it does." in lines(screen)


def test_a_daemon_that_falls_silent_is_told(watched: Watched, screen: Page) -> None:
    is_in(screen, "watching", "Watching")
    watched.show(None)
    is_in(screen, "blind", "Not watching")
    assert lines(screen) == ["The gate's program says nothing. Look after its machine."]
    assert health(watched.address)[0] == 503
    watched.show(status)
    is_in(screen, "watching", "Watching")


def test_a_page_that_hears_nothing_more_says_so_itself(watched: Watched, open_page: PageOpener) -> None:
    page = open_page(tolerated="no answer|ERR_")
    page.goto(watched.url)
    is_in(page, "watching", "Watching")
    watched.process.kill()
    is_in(page, "blind", "Not watching")
    assert lines(page) == ["This page hears nothing from the gate. Look after its machine and the network."]


def test_trial_is_no_alarm_and_no_sound(watched: Watched, screen: Page) -> None:
    watched.show(lambda: status(armed=False, alarm=incident(alarmed(), trial=True, sounding=False)))
    is_in(screen, "trial", "Trial")
    assert lines(screen)[-1] == "Would be an alarm: Watch, not paid"
    assert screen.locator("body").get_attribute("data-chimed") is None


def test_an_alarm_chimes_once_for_each_item_and_again_while_it_sounds(watched: Watched, screen: Page) -> None:
    watched.show(lambda: status(alarm=incident(alarmed(), sounding=False)))
    expect(screen.locator("body")).to_have_attribute("data-chimed", "1")
    watched.show(lambda: status(alarm=incident(alarmed(), alarmed())))
    expect(screen.locator("body")).to_have_attribute("data-chimed", "3")


def test_a_quiet_alarm_fills_the_screen_and_makes_no_sound(watched: Watched, screen: Page) -> None:
    watched.show(lambda: status(alarm=incident(alarmed(), sounding=False) | {"quiet": True}))
    is_in(screen, "alarm", "Watch")
    expect(screen.locator("#ends")).to_have_text("Quiet alarm: nothing is heard here")
    assert screen.locator("body").get_attribute("data-chimed") is None


def test_a_gone_database_is_a_quiet_light_and_its_age(watched: Watched, screen: Page) -> None:
    watched.show(lambda: status(health=gone_database()))
    expect(screen.locator("#lights .off")).to_have_text("Database")
    is_in(screen, "watching", "Watching")
    assert lines(screen)[1].endswith("4 minutes ago.")


def test_something_that_wants_a_look_fills_the_screen_for_a_while(watched: Watched, screen: Page) -> None:
    watched.show(lambda: status(passages=[passage("check", "unregistered", name="")]))
    is_in(screen, "check", "A label of this shop")
    old = passage("check", "damaged", name="") | {"at": 0}
    watched.show(lambda: status(passages=[old]))
    is_in(screen, "watching", "Watching")


def test_the_last_ones_that_passed_are_listed_and_data_is_never_markup(watched: Watched, screen: Page) -> None:
    watched.show(lambda: status(passages=[passage("pass", "paid", "<b>Kettle</b>"), passage("pass", "again")]))
    expect(screen.locator("#passages strong").first).to_have_text("<b>Kettle</b>")
    assert screen.locator("#passages .tag").all_inner_texts() == ["Paid", "Out again"]


def test_it_speaks_indonesian_and_the_clock_is_the_shops(watched: Watched, open_page: PageOpener) -> None:
    page = open_page(locale="id-ID")
    watched.show(lambda: status(alarm=incident(alarmed()), time=1_790_000_000.0))
    page.goto(watched.url)
    is_in(page, "alarm", "Watch")
    expect(page.locator("#first")).to_have_text("Sapa dengan sopan. Mungkin terlewat di kasir.")
    expect(page.locator("#clock")).to_have_text("21.13")
    page.click("[hreflang=en]")
    expect(page.locator("#first")).to_have_text("Greet kindly. It may have been missed at the till.")


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (390, 844)])
@pytest.mark.parametrize("dark", [False, True])
def test_an_alarm_fits_every_screen(
    watched: Watched, open_page: PageOpener, size: tuple[int, int], *, dark: bool, tmp_path: Path
) -> None:
    page = open_page(locale="id-ID", size=size, dark=dark)
    watched.show(lambda: status(alarm=incident(alarmed(), alarmed(name="Tas punggung Rimba 24 L"), count=5)))
    page.goto(watched.url)
    is_in(page, "alarm", "Watch")
    for part in ("#first", "#word", "#lines li:last-child", "#act"):
        expect(page.locator(part)).to_be_in_viewport(ratio=1)
    page.screenshot(path=tmp_path / "alarm.png")


def test_pages_that_went_away_hold_no_thread(watched: Watched) -> None:
    """More pages than the server has threads come and go without a word; the next one is served at once."""
    host, _, port = watched.address.partition(":")
    held = []
    for _ in range(60):
        visitor = socket.create_connection((host, int(port)))
        visitor.sendall(b"GET /events HTTP/1.1\r\nHost: gate\r\n\r\n")
        held.append(visitor)
    assert health(watched.address)[0] == 200
    for visitor in held:
        visitor.close()
    assert health(watched.address)[0] == 200


def test_a_receipt_is_told_large_over_the_alarm_that_it_was_shown_for(watched: Watched, screen: Page) -> None:
    watched.show(lambda: status(alarm=incident(alarmed()), receipt=receipt("not_on_it", "Watch")))
    is_in(screen, "receipt", "Not on the receipt")
    expect(screen.locator("body")).to_have_attribute("data-tone", "look")
    expect(screen.locator(".sign .icon-look")).to_be_visible()
    expect(screen.locator("#about")).to_have_text("till-2-000417")
    expect(screen.locator("#act-word")).to_have_text("Silence the siren")
    assert lines(screen) == ["Watch"]
    watched.show(lambda: status(receipt=receipt("covered")))
    is_in(screen, "receipt", "On the receipt")
    expect(screen.locator("body")).to_have_attribute("data-tone", "calm")
    expect(screen.locator(".sign .icon-good")).to_be_visible()
    shown = receipt("shown_before")
    watched.show(lambda: status(receipt=shown))
    is_in(screen, "receipt", "Shown before")
    watched.show(lambda: status(receipt=shown, alarm=incident(alarmed())))
    is_in(screen, "alarm", "Watch")
    watched.show(lambda: status(receipt=shown | {"at": shown["at"] - 13}))
    is_in(screen, "watching", "Watching")
