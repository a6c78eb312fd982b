"""A manager gives an exit permit and decides what a gate does, as on the first morning."""

import re

import pytest
from playwright.sync_api import expect

from shared import gate_rules
from tests.browser.counter import Counter

pytestmark = pytest.mark.browser


def test_a_manager_gives_and_ends_a_permit_and_decides_a_row_of_the_policy(counter: Counter) -> None:
    counter.shop.in_office(lambda turn: gate_rules.introduce(turn, "gate-1", armed=True, policy={}))
    page = counter.sign_in("Rina")
    page.get_by_role("link", name="Exit permits").click()
    page.get_by_role("radio", name="Repair").check(force=True)
    expect(page.get_by_label("Batch", exact=True)).to_be_hidden()
    page.get_by_role("textbox", name="Serial (scan it)").fill("NOBODYS-1")
    page.keyboard.press("Enter")
    expect(page.locator("#serial-told")).to_have_text("No unit has this serial.")
    page.get_by_role("textbox", name="Serial (scan it)").fill("SHOE-0001")
    page.keyboard.press("Enter")
    expect(page.locator(".permits .tag")).to_have_text("Valid")
    page.get_by_role("button", name="End it").click()
    expect(page.locator(".permits .tag")).to_have_text("Ended")

    page.get_by_role("link", name="Alarms", exact=True).click()
    page.get_by_role("link", name="What it does").click()
    row = page.get_by_role("row", name=re.compile("A serial that nobody here knows"))
    row.get_by_role("combobox").select_option("Ask to look")
    row.get_by_role("button", name="Save").click()
    expect(row.locator(".tag")).to_have_text("Ask to look")
    expect(row).to_contain_text("Rina")
    assert not counter.shop.broken()
