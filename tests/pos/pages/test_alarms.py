"""The alarm log's pages and the figures: who may see and say what, and what rubbish gets."""

import time

import pytest
from flask.testing import FlaskClient

from shared.facts import Fact
from shared.roles import LEADERS, PEOPLE, SELLERS, WATCHERS, Role
from tests.exit_log import DAY, NOON, ExitLog
from tests.pos.pages.conftest import SignIn
from tests.pos.pages.test_rubbish import VALUES
from tests.shop import Shop

ENGLISH = {"Accept-Language": "en"}
FIELDS = ["gate", "from", "to", "what", "by", "least", "page"]


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """Let the shop's gate alarm twice, the second time at night."""
    log = ExitLog(shop)
    log.raised("one", "SHOE-0001")
    log.raised("late/night/2", "SHOE-0001", at=NOON + DAY // 2 - 1, state="late")
    return shop


@pytest.fixture
def manager(sign_in: SignIn) -> FlaskClient:
    """Sign a manager in."""
    return sign_in(Role.MANAGER)


@pytest.mark.parametrize("role", sorted(SELLERS))
def test_a_quiet_alarm_stands_on_the_till_and_links_to_the_alarm_log_for_those_who_may_read_it(
    shop: Shop, sign_in: SignIn, role: Role
) -> None:
    ExitLog(shop, "gate-2").raised("quiet", "SHOE-0001", at=time.time_ns() // 1000, quiet=True)
    told = sign_in(role).get("/till/held", headers=ENGLISH).get_json()
    assert told["news"] == ["quiet"]
    assert "Quiet alarm at gate-2: look there" in told["quiet"]
    assert "Shoe · 1 item, worth Rp" in told["quiet"]
    assert ('href="/office/alarms/quiet"' in told["quiet"]) is (role in WATCHERS)


def test_a_quiet_alarm_stands_on_every_page_of_the_office_and_is_tagged_in_the_log(
    shop: Shop, manager: FlaskClient
) -> None:
    place = 'id="quiet-alarms" data-address="/office/quiet-alarms"'
    assert all(place in manager.get(f"/office/{page}").text for page in ("alarms", "figures", "badges"))
    assert manager.get("/office/quiet-alarms").get_json() == {"html": ""}
    ExitLog(shop, "gate-2").raised("quiet", "SHOE-0001", at=time.time_ns() // 1000, quiet=True)
    assert "look there" in manager.get("/office/quiet-alarms", headers=ENGLISH).get_json()["html"]
    assert "Quiet alarm" in manager.get("/office/alarms/quiet", headers=ENGLISH).text
    with manager.get("/office/alarms.csv", headers=ENGLISH) as answer:
        assert "Quiet alarm" in answer.get_data(as_text=True)


def say(client: FlaskClient, incident: str = "one", **form: str) -> int:
    return client.post(f"/office/alarms/{incident}/fact", data=form).status_code


def shown(client: FlaskClient, query: str) -> int:
    """How many incidents a filter leaves."""
    page = client.get(f"/office/alarms?{query}", headers=ENGLISH)
    assert page.status_code == 200
    return page.text.count('href="/office/alarms/')


@pytest.mark.parametrize("role", sorted(PEOPLE))
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/office/alarms/one", WATCHERS),
        ("/office/figures", LEADERS),
        ("/office/alarms.csv", LEADERS),
        ("/office/alarms.xlsx", LEADERS),
    ],
)
def test_each_page_opens_for_its_roles_only(sign_in: SignIn, role: Role, path: str, allowed: frozenset[Role]) -> None:
    with sign_in(role).get(path) as answer:
        assert answer.status_code == (200 if role in allowed else 403)


@pytest.mark.parametrize("role", sorted(PEOPLE))
def test_watchers_say_what_it_was_and_only_leaders_call_it_a_theft(shop: Shop, sign_in: SignIn, role: Role) -> None:
    client = sign_in(role)
    me = f"staff:{sorted(PEOPLE).index(role) + 1}"
    assert say(client, fact="left", note="ran to the left") == (303 if role in WATCHERS else 403)
    saying = f"fact = 'left' AND note = 'ran to the left' AND resolved_by = '{me}'"
    assert shop.count("incident", saying) == (role in WATCHERS)
    for theft, holds in (("yes", "is_theft"), ("no", "NOT is_theft")):
        answer = client.post("/office/alarms/one/theft", data={"theft": theft})
        assert answer.status_code == (303 if role in LEADERS else 403)
        assert shop.count("incident", f"{holds} AND theft_by = '{me}'") == (role in LEADERS)


def test_security_is_not_offered_what_is_the_managers(sign_in: SignIn) -> None:
    guard, leader = sign_in(Role.SECURITY), sign_in(Role.MANAGER)
    for path, word in [("/office/alarms/one", "theft"), ("/office/alarms", "Export"), ("/office/alarms", "Figures")]:
        assert word in leader.get(path, headers=ENGLISH).text
        assert word not in guard.get(path, headers=ENGLISH).text


def test_a_word_is_shown_with_its_note_and_who_said_it(sign_in: SignIn, manager: FlaskClient) -> None:
    say(sign_in(Role.SECURITY), fact="was_paid", note="<b>the other bag</b>")
    page = manager.get("/office/alarms/one", headers=ENGLISH).text
    for text in ("Was paid: misread", "A security", "&lt;b&gt;the other bag", "SHOE-0001"):
        assert text in page


def test_a_word_that_nobody_signed_says_so(shop: Shop, manager: FlaskClient) -> None:
    ExitLog(shop, "gate-2").told("one", Fact.STRAY)
    assert "Nobody signed" in manager.get("/office/alarms/one", headers=ENGLISH).text


def test_an_incident_whose_name_holds_slashes_opens_and_takes_a_word(manager: FlaskClient, shop: Shop) -> None:
    assert manager.get("/office/alarms/late/night/2").status_code == 200
    assert say(manager, "late/night/2", fact="left") == 303
    assert shop.count("incident", "id = 'late/night/2' AND fact = 'left'") == 1


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"fact": ""},
        {"fact": "theft"},
        {"fact": "Left"},
        {"fact": "left", "note": "x" * 151},
        {"fact": "left", "note": "a\x00b"},
        {"fact": "left", "note": "a\x1b[2Jb"},
        {"fact": "left", "note": "\u202egnp.exe"},
    ],
)
def test_a_word_that_means_nothing_is_refused_and_not_kept(
    manager: FlaskClient, shop: Shop, form: dict[str, str]
) -> None:
    assert say(manager, **form) == 400
    assert shop.count("incident") == 0


