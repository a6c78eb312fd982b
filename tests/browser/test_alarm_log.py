"""The alarm log, as the manager reads it in both languages."""

import pytest
from playwright.sync_api import expect

from tests.browser.counter import Counter
from tests.shop import Shop

pytestmark = pytest.mark.browser

MINUTE = 60_000_000
NOON = 1_763_787_600_000_000  # 22 Nov 2025, 12.00 in Jakarta


def raise_alarm(
    shop: Shop, number: int, incident: str, state: str = "open", minute: int = 0, gate: str = "gate-1"
) -> None:
    """Put an alarm where a gate's delivery puts it."""
    shop.alter(
        "INSERT INTO alarm"
        " (id, incident, gate, scanner, at, reason, state, last_till, item_id, serial, product_id, price)"
        f" SELECT 'a{number}', '{incident}', 'gate-1', 'left', {NOON + minute * MINUTE}, 'unpaid', '{state}', 'till-1',"
        " item.id, item.serial, product.id, product.price FROM item JOIN product"
        f" ON product.id = item.product_id ORDER BY item.id LIMIT 1 OFFSET {number % 3}"
    )


def add_gate(shop: Shop, name: str, armed: bool) -> None:
    shop.alter(f"INSERT INTO gate (name, armed, armed_by, version) VALUES ('{name}', {armed}, '', 1)")


def test_the_newest_incident_stands_first_with_its_total_value(counter: Counter) -> None:
    raise_alarm(counter.shop, 0, "early")
    raise_alarm(counter.shop, 1, "pair", minute=5)
    raise_alarm(counter.shop, 2, "pair", minute=5)
    page = counter.sign_in("Rina")
    rows = [" ".join(row.split()) for row in page.locator(".log tbody tr").all_inner_texts()]
    assert rows[0].startswith("22 Nov 2025 12.05 gate-1 2 items Rp1.565.000 Not paid Not handled")
    assert len(rows) == 4
    assert "Sepatu Jelajah SHOE-0001 Rp689.000 Not paid Not handled till-1" in rows[3]


def test_it_speaks_indonesian(counter: Counter) -> None:
    raise_alarm(counter.shop, 0, "one")
    raise_alarm(counter.shop, 1, "two", state="trial")
    raise_alarm(counter.shop, 2, "three", state="late")
    page = counter.sign_in("Budi", locale="id-ID")
    assert sorted(page.locator(".tag").all_inner_texts()) == [
        "Belum ditangani",
        "Ketahuan kemudian",
        "Uji coba, senyap",
    ]
    expect(page.locator("thead")).to_contain_text("Gerbang")


def test_fifty_incidents_are_a_page(counter: Counter) -> None:
    for number in range(52):
        raise_alarm(counter.shop, number, f"i{number}", minute=number)
    page = counter.sign_in("Rina")
    expect(page.locator(".log tbody")).to_have_count(50)
    page.get_by_role("link", name="Older").click()
    expect(page.locator(".log tbody")).to_have_count(2)


def test_an_empty_log_says_what_to_do_next(counter: Counter) -> None:
    page = counter.sign_in("Rina")
    expect(page.locator("main")).to_contain_text("No gate has reported yet")
    add_gate(counter.shop, "gate-1", armed=False)
    page.reload()
    expect(page.locator("main")).to_contain_text("Carry an unpaid item past it")


def test_a_manager_arms_a_gate_after_being_asked(counter: Counter) -> None:
    add_gate(counter.shop, "gate-1", armed=False)
    raise_alarm(counter.shop, 0, "one", state="trial")
    page = counter.sign_in("Rina")
    expect(page.locator(".gate-card")).to_contain_text("1 would-be alarm so far.")
    page.get_by_role("link", name="Arm the gate").click()
    assert counter.shop.count("gate", "armed") == 0
    page.get_by_role("button", name="Arm the gate").click()
    expect(page.locator(".gate-card")).to_contain_text("Armed by Rina.")
    assert counter.shop.count("gate", "armed AND version = 2 AND armed_by = 'staff:2'") == 1
    assert counter.shop.count("event", "kind = 'gate' AND what = 'armed' AND actor = 'staff:2'") == 1
    assert [broken.where for broken in counter.shop.broken()] == ["alarm a0"]  # put there without its entry


def test_security_reads_but_does_not_arm(counter: Counter) -> None:
    add_gate(counter.shop, "gate-1", armed=False)
    page = counter.sign_in("Budi")
    expect(page.locator(".gate-card")).to_contain_text("On trial")
    expect(page.get_by_role("link", name="Arm the gate")).to_have_count(0)
    page.goto(counter.address + "/office/gates/gate-1/arm")
    expect(page.locator("h1")).to_have_text("This is not yours to open")
