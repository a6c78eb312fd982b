"""The JSON API keeps to its own description, and to what other programs rely on."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from werkzeug.test import TestResponse

from pos.app import create_app
from pos.till_server import TillServer
from shared import ledger, schema
from shared import settings as lunas_settings
from shared.ledger import Turn
from shared.roles import Role
from tests.shop import BAG, STORE, WATCH, Shop, new_id
from tests.shops import on_sqlite

DESCRIPTION = json.loads(Path("pos/api/openapi.json").read_text())
PROBLEM = "application/problem+json"


class Api:
    """A program with a token; every answer is held against the description."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, described: str, **query: str) -> TestResponse:
        return self._checked(self.client.get(path, headers=self.headers, query_string=query), "get", described)

    def post(self, body: Any) -> TestResponse:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._checked(self.client.post("/api/v1/sales", data=raw, headers=self.headers), "post", "/api/v1/sales")

    def item(self, serial: str) -> TestResponse:
        return self.get(f"/api/v1/items/{quote(serial, safe='')}", "/api/v1/items/{serial}")

    def by_code(self, code: str) -> TestResponse:
        return self.get("/api/v1/items", "/api/v1/items", code=code)

    def alarms(self, **query: str) -> Any:
        answer = self.get("/api/v1/alarms", "/api/v1/alarms", **query)
        assert answer.status_code == 200
        return answer.get_json()

    @staticmethod
    def _checked(answer: TestResponse, method: str, described: str) -> TestResponse:
        told = DESCRIPTION["paths"][described][method]["responses"][str(answer.status_code)]
        wanted = told["content"][answer.mimetype]["schema"]
        Draft202012Validator({**wanted, "components": DESCRIPTION["components"]}).validate(json.loads(answer.data))
        return answer


@pytest.fixture
def client(shop: Shop, tmp_path: Path) -> FlaskClient:
    chosen = lunas_settings.load(shop.write_settings(tmp_path))
    return create_app(TillServer(chosen, shop.database, shop.counter)).test_client()


@pytest.fixture
def api(shop: Shop, client: FlaskClient) -> Api:
    return Api(client, shop.token(Role.CASHIER))


def order(*serials: str, **more: Any) -> dict[str, Any]:
    lines: list[dict[str, Any]] = [{"serial": serial} for serial in serials]
    total = 150_000 * len(serials)
    return {"id": new_id(), "lines": lines, "payments": [{"method": "cash", "amount": total}], **more}


@on_sqlite
def test_the_description_is_a_right_one_and_open_to_all(client: FlaskClient) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert (answer.status_code, answer.mimetype, answer.get_json()) == (200, "application/json", DESCRIPTION)
    validate(answer.get_json())


@on_sqlite
def test_every_route_is_described(client: FlaskClient) -> None:
    rules = {
        (re.sub(r"<(?:path:)?(\w+)>", r"{\1}", str(rule)), method.lower())
        for rule in client.application.url_map.iter_rules()
        if str(rule).startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {(path, method) for path, ways in DESCRIPTION["paths"].items() for method in ways}
    assert rules | {("/healthz", "get")} == described


@on_sqlite
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "Bearer wrong", "Bearer lunas_x y", "x"])
@pytest.mark.parametrize("path", ["/api/v1/items", "/api/v1/items/A", "/api/v1/alarms"])
def test_without_a_token_nothing_is_told(client: FlaskClient, header: str, path: str) -> None:
    answer = client.get(path, headers={"Authorization": header} if header else {})
    assert (answer.status_code, answer.mimetype) == (401, PROBLEM)
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.get_json(force=True)["reason"] in {"no_token", "unknown_token"}


@pytest.mark.parametrize(
    ("role", "reads", "sells"),
    [
        (Role.CASHIER, True, True),
        (Role.MANAGER, True, True),
        (Role.ADMIN, True, True),
        (Role.SECURITY, True, False),
        (Role.CLERK, True, False),
        (Role.SERVICE, True, False),
        (Role.GATE, False, False),
    ],
)
def test_each_role_may_do_its_own(shop: Shop, client: FlaskClient, role: Role, reads: bool, sells: bool) -> None:
    api = Api(client, shop.token(role))
    assert api.item("WATCH-1").status_code == (200 if reads else 403)
    assert api.post(order("WATCH-1")).status_code == (201 if sells else 403)
    assert shop.state("WATCH-1") == ("paid" if sells else "in_stock")


