"""Who may open what, and what every answer carries."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shared.backup import back_up
from shared.restore import restore
from shared.roles import LEADERS, PEOPLE, SELLERS, Role
from shared.walk_label import walk_label
from tests.pos.pages.conftest import PIN, SignIn
from tests.pos.test_labels import read
from tests.shop import Shop

WATCHERS = LEADERS | {Role.SECURITY}


@pytest.mark.parametrize("role", sorted(PEOPLE))
@pytest.mark.parametrize(
    ("path", "allowed"), [("/till", SELLERS), ("/till/cart", SELLERS), ("/office/alarms", WATCHERS)]
)
def test_each_page_opens_for_its_roles_only(sign_in: SignIn, role: Role, path: str, allowed: frozenset[Role]) -> None:
    assert sign_in(role).get(path).status_code == (200 if role in allowed else 403)


@pytest.mark.parametrize("role", sorted(PEOPLE))
def test_only_a_leader_arms_a_gate(shop: Shop, sign_in: SignIn, role: Role) -> None:
    shop.alter("INSERT INTO gate (name, armed, armed_by, version) VALUES ('gate-1', false, '', 1)")
    answer = sign_in(role).post("/office/gates/gate-1/arm")
    assert answer.status_code == (303 if role in LEADERS else 403)
    assert shop.count("gate", "armed") == (role in LEADERS)


def test_arming_an_armed_gate_again_writes_nothing(shop: Shop, sign_in: SignIn) -> None:
    shop.alter("INSERT INTO gate (name, armed, armed_by, version) VALUES ('gate-1', true, 'settings', 4)")
    assert sign_in(Role.ADMIN).post("/office/gates/gate-1/arm").status_code == 303
    assert shop.count("gate", "version = 4 AND armed_by = 'settings'") == 1


def test_the_test_label_of_a_gate_is_read_as_what_the_gate_waits_for(shop: Shop, sign_in: SignIn) -> None:
    shop.alter("INSERT INTO gate (name, armed, armed_by, version) VALUES ('gate-1', false, '', 1)")
    answer = sign_in(Role.SECURITY).get("/office/gates/gate-1/walk-label.pdf")
    label = walk_label("gate-1")
    assert read(answer.data) == [{f"Code128 {label}", f"QRCode {label}"}]
    assert sign_in(Role.SECURITY).get("/office/gates/nowhere/walk-label.pdf").status_code == 404


@pytest.mark.parametrize("role", sorted(PEOPLE))
def test_the_start_leads_everybody_somewhere(sign_in: SignIn, role: Role) -> None:
    assert sign_in(role).get("/", follow_redirects=True).status_code == 200


def test_nobody_is_sent_to_the_door_and_a_script_is_told(app: Flask) -> None:
    assert app.test_client().get("/till").headers["Location"] == "/sign-in"
    refused = app.test_client().post("/till/scan", json={"text": "SHOE-0001"})
    assert (refused.status_code, refused.json) == (401, {"sign_in": "/sign-in"})


def test_a_person_who_left_the_staff_is_out_at_once(shop: Shop, cashier: FlaskClient) -> None:
    shop.alter("UPDATE staff SET active = false")
    assert cashier.get("/till").status_code == 303


def test_a_forged_cookie_opens_nothing(app: Flask) -> None:
    client = app.test_client()
    client.set_cookie("lunas_till", "InN0YWZmOjEi.aSF3Vg.forged")
    assert client.get("/till").status_code == 303


def test_the_cookie_is_kept_from_scripts_and_other_sites(app: Flask) -> None:
    answer = app.test_client().post("/sign-in", data={"who": "staff:1", "pin": PIN})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("lunas_till=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
    ],
)
def test_another_site_cannot_act_for_a_person(cashier: FlaskClient, shop: Shop, headers: dict[str, str]) -> None:
    assert cashier.post("/till/scan", json={"text": "SHOE-0001"}, headers=headers).status_code == 403
    assert shop.count("item", "cart IS NOT NULL") == 0


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {}])
def test_the_tills_own_page_may_act(cashier: FlaskClient, headers: dict[str, str]) -> None:
    assert cashier.post("/till/scan", json={"text": "SHOE-0001"}, headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/sign-in", "/till", "/nowhere", "/look/lunas.css", "/api/v1/items", "/healthz"])
def test_every_answer_shuts_out_foreign_scripts_and_frames(cashier: FlaskClient, path: str) -> None:
    with cashier.get(path) as answer:
        headers = answer.headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_pages_are_not_kept_and_files_are(cashier: FlaskClient) -> None:
    def kept(path: str) -> str:
        with cashier.get(path) as answer:
            return answer.headers["Cache-Control"]

    assert kept("/till") == "no-store"
    assert kept("/look/lunas.css") == "no-cache"
    assert "immutable" in kept("/look/lunas.css?v=1")


def test_no_page_holds_a_script_or_a_style_of_its_own(cashier: FlaskClient, sign_in: SignIn) -> None:
    for client, path in [(cashier, "/till"), (cashier, "/sign-in"), (sign_in(Role.ADMIN), "/office/alarms")]:
        html = client.get(path).text
        assert "style=" not in html
        assert " onclick" not in html
        assert "<script>" not in html


@pytest.mark.parametrize(
    ("accepts", "chosen", "heading"),
    [
        ("id-ID,en;q=0.5", "", "Siapa Anda?"),
        ("en-GB", "", "Who are you?"),
        ("en-GB", "?lang=id", "Siapa Anda?"),
        ("fr", "", "Siapa Anda?"),
        ("fr", "?lang=klingon", "Siapa Anda?"),
    ],
)
def test_the_person_then_the_browser_then_the_shop_choose_the_language(
    app: Flask, accepts: str, chosen: str, heading: str
) -> None:
    page = app.test_client().get(f"/sign-in{chosen}", headers={"Accept-Language": accepts})
    assert heading in page.text


def test_after_a_restore_everybody_signs_in_again(shop: Shop, cashier: FlaskClient, tmp_path: Path) -> None:
    back_up(shop.database, tmp_path / "one.backup")
    assert cashier.get("/till").status_code == 200
    restore(shop.url, tmp_path / "one.backup", tmp_path / "aside.backup")
    assert cashier.get("/till").status_code == 303


def test_the_next_person_reads_the_language_of_their_own(sign_in: SignIn, app: Flask) -> None:
    assert 'lang="en"' in sign_in(Role.CASHIER).get("/till?lang=en").text
    till = app.test_client()
    for role, language in ((Role.CASHIER, "en"), (Role.MANAGER, "id"), (Role.CASHIER, "en")):
        who = f"staff:{sorted(PEOPLE).index(role) + 1}"
        assert till.post("/sign-in", data={"who": who, "pin": PIN}).status_code == 303
        assert f'lang="{language}"' in till.get("/till").text
        till.post("/sign-out")
        assert 'lang="id"' in till.get("/sign-in").text


def test_a_browser_keeps_how_it_shows_the_pages(cashier: FlaskClient) -> None:
    assert "data-theme" not in cashier.get("/till").text
    assert 'data-theme="dark" data-text="large"' in cashier.get("/till?theme=dark&text=large").text
    assert 'data-theme="dark" data-text="large"' in cashier.get("/till").text
    assert 'data-theme="dark">' in cashier.get("/till?text=normal&theme=purple").text
    assert "data-theme" not in cashier.get("/till?theme=system").text
