"""Signing in by keys or by touch; what is wrong is told plainly."""

import pytest
from playwright.sync_api import expect

from tests.browser.counter import PIN, Counter

pytestmark = pytest.mark.browser


def test_each_person_comes_to_the_page_of_the_role(counter: Counter) -> None:
    assert counter.sign_in("Sari").url.endswith("/till")
    assert counter.sign_in("Rina").url.endswith("/office/alarms")
    assert counter.sign_in("Budi").url.endswith("/office/alarms")


def test_the_pin_can_be_touched(counter: Counter) -> None:
    page = counter.open("/sign-in", size=(390, 844), touch=True)
    page.get_by_text("Sari").tap()
    for digit in PIN:
        page.locator(f"[data-digit='{digit}']").tap()
    page.get_by_role("button", name="Sign in").tap()
    page.wait_for_url("**/till")


def test_a_wrong_pin_is_told_and_after_five_the_name_is_locked(counter: Counter) -> None:
    page = counter.open("/sign-in", locale="id-ID")
    for told in ["PIN salah. Coba lagi."] * 4 + ["Nama ini dikunci", "Nama ini dikunci"]:
        page.get_by_role("radio", name="Sari").check(force=True)
        page.locator("#pin").fill("9999")
        page.keyboard.press("Enter")
        expect(page.locator("#trouble")).to_contain_text(told)


def test_signing_out_shuts_the_till(counter: Counter) -> None:
    page = counter.till()
    page.get_by_role("button", name="Sign out").click()
    page.goto(counter.address + "/till")
    assert page.url.endswith("/sign-in")


def test_the_language_is_switched_and_kept(counter: Counter) -> None:
    page = counter.open("/sign-in", locale="en-GB")
    page.get_by_role("link", name="ID").click()
    expect(page.locator("h1")).to_have_text("Siapa Anda?")
    page.goto(counter.address + "/sign-in")
    expect(page.locator("h1")).to_have_text("Siapa Anda?")
    assert page.locator("html").get_attribute("lang") == "id"