def test_an_item_is_told_with_its_history(shop: Shop, api: Api) -> None:
    api.post(order("WATCH-1"))
    told = api.item("WATCH-1").get_json()
    assert told | {"history": []} == {
        "serial": "WATCH-1",
        "state": "paid",
        "product": {"code": WATCH, "name": "Arloji"},
        "price": 150_000,
        "tax_class": "general",
        "currency": "IDR",
        "history": [],
    }
    assert [(entry["what"], entry["register"]) for entry in told["history"]] == [
        ("received", "office"),
        ("sold", "till-1"),
    ]


@on_sqlite
@pytest.mark.parametrize("serial", ["A/B/C-1", "A//B", "A/../B1", "A.B_C-1/", "100.5"])
def test_a_serial_may_hold_slashes_and_dots(shop: Shop, api: Api, serial: str) -> None:
    assert shop.receive(WATCH, serial) == []
    assert api.item(serial).get_json()["serial"] == serial
    assert api.by_code(serial).get_json()["serial"] == serial


@on_sqlite
@pytest.mark.parametrize("serial", ["50%", "A+B?", "a=b&c", "%41_x", "\"q'"])
def test_a_serial_may_hold_signs_that_addresses_use(shop: Shop, api: Api, serial: str) -> None:
    label = f"(01)0{WATCH}(21){serial}"
    assert shop.receive(WATCH, label) == []
    assert api.item(label).get_json()["serial"] == serial
    assert api.by_code(label).get_json()["serial"] == serial


@pytest.mark.parametrize(
    "code",
    ["watch-1", " WATCH-1 ", "S/N WATCH-1", f"]d2010{WATCH}21WATCH-1", f"https://x.example/01/0{WATCH}/21/WATCH-1"],
)
def test_an_item_is_found_by_any_form_of_its_label(api: Api, code: str) -> None:
    assert api.by_code(code).get_json()["serial"] == "WATCH-1"
    assert api.item(code).get_json()["serial"] == "WATCH-1"


@pytest.mark.parametrize("serial", ["NOBODY-1", WATCH, "\x00", "\u0441\u0435\u0440", "x" * 3000, "a b c"])
def test_an_unknown_serial_is_404(api: Api, serial: str) -> None:
    assert (api.item(serial).status_code, api.by_code(serial).status_code) == (404, 404)


@on_sqlite
def test_a_code_has_to_be_given(api: Api) -> None:
    assert api.by_code("").status_code == 400


def test_an_ambiguous_serial_lists_its_candidates(shop: Shop, api: Api) -> None:
    shop.list_products(("RING", "Cincin", "1000"))
    shop.receive(WATCH, "12345")
    shop.receive("RING", "12345")
    answer = api.item("12345")
    told = answer.get_json(force=True)
    assert (answer.status_code, told["reason"]) == (409, "ambiguous")
    assert sorted(candidate["product"]["code"] for candidate in told["candidates"]) == [WATCH, "RING"]
    refused = api.post(order("12345"))
    assert (refused.status_code, refused.get_json(force=True)["reason"]) == (409, "ambiguous")
    assert len(refused.get_json(force=True)["candidates"]) == 2
    named = order("12345", lines=[{"serial": "12345", "product": "RING"}])
    assert api.post(named).status_code == 201


def test_a_sale_is_told_by_its_receipt_and_again_by_the_same(shop: Shop, api: Api) -> None:
    wanted = order("WATCH-1", expected_total=151_000)
    wanted["lines"].append({"product": BAG, "quantity": 2})
    wanted["payments"] = [
        {"method": "card", "amount": 100_000, "reference": "EDC 0042"},
        {"method": "cash", "amount": 60_000},
    ]
    first = api.post(wanted)
    assert first.status_code == 201
    assert (first.get_json()["total"], first.get_json()["change"]) == (151_000, 9000)
    again = api.post(json.dumps(dict(reversed(wanted.items())), indent=3).encode())
    assert (again.status_code, again.data) == (200, first.data)
    assert shop.count("sale") == 1


