"""Discounts at the till: up to the limit alone, above it with a leader's word, and never on what is not there."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.roles import PEOPLE, Role
from tests.pos.pages.conftest import PIN, SignIn
from tests.shop import Shop, new_id

ENGLISH = {"Accept-Language": "en"}
MANAGER = f"staff:{sorted(PEOPLE).index(Role.MANAGER) + 1}"


@pytest.fixture
def cart(cashier: FlaskClient) -> dict[str, Any]:
    """A shoe at Rp50.000 and two bags at Rp2.000."""
    answers = [cashier.post("/till/scan", json={"text": text}).get_json() for text in ("BAG", "BAG", "SHOE-0001")]
    return dict(answers[-1])


def asked(cart: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"cart": cart["cart_id"], "percent": 1000, "reason": "damaged", **more}


def test_a_cashier_gives_a_discount_up_to_the_limit_and_takes_it_back(cashier: FlaskClient, cart: Any) -> None:
    state = cashier.post("/till/discount", json=asked(cart), headers=ENGLISH).get_json()
    assert state["total"] == 48_600
    assert "-Rp5.400" in state["sum"]
    back = cashier.post("/till/discount/drop", json={"cart": cart["cart_id"]}).get_json()
    assert back["total"] == 54_000


def test_above_the_limit_a_leader_allows_it_and_the_sale_says_who(cashier: FlaskClient, cart: Any, shop: Shop) -> None:
    line = cart["cart"].split('data-line="')[1].split('"')[0]
    wanted = asked(cart, line=line, percent=5000)
    refused = cashier.post("/till/discount", json=wanted, headers=ENGLISH)
    assert refused.status_code == 403
    assert refused.get_json()["approval"] == {"what": "Rp25.000 off Shoe at Rp50.000.", "told": ""}
    wrong = {"badge": "", "person": MANAGER, "pin": "1111"}
    told = cashier.post("/till/discount", json={**wanted, "approval": wrong}, headers=ENGLISH).get_json()["approval"]
    assert told["told"] == "That PIN is wrong. Try again."
    state = cashier.post("/till/discount", json={**wanted, "approval": {**wrong, "pin": PIN}}, headers=ENGLISH)
    assert state.get_json()["total"] == 29_000
    assert "50%, Damaged" in state.get_json()["cart"]
    assert "-Rp25.000" in state.get_json()["cart"]
    total = {"amount": 29_000, "expected_total": 29_000}
    paid = cashier.post("/till/pay", json={"tender": new_id(), "cart": cart["cart_id"], "method": "cash", **total})
    assert paid.status_code == 200
    assert shop.count("sale_discount", f"approved_by = '{MANAGER}' AND off = 25000") == 1
    page = cashier.get(f"/till/receipt/{cart['cart_id']}", headers=ENGLISH).text
    assert "Discount (Damaged)" in page
    assert shop.broken() == []


def test_what_a_discount_came_to_be_is_asked_again_at_the_payment(cashier: FlaskClient, cart: Any) -> None:
    cashier.post("/till/discount", json=asked(cart, amount=5000, percent=0))
    shoe = cart["cart"].split('data-line="')[1].split('"')[0]
    state = cashier.post("/till/take-out", json={"line": shoe}).get_json()
    assert state["total"] == 0
    tender = {"tender": new_id(), "cart": cart["cart_id"], "method": "cash", "amount": 0, "expected_total": 0}
    refused = cashier.post("/till/pay", json=tender, headers=ENGLISH)
    assert refused.status_code == 409
    assert "Give it again" in refused.get_json()["told"]


def test_a_leader_at_the_till_needs_nobody_else(sign_in: SignIn, shop: Shop) -> None:
    manager = sign_in(Role.MANAGER)
    state = manager.post("/till/scan", json={"text": "SHOE-0001"}).get_json()
    assert manager.post("/till/discount", json=asked(state, percent=10_000)).get_json()["total"] == 0
    assert shop.count("cart_discount", f"approved_by = '{MANAGER}'") == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"percent": 10_001},
        {"percent": 0},
        {"percent": -1},
        {"amount": 5},
        {"percent": "10"},
        {"reason": "none"},
        {"reason": "other"},
        {"note": "x" * 81},
        {"line": "x"},
        {"approval": "yes"},
    ],
)
def test_what_is_no_discount_is_refused(cashier: FlaskClient, cart: Any, shop: Shop, wrong: dict[str, Any]) -> None:
    assert cashier.post("/till/discount", json=asked(cart, **wrong)).status_code == 400
    assert shop.count("cart_discount") == 0


def test_a_line_that_is_not_in_the_cart_has_no_discount(cashier: FlaskClient, cart: Any) -> None:
    assert cashier.post("/till/discount", json=asked(cart, line="77")).status_code == 409
    assert cashier.post("/till/discount", json=asked({"cart_id": "another"})).status_code == 409
