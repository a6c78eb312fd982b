"""A gate's policy in the office: leaders choose each row, and can leave it to the settings again."""

import pytest
from flask.testing import FlaskClient

from shared import gate_rules
from shared.gate_policy import ROWS
from shared.roles import LEADERS, PEOPLE, Role
from tests.pos.pages.conftest import SignIn
from tests.pos.pages.test_rubbish import VALUES
from tests.shop import Shop

ENGLISH = {"Accept-Language": "en"}
PAGE = "/office/gates/gate-1/policy"


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """Let a gate introduce itself, whose settings say one thing."""
    shop.in_office(lambda turn: gate_rules.introduce(turn, "gate-1", armed=False, policy={"unknown": "check"}))
    return shop


@pytest.fixture
def manager(sign_in: SignIn) -> FlaskClient:
    """Sign a manager in."""
    return sign_in(Role.MANAGER)


def choose(client: FlaskClient, row: str, outcome: str, page: str = PAGE) -> int:
    return client.post(page, data={"row": row, "outcome": outcome}).status_code


@pytest.mark.parametrize("role", sorted(PEOPLE))
def test_leaders_alone_read_and_change_it(shop: Shop, sign_in: SignIn, role: Role) -> None:
    client, may = sign_in(role), role in LEADERS
    assert client.get(PAGE).status_code == (200 if may else 403)
    assert choose(client, "again", "check") == (303 if may else 403)
    assert shop.count("gate_rule", "row = 'again' AND chosen = 'check'") == may
    assert ("What it does" in client.get("/office/alarms", headers=ENGLISH).text) == may


@pytest.mark.parametrize(("row", "outcome"), [(row, outcome) for row, may in ROWS.items() for outcome in may])
def test_each_row_may_do_what_the_settings_may_say(shop: Shop, manager: FlaskClient, row: str, outcome: str) -> None:
    assert choose(manager, row, outcome) == 303
    assert shop.count("gate_rule", f"row = '{row}' AND chosen = '{outcome}' AND chosen_by <> ''") == 1
    assert not shop.broken()


def test_each_row_tells_where_it_comes_from(manager: FlaskClient) -> None:
    page = manager.get(PAGE, headers=ENGLISH).text
    assert page.count(">The gate's settings<") == 1
    assert "As in the settings (Ask to look)" in page
    choose(manager, "unknown", "ignore")
    page = manager.get(PAGE, headers=ENGLISH).text
    assert '<td class="quiet">A manager</td>' in page
    choose(manager, "unknown", "")
    assert '<td class="quiet">A manager</td>' not in manager.get(PAGE, headers=ENGLISH).text


@pytest.mark.parametrize(
    ("row", "outcome"), [("paid", "alarm"), ("unknown", "alarm"), ("unpaid", "ignore"), ("", ""), ("unknown", "Pass")]
)
def test_what_no_row_may_do_is_refused(shop: Shop, manager: FlaskClient, row: str, outcome: str) -> None:
    assert choose(manager, row, outcome) == 400
    assert shop.count("gate_rule", "chosen <> ''") == 0


def test_rubbish_is_no_fault(manager: FlaskClient) -> None:
    for value in VALUES:
        text = str(value).encode("utf-8", "replace").decode()
        assert choose(manager, text, "check") == choose(manager, "unknown", f"{text}?") == 400


@pytest.mark.parametrize("gate", ["gate-9", "%00"])
def test_a_gate_that_is_not_there_has_no_policy(manager: FlaskClient, gate: str) -> None:
    page = PAGE.replace("gate-1", gate)
    assert manager.get(page).status_code == 404
    assert choose(manager, "unknown", "check", page) == 404