def test_the_same_id_with_other_content_is_409(shop: Shop, api: Api) -> None:
    wanted = order("WATCH-1")
    api.post(wanted)
    for other in (
        wanted | {"lines": [{"serial": "WATCH-2"}]},
        wanted | {"lines": [{"serial": "watch-1"}]},
        wanted | {"expected_total": 150_000},
        wanted | {"payments": [{"method": "cash", "amount": 150_001}]},
    ):
        answer = api.post(other)
        assert (answer.status_code, answer.get_json(force=True)["reason"]) == (409, "other_content")
    assert shop.state("WATCH-2") == "in_stock"


@pytest.mark.parametrize(
    ("change", "status", "reason"),
    [
        ({"lines": [{"serial": "NOBODY-1"}]}, 409, "unknown"),
        ({"lines": [{"serial": WATCH}]}, 409, "product_code"),
        ({"lines": [{"serial": "GONE-1"}]}, 409, "already_paid"),
        ({"lines": [{"serial": "WATCH-1"}, {"serial": "WATCH-1"}]}, 409, "twice"),
        ({"lines": [{"product": WATCH, "quantity": 1}]}, 409, "needs_serial"),
        ({"lines": [{"product": "BOX", "quantity": 1}]}, 409, "unknown"),
        ({"expected_total": 149_999}, 409, "price_changed"),
        ({"expected_total": 149_999, "payments": []}, 409, "price_changed"),
        ({"lines": [{"serial": "NOBODY-1"}], "expected_total": 1, "payments": []}, 409, "unknown"),
        ({"payments": []}, 422, "payment_short"),
        ({"payments": [{"method": "cash", "amount": 1}]}, 422, "payment_short"),
        ({"payments": [{"method": "card", "amount": 150_001}]}, 422, "payment_over"),
    ],
)
def test_a_refused_sale_says_why_and_changes_nothing(
    shop: Shop, api: Api, change: dict[str, Any], status: int, reason: str
) -> None:
    shop.receive(WATCH, "GONE-1")
    shop.sell("GONE-1", cash=150_000)
    before = shop.count("event")
    wanted = order("WATCH-1")
    answer = api.post(wanted | change)
    told = answer.get_json(force=True)
    assert (answer.status_code, answer.mimetype, told["status"], told["reason"]) == (status, PROBLEM, status, reason)
    if status == 409 and reason != "price_changed":
        named = change["lines"][-1]
        assert told.get("serial", told.get("product")) == named.get("serial", named.get("product"))
    assert (shop.count("event"), shop.state("WATCH-1")) == (before, "in_stock")
    assert api.post(wanted).status_code == 201


LINE: dict[str, Any] = {"serial": "WATCH-1"}
CASH: dict[str, Any] = {"method": "cash", "amount": 150_000}


