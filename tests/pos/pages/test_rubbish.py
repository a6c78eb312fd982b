"""Whatever comes in, the answer is plain words, and never a fault of the program."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from shared.roles import Role
from tests.pos.pages.conftest import SignIn
from tests.shop import Shop

VALUES: list[Any] = [
    None,
    True,
    -1,
    0,
    1,
    3.5,
    10**30,
    "",
    " ",
    "x" * 3000,
    "9" * 1000,
    "\x00",
    "\x1b[2J",
    "\u202e",
    "null",
    "product:",
    "product:9",
    "1;DROP TABLE item",
    [],
    [[]],
    {},
    {"a": 1},
    "\ud800",
]  # fmt: skip - one list of rubbish
POSTS = [
    "/till/scan",
    "/till/take-out",
    "/till/quantity",
    "/till/cancel",
    "/till/pay",
    "/till/give-back",
    "/till/keep",
    "/till/hold",
    "/till/held/open",
    "/till/held/discard",
]  # fmt: skip - one list of paths
FIELDS = ["text", "beside", "line", "product", "quantity", "cart", "method", "amount", "reference", "expected_total"]
FIELDS += ["held", "note", "tender", "reason"]
BODIES = [b"", b"{", b"null", b"[]", b'"text"', b"\xff\xfe", b"{" * 5000, b"1e999", b'{"text": NaN}']


@pytest.mark.parametrize("path", POSTS)
def test_no_value_in_any_field_is_a_fault(cashier: FlaskClient, path: str) -> None:
    good = {"text": "SHOE-0001", "line": "1", "product": 2, "quantity": 1, "cart": str(uuid4()), "method": "cash"}
    good |= {"amount": 50000, "expected_total": 50000, "reference": "A1", "tender": str(uuid4()), "reason": "mistake"}
    for field in FIELDS:
        for value in VALUES:
            answer = cashier.post(path, json={**good, field: value})
            assert answer.status_code < 500, (field, value)
            assert answer.json is not None


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("body", BODIES)
def test_no_body_is_a_fault(cashier: FlaskClient, path: str, body: bytes) -> None:
    answer = cashier.post(path, data=body, content_type="application/json")
    assert 200 <= answer.status_code < 500
    assert path in {"/till/cancel", "/till/keep"} or answer.status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/till/receipt/nothing",
        "/till/receipt/../../etc",
        "/till/nothing",
        "/office/alarms?page=0",
        "/office/alarms?page=x",
        "/office/alarms?page=999999999",
        "/office/gates/nothing/arm",
        "/office/gates/%00/arm",
        "/nothing?lang=%00",
        "/look/../frame.py",
    ],
)
def test_an_address_that_is_not_there_is_told_in_plain_words(sign_in: SignIn, path: str) -> None:
    answer = sign_in(Role.ADMIN).get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert "There is no such page" in answer.text


@pytest.mark.parametrize("pin", ["", "1", "9" * 5000, "\x00", "24 68"])
def test_no_name_and_no_pin_is_a_fault(cashier: FlaskClient, pin: str) -> None:
    for who in ("", "staff:", "staff:0", "staff:1", "staff:999999999999", "token:1", "staff:1x", "\x00"):
        assert cashier.post("/sign-in", data={"who": who, "pin": pin}).status_code == 401, who


def test_too_much_at_once_is_refused(cashier: FlaskClient) -> None:
    answer = cashier.post("/till/scan", data=b"x" * 2_000_000, content_type="application/json")
    assert answer.status_code in {400, 413}


def test_a_wrong_method_is_refused(cashier: FlaskClient) -> None:
    assert cashier.get("/till/scan").status_code == 405
    assert cashier.post("/till").status_code == 405


def test_what_cannot_be_read_is_not_echoed(cashier: FlaskClient) -> None:
    answer = cashier.post("/till/scan", json={"text": "\x1b[2J<script>alert(1)</script>"})
    assert answer.json is not None
    assert answer.json["reason"] == "unreadable"
    assert "script" not in answer.json["answer"]


def test_a_readable_text_is_shown_as_text(cashier: FlaskClient) -> None:
    answer = cashier.post("/till/scan", json={"text": "<b>bold</b>"})
    assert answer.json is not None
    assert "<b>bold" not in answer.json["answer"]


@pytest.mark.parametrize("path", ["/till", "/till/cart", "/sign-in", "/", "/office/alarms"])
def test_a_database_that_does_not_answer_is_told_plainly(
    shop: Shop, sign_in: Callable[[Role], FlaskClient], path: str
) -> None:
    client = sign_in(Role.ADMIN)
    file = shop.database.file
    assert file is not None
    file.rename(file.with_suffix(".gone"))
    answer = client.get(path, headers={"Accept-Language": "en"})
    file.with_suffix(".gone").rename(file)
    assert answer.status_code == 503
    assert "The database does not answer" in answer.text
    assert "Traceback" not in answer.text
