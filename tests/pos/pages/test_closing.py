"""After-closing mode in the office: security and leaders put it on and off."""

import pytest

from shared import gate_rules
from shared.closing_choices import CHOICES, FOREVER
from shared.gate_rules import Closed
from shared.roles import PEOPLE, WATCHERS, Role
from tests.pos.pages.conftest import SignIn
from tests.shop import Shop

ENGLISH = {"Accept-Language": "en"}
PAGE = "/office/gates/gate-1/closing"


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """Let a gate introduce itself."""
    shop.in_office(lambda turn: gate_rules.introduce(turn, "gate-1", armed=True, policy={}))
    return shop


@pytest.mark.parametrize("role", sorted(PEOPLE))
def test_whoever_watches_puts_it_on_and_off(shop: Shop, sign_in: SignIn, role: Role) -> None:
    client, may = sign_in(role), role in WATCHERS
    assert client.get(PAGE).status_code == (200 if may else 403)
    assert client.post(PAGE, data={"hours": "open"}).status_code == (303 if may else 403)
    assert shop.count("gate", f"closed_until = {FOREVER} AND closed_by LIKE 'staff:_'") == may
    assert ("until somebody ends it" in client.get("/office/alarms", headers=ENGLISH).text) == may
    assert client.post(PAGE, data={"hours": "off"}).status_code == (303 if may else 403)
    assert shop.count("gate", "closed_until = 0") == may
    assert "until somebody ends it" not in client.get("/office/alarms", headers=ENGLISH).text


def test_it_can_be_ended_though_the_gates_clock_is_ahead(shop: Shop, sign_in: SignIn) -> None:
    ahead = 4_000_000_000_000_000
    shop.in_office(lambda turn: gate_rules.close(turn, "gate-1", Closed(FOREVER, ahead), "staff:1"))
    assert sign_in(Role.MANAGER).post(PAGE, data={"hours": "off"}).status_code == 303
    assert shop.count("gate", "closed_until = 0") == 1
    assert not shop.broken()


@pytest.mark.parametrize("hours", CHOICES)
def test_each_choice_is_taken_and_told(shop: Shop, sign_in: SignIn, hours: str) -> None:
    client = sign_in(Role.SECURITY)
    assert client.post(PAGE, data={"hours": hours}).status_code == 303
    assert ("After closing</span>" in client.get("/office/alarms", headers=ENGLISH).text) == (hours != "off")
    assert not shop.broken()


@pytest.mark.parametrize("hours", ["", "2", "-1", "\x00", "forever"])
def test_anything_else_is_refused(shop: Shop, sign_in: SignIn, hours: str) -> None:
    assert sign_in(Role.MANAGER).post(PAGE, data={"hours": hours}).status_code == 400
    assert shop.count("gate", "closed_at IS NOT NULL") == 0


@pytest.mark.parametrize("gate", ["gate-9", "%00"])
def test_a_gate_that_is_not_there_has_no_mode(sign_in: SignIn, gate: str) -> None:
    client, page = sign_in(Role.MANAGER), PAGE.replace("gate-1", gate)
    assert client.get(page).status_code == 404
    assert client.post(page, data={"hours": "open"}).status_code == 404