@on_sqlite
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"id": "1"}, "id: expected a UUID"),
        ({"id": 5}, "id: expected a UUID"),
        ({"id": "{0b6f7f0e-6a3c-4e39-9d35-5f0f6f2f6b1d}"}, "id: expected a UUID"),
        ({"lines": []}, "lines: expected a list of 1 to 500"),
        ({"lines": [LINE] * 501}, "lines: expected a list of 1 to 500"),
        ({"lines": "WATCH-1"}, "lines: expected a list"),
        ({"lines": ["WATCH-1"]}, "line 1: expected an object, got"),
        ({"lines": [LINE, {}]}, "line 2: expected the member 'product', it is missing"),
        ({"lines": [{"serial": ""}]}, "line 1 serial: expected 1 to 512 printable ASCII characters"),
        ({"lines": [{"serial": 5}]}, "line 1 serial: expected"),
        ({"lines": [{"serial": "a\u0000"}]}, "line 1 serial: expected"),
        ({"lines": [{"serial": "x" * 513}]}, "line 1 serial: expected"),
        ({"lines": [{"serial": "A", "quantity": 2}]}, "line 1: unknown member 'quantity'; known are discount, "),
        ({"lines": [{"serial": "A", "product": 0}]}, "line 1 product: expected"),
        ({"lines": [{"serial": "A", "product": None}]}, "line 1 product: expected"),
        ({"lines": [{"product": BAG, "quantity": 0}]}, "line 1 quantity: expected a whole number from 1 to 999, got 0"),
        ({"lines": [{"product": BAG, "quantity": 1000}]}, "line 1 quantity: expected a whole number"),
        ({"lines": [{"product": BAG, "quantity": 1.0}]}, "line 1 quantity: expected a whole number"),
        ({"lines": [{"product": BAG, "quantity": True}]}, "line 1 quantity: expected a whole number"),
        ({"lines": [{"product": BAG, "quantity": "2"}]}, "line 1 quantity: expected a whole number"),
        ({"payments": {}}, "payments: expected a list of 0 to 20"),
        ({"payments": [CASH] * 21}, "payments: expected a list of 0 to 20"),
        ({"payments": [5]}, "payment: expected an object, got 5"),
        ({"payments": [{"method": "cash"}]}, "payment: expected the member 'amount', it is missing"),
        (
            {"payments": [CASH | {"method": "gold"}]},
            'payment method: expected one of cash, card, qris, transfer, credit, got "gold"',
        ),
        ({"payments": [CASH | {"method": ["cash"]}]}, "payment method: expected one of"),
        ({"payments": [CASH | {"amount": 0}]}, "payment amount: expected a whole number from 1"),
        ({"payments": [CASH | {"amount": -5}]}, "payment amount: expected a whole number from 1"),
        ({"payments": [CASH | {"amount": 10**16}]}, "payment amount: expected a whole number from 1"),
        ({"payments": [CASH | {"amount": 1.5}]}, "payment amount: expected a whole number from 1"),
        ({"payments": [CASH | {"reference": "x" * 65}]}, "payment reference: expected at most 64 characters"),
        ({"payments": [CASH | {"reference": 0}]}, "payment reference: expected"),
        ({"payments": [CASH | {"reference": []}]}, "payment reference: expected"),
        ({"payments": [CASH | {"tip": 1}]}, "payment: unknown member 'tip'"),
        ({"expected_total": "150000"}, "expected_total: expected a whole number"),
        ({"expected_total": -1}, "expected_total: expected a whole number"),
        ({"tip": 5}, "the sale: unknown member 'tip'; known are discount, expected_total, id, lines, payments"),
        ({"discount": 5}, "discount: expected an object, got 5"),
    ],
)
def test_what_is_no_sale_is_400_and_names_the_member(shop: Shop, api: Api, change: dict[str, Any], why: str) -> None:
    answer = api.post(order("WATCH-1") | change)
    told = answer.get_json(force=True)
    assert (answer.status_code, told["reason"]) == (400, "bad_request")
    assert told["detail"].startswith(why)
    assert shop.count("sale") == 0


@on_sqlite
@pytest.mark.parametrize("missing", ["id", "lines", "payments"])
def test_a_member_that_is_missing_is_named(api: Api, missing: str) -> None:
    wanted = order("WATCH-1")
    del wanted[missing]
    assert (
        api.post(wanted).get_json(force=True)["detail"] == f"the sale: expected the member {missing!r}, it is missing"
    )


@on_sqlite
@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b'"x"', b"{", b"\xff\xfe", b'{"id": NaN}', b'{"id": "\\ud800"}', b"[" * 100_000,
     b'{"id": ' + b"9" * 5000 + b"}"],
)  # fmt: skip
def test_what_is_no_json_object_is_400(api: Api, body: bytes) -> None:
    answer = api.post(body)
    assert (answer.status_code, answer.get_json(force=True)["reason"]) == (400, "bad_json")


@on_sqlite
def test_a_null_expected_total_is_none(api: Api) -> None:
    assert api.post(order("WATCH-1", expected_total=None)).status_code == 201


