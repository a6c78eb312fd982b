"""The first day's pages, asked without a browser: who may open a shop, and what rubbish gets."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from pos.app import create_app
from pos.first_day.form import currencies, timezones
from pos.first_day.opening import Opening
from pos.office import labels
from pos.till_server import TillServer
from shared import settings, settings_file
from shared.roles import Role
from tests.pos.pages.conftest import SignIn
from tests.pos.pages.test_rubbish import VALUES
from tests.shop import Shop

FORM = {
    "shop": "Toko Senja",
    "language": "en",
    "currency": "IDR",
    "timezone": "Asia/Makassar",
    "person": "Rina",
    "pin": "2468",
    "pin_again": "2468",
}


class EmptyShop:
    """A shop in which nobody works, before its till."""

    def __init__(self, shop: Shop, folder: Path) -> None:
        self.shop = shop
        self.file = folder / "lunas.toml"
        settings_file.begin(self.file)
        chosen = settings.load(self.file)
        self.adopted: list[settings.Settings] = []
        self.server = TillServer(chosen, shop.database, shop.counter, adopt=self.adopted.append)
        self.client = create_app(self.server).test_client()

    def open(self, **changed: str) -> Any:
        """Send the first form."""
        return self.client.post("/first-day/begin", data={**FORM, "code": self.server.opening.code, **changed})


@pytest.fixture
def empty(tmp_path: Path) -> EmptyShop:
    return EmptyShop(Shop(f"sqlite:///{tmp_path / 'empty.db'}"), tmp_path)


def test_an_empty_shop_sends_everybody_to_its_first_page(empty: EmptyShop) -> None:
    assert empty.client.get("/").headers["Location"] == "/sign-in"
    assert empty.client.get("/sign-in").headers["Location"] == "/first-day/begin"
    assert empty.client.get("/first-day").headers["Location"] == "/sign-in"


def test_who_has_the_code_becomes_the_administrator_and_names_the_shop(empty: EmptyShop) -> None:
    answer = empty.open()
    assert (answer.status_code, answer.headers["Location"]) == (303, "/first-day")
    (changed,) = empty.adopted
    assert (changed.shop.name, changed.shop.language, changed.shop.timezone.key) == (
        "Toko Senja",
        "en",
        "Asia/Makassar",
    )
    assert settings.load(empty.file) == changed
    assert empty.client.get("/").headers["Location"] == "/first-day"
    assert empty.open().status_code == 404, "the code works once"
    assert empty.shop.count("staff") == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "0000-0000"),
        ("code", ""),
        ("shop", ""),
        ("shop", "a\x00b"),
        ("language", "xx"),
        ("currency", "RUPIAH"),
        ("timezone", "Mars/Olympus"),
        ("person", " "),
        ("person", "x" * 61),
        ("pin", "12"),
        ("pin", "abcd"),
        ("pin_again", "1357"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_written(
    empty: EmptyShop, field: str, value: str
) -> None:
    before = empty.file.read_text()
    answer = empty.open(**{field: value})
    assert answer.status_code == 422
    assert f'id="{field.removesuffix("_again")}-told"' in answer.text
    assert "2468" not in answer.text
    assert (empty.shop.count("staff"), empty.file.read_text()) == (0, before)


def test_settings_that_cannot_be_written_are_told_and_nobody_is_added(empty: EmptyShop) -> None:
    empty.file.unlink()
    empty.file.mkdir()
    answer = empty.open()
    assert answer.status_code == 422
    assert str(empty.file) in answer.text
    assert empty.shop.count("staff") == 0


def test_a_code_is_admitted_however_it_is_typed() -> None:
    opening = Opening()
    bare = opening.code.replace("-", "")
    for typed in (
        opening.code,
        bare,
        bare.lower(),
        f" {bare[:3]} {bare[3:]} ",
        bare.replace("0", "o").replace("1", "i"),
    ):
        assert opening.admits(typed), typed
    for wrong in ("", bare[:-1], bare + "0", "É" * 8, Opening().code):
        assert not opening.admits(wrong), wrong


def test_the_lists_hold_what_a_shop_would_look_for() -> None:
    assert {"IDR", "MYR", "EUR", "USD"} <= set(currencies())
    assert "DEM" not in currencies()
    assert {"Asia/Jakarta", "Asia/Jayapura", "Europe/Berlin"} <= set(timezones())


@pytest.mark.parametrize("role", [Role.CASHIER, Role.SECURITY, Role.CLERK, Role.SERVICE])
def test_the_guide_is_for_managers(sign_in: SignIn, role: Role) -> None:
    client = sign_in(role)
    assert client.get("/first-day").status_code == 403
    assert client.post("/first-day/units", data={"count": "10"}).status_code == 403


@pytest.fixture
def manager(sign_in: SignIn) -> FlaskClient:
    return sign_in(Role.MANAGER)


@pytest.mark.parametrize("count", ["", "0", "-1", "1001", "9" * 400, "ten", "1.5"])
def test_no_count_receives_what_was_not_meant(manager: FlaskClient, shop: Shop, count: str) -> None:
    assert manager.post("/first-day/units", data={"count": count}).status_code == 400
    assert shop.count("item") == 1


def test_a_price_is_read_as_people_write_it(manager: FlaskClient, shop: Shop) -> None:
    sent = {"code": "JAM", "name": "Jam", "price": "Rp1.250.000"}
    assert manager.post("/first-day/product", data=sent).status_code == 303
    assert shop.count("product", "code = 'JAM' AND price = 1250000") == 1
    refused = manager.post("/first-day/product", data={**sent, "code": "X", "price": "free"})
    assert refused.status_code == 422
    assert shop.count("product", "code = 'X'") == 0


@pytest.fixture
def at_the_gate(manager: FlaskClient, shop: Shop) -> FlaskClient:
    """Bring the manager to the step of the gate: one unit received, its label read back."""
    manager.post("/first-day/units", data={"count": "1"})
    with shop.database.reading() as connection:
        (label,) = labels.in_stock(connection)
    assert manager.post("/first-day/scan", json={"text": label.serial}).get_json()["found"] is True
    return manager


def test_a_gate_is_paired_only_with_devices_that_the_drivers_can_mean(at_the_gate: FlaskClient) -> None:
    for sent in (
        {},
        {"scanner_path": "/dev/x", "relay_kind": "bell"},
        {"scanner": "", "relay_kind": "lcus", "relay": ""},
    ):
        answer = at_the_gate.post("/first-day/gate", data=sent)
        assert answer.status_code == 422, sent
        assert 'role="alert"' in answer.text


def test_where_the_settings_cannot_be_written_the_page_shows_what_to_write(at_the_gate: FlaskClient) -> None:
    answer = at_the_gate.post("/first-day/gate", data={"scanner_path": "/dev/ttyS9", "relay_kind": "virtual"})
    assert answer.status_code == 422
    assert "[[gate.scanner]]" in answer.text


@pytest.mark.parametrize("path", ["/first-day/product", "/first-day/units", "/first-day/gate", "/first-day/people"])
def test_no_value_in_any_form_is_a_fault(manager: FlaskClient, path: str) -> None:
    texts = [value for value in VALUES if isinstance(value, str) and value.isascii()]
    for text in texts:
        sent = dict.fromkeys(
            ("code", "name", "price", "count", "scanner", "relay", "relay_kind", "person", "role"), text
        )
        assert manager.post(path, data=sent).status_code < 500, text


@pytest.mark.parametrize("value", VALUES)
def test_no_scan_is_a_fault(manager: FlaskClient, value: Any) -> None:
    answer = manager.post("/first-day/scan", json={"text": value})
    assert answer.status_code < 500
    assert answer.json is not None