@pytest.mark.parametrize("theft", ["", "maybe", "\x00"])
def test_a_theft_is_one_or_is_none(manager: FlaskClient, shop: Shop, theft: str) -> None:
    assert manager.post("/office/alarms/one/theft", data={"theft": theft}).status_code == 400
    assert shop.count("incident") == 0


def test_an_incident_that_is_not_there_is_no_page(manager: FlaskClient) -> None:
    assert manager.get("/office/alarms/nowhere").status_code == 404
    assert say(manager, "nowhere", fact="left") == 404
    assert manager.post("/office/alarms/nowhere/theft", data={"theft": "yes"}).status_code == 404
    assert manager.get("/office/alarms.pdf").status_code == 404


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("from=2025-11-22&to=2025-11-22", 2),
        ("from=2025-11-23", 0),
        ("to=2025-11-21", 0),
        ("what=late", 1),
        ("what=open", 2),
        ("gate=gate-1&least=Rp50.000", 2),
        ("least=50001", 0),
    ],
)
def test_the_address_filters_by_the_shops_days_and_money(manager: FlaskClient, query: str, count: int) -> None:
    assert shown(manager, query) == count


@pytest.mark.parametrize("field", FIELDS)
def test_no_value_in_any_field_of_the_filter_is_a_fault(manager: FlaskClient, field: str) -> None:
    for value in VALUES:
        for path in ("/office/alarms", "/office/alarms.csv"):
            with manager.get(path, query_string={field: str(value).encode("utf-8", "replace")}) as answer:
                assert answer.status_code in {200, 303, 404}, (path, value)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("gate=gate-9", "Choose one from the list."),
        ("what=murder", "Choose one from the list."),
        ("by=staff:99", "Choose one from the list."),
        ("from=yesterday", "Choose a day."),
        ("to=9999-12-31", "Choose a day."),
        ("from=2025-11-22&to=2025-11-21", "That is before the first day."),
        ("least=much", "Type an amount, such as 150000."),
        ("least=99999999999999999999", "Type an amount, such as 150000."),
    ],
)
def test_a_wrong_filter_is_told_at_its_field_and_the_others_hold(manager: FlaskClient, query: str, told: str) -> None:
    page = manager.get(f"/office/alarms?{query}&what={'late' if 'what' not in query else 'murder'}", headers=ENGLISH)
    assert told in page.text
    exported = manager.get(f"/office/alarms.csv?{query}")
    assert exported.status_code == 303
    assert told in manager.get(exported.headers["Location"], headers=ENGLISH).text


@pytest.mark.parametrize("days", ["7", "30", "90", "", "31", "-1", "9" * 5000, "\x00", "x"])
def test_any_period_that_is_asked_for_gives_figures(manager: FlaskClient, days: str) -> None:
    assert manager.get("/office/figures", query_string={"days": days}).status_code == 200


def test_figures_of_a_shop_without_a_gate_say_what_to_do(manager: FlaskClient, shop: Shop) -> None:
    shop.alter("DELETE FROM gate")
    assert "lunas gate" in manager.get("/office/figures", headers=ENGLISH).text


@pytest.mark.parametrize("path", ["/office/alarms/one", "/office/figures"])
def test_no_page_holds_a_script_or_a_style_of_its_own(manager: FlaskClient, path: str) -> None:
    html = manager.get(path).text
    assert "style=" not in html
    assert html.count("<script") == html.count('<script type="module" src="/static/')