@on_sqlite
@pytest.mark.parametrize(
    ("reference", "is_card"),
    [
        ("4111111111111111", True),
        ("4111 1111 1111 1111", True),
        ("5500-0000-0000-0004", True),
        ("VISA 4111111111111111", True),
        ("378282246310005", True),
        ("4111111111111112", False),
        ("EDC 004217", False),
        ("123456789012", False),
        ("", False),
    ],
)
def test_a_card_number_is_never_taken(shop: Shop, api: Api, reference: str, is_card: bool) -> None:
    answer = api.post(order("WATCH-1", payments=[{"method": "card", "amount": 150_000, "reference": reference}]))
    if is_card:
        told = answer.get_json(force=True)
        assert (answer.status_code, told["reason"]) == (400, "card_number")
        assert reference not in answer.text
        assert shop.count("sale") == 0
    else:
        assert answer.status_code == 201


@on_sqlite
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["id", "lines", "payments", "serial", "product", "quantity", "method", "amount", "x"]),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_answered_with_a_problem(api: Api, body: Any) -> None:
    assert api.post(json.dumps(body).encode()).status_code == 400


def test_a_silent_database_is_503_and_says_that_nothing_changed(sqlite_url: str, tmp_path: Path) -> None:
    with Shop(sqlite_url) as shop:
        chosen = lunas_settings.load(shop.write_settings(tmp_path))
        server = TillServer(chosen, shop.database, shop.counter)
        api = Api(create_app(server).test_client(), shop.token(Role.CASHIER))
        file = tmp_path / "shop.db"
        file.rename(tmp_path / "away.db")
        for answer in (api.post(order("WATCH-1")), api.item("WATCH-1")):
            assert (answer.status_code, answer.get_json(force=True)["reason"]) == (503, "database_silent")
        assert api.client.get("/healthz").status_code == 503
        (tmp_path / "away.db").rename(file)
        assert api.item("WATCH-1").status_code == 404
        assert api.client.get("/healthz").get_json()["status"] == "ok"


# ---- alarms


@pytest.fixture
def raise_alarms(shop: Shop) -> Callable[..., None]:
    """Give a function that records alarms as a gate does."""

    def record(gate: str, *names: str, at: int = 1) -> None:
        def work(turn: Turn) -> None:
            for name in names:
                row = {"id": name, "incident": f"{gate}/1", "gate": gate, "scanner": "left", "at": at * 1_000_000}
                row |= {"serial": "WATCH-1", "price": 150_000, "reason": "unpaid", "state": "open", "last_till": ""}
                turn.connection.execute(schema.table(schema.Alarm).insert().values(**row))
                turn.record("alarm", name, 1, "raised", "open", {"reason": "unpaid"})
                turn.record("passage", name, 1, "seen", "alarm", {})

        ledger.take_turn(shop.database, STORE, (gate, "gate"), f"gate:{gate}", work)

    return record


def names(page: Any) -> list[str]:
    return [alarm["id"] for alarm in page["alarms"]]


def test_without_a_cursor_the_latest_alarms_come_and_a_cursor_to_ask_on_with(
    api: Api, raise_alarms: Callable[..., None]
) -> None:
    assert api.alarms() == {"alarms": [], "next": ""}
    raise_alarms("gate-1", "a", "b")
    page = api.alarms()
    assert (names(page), page["next"]) == (["a", "b"], "gate-1:4")
    assert page["alarms"][0] == {
        "id": "a", "incident": "gate-1/1", "at": "1970-01-01T00:00:01.000+00:00", "gate": "gate-1", "scanner": "left",
        "serial": "WATCH-1", "product": None, "price": 150_000, "reason": "unpaid", "state": "open",
    }  # fmt: skip
    assert api.alarms(after=page["next"]) == {"alarms": [], "next": page["next"]}


def test_an_alarm_that_another_gate_delivers_late_is_not_missed(api: Api, raise_alarms: Callable[..., None]) -> None:
    raise_alarms("gate-1", "a", at=100)
    raise_alarms("gate-2", "b", at=200)
    first = api.alarms()
    raise_alarms("gate-1", "c", at=300)
    second = api.alarms(after=first["next"])
    raise_alarms("gate-2", "long ago", at=5)
    raise_alarms("gate-3", "new gate", at=4)
    third = api.alarms(after=second["next"])
    assert (names(first), names(second), names(third)) == (["a", "b"], ["c"], ["long ago", "new gate"])
    assert third["next"] == "gate-1:4,gate-2:4,gate-3:2"


def test_many_alarms_come_page_by_page_each_once(api: Api, raise_alarms: Callable[..., None]) -> None:
    for gate, count in (("gate-1", 250), ("gate-2", 150), ("gate-3", 1)):
        raise_alarms(gate, *(f"{gate}-{number:03d}" for number in range(count)))
    pages = [api.alarms(after="")]
    while pages[-1]["alarms"]:
        pages.append(api.alarms(after=pages[-1]["next"]))
    told = [name for page in pages for name in names(page)]
    assert (len(told), len(set(told))) == (401, 401)
    assert [len(page["alarms"]) for page in pages] == [200, 200, 1, 0]
    assert len(api.alarms()["alarms"]) == 200


def test_a_cursor_of_a_past_that_a_restore_undid_misses_nothing(api: Api, raise_alarms: Callable[..., None]) -> None:
    raise_alarms("gate-1", "a", "b")
    assert names(api.alarms(after="gate-1:900")) == ["a", "b"]


@on_sqlite
@pytest.mark.parametrize(
    "cursor", ["x", "gate-1", "gate-1:", "gate-1:x", ":5", "gate-1:5,", "gate 1:5", "g:" + "9" * 16]
)
def test_a_cursor_that_is_none_is_400(api: Api, cursor: str) -> None:
    answer = api.get("/api/v1/alarms", "/api/v1/alarms", after=cursor)
    assert (answer.status_code, answer.get_json(force=True)["reason"]) == (400, "bad_cursor")


@on_sqlite
def test_health_is_as_described(api: Api) -> None:
    told = api.get("/healthz", "/healthz").get_json()
    assert told == {
        "status": "ok",
        "till": "till-1",
        "database": {"state": "ok"},
        "alone": False,
        "scanners": {},
        "printer": {"state": "off", "waiting": 0},
        "receipts": {"state": "signed"},
        "backup": {"state": "off", "at": None},
    }


@on_sqlite
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/api/v1/sales"), ("POST", "/api/v1/items"), ("GET", "/api/v1/x")]
)
def test_an_address_that_is_none_is_a_problem_too(client: FlaskClient, method: str, path: str) -> None:
    answer = client.open(path, method=method)
    assert (answer.status_code in {404, 405}, answer.mimetype) == (True, PROBLEM)


def test_discounts_are_given_by_api_up_to_the_tokens_right(shop: Shop, api: Api, client: FlaskClient) -> None:
    half = {"percent": 50, "reason": "damaged", "note": "a scratch"}
    wanted = order("WATCH-1", discount={"amount": 5_000, "reason": "promotion"})
    wanted["lines"][0]["discount"] = half
    refused = api.post(wanted)
    assert (refused.status_code, refused.get_json()["reason"]) == (409, "discount_limit")
    receipt = Api(client, shop.token(Role.MANAGER)).post(wanted).get_json()
    assert [receipt[name] for name in ("subtotal", "discount", "total", "change")] == [75_000, 5_000, 70_000, 80_000]
    assert receipt["lines"][0] | {"discount": 75_000, "reason": "damaged", "paid": 70_000} == receipt["lines"][0]
    assert shop.broken() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"percent": 50},
        {"reason": "damaged"},
        {"percent": 101, "reason": "damaged"},
        {"percent": 5, "amount": 5, "reason": "damaged"},
        {"percent": 5, "reason": "mood"},
        {"percent": 5, "reason": "other", "note": "\n"},
        "all of it",
    ],
)
@on_sqlite
def test_a_discount_that_is_none_is_a_bad_request(api: Api, wrong: Any) -> None:
    answer = api.post(order("WATCH-1", discount=wrong))
    assert (answer.status_code, answer.get_json()["reason"]) == (400, "bad_request")
    assert "discount" in answer.get_json()["detail"]
