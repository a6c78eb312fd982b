"""Paying: what is suggested, what is refused, what is one sale."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from pos.till.cashing import likely_notes
from tests.shop import Shop, new_id


@pytest.mark.parametrize(
    ("total", "notes"),
    [
        (7_500, [8_000, 10_000, 20_000]),
        (45_000, [50_000, 60_000, 100_000]),
        (689_000, [700_000]),
        (3_582_000, [3_600_000]),
        (100_000, []),
        (2_000, [5_000, 10_000, 20_000]),
    ],
)
def test_the_notes_that_are_suggested_are_the_next_round_ones(total: int, notes: list[int]) -> None:
    assert likely_notes(total, 0) == notes


def test_notes_of_a_currency_with_cents_are_whole() -> None:
    assert likely_notes(1234, 2) == [1300, 1500, 2000]


def scanned(client: FlaskClient, *texts: str) -> dict[str, Any]:
    """Scan, and give the last answer."""
    answers = [client.post("/till/scan", json={"text": text}).get_json() for text in texts]
    assert [answer["level"] for answer in answers] == ["good"] * len(texts)
    return dict(answers[-1])


def tender(state: dict[str, Any], **more: Any) -> dict[str, Any]:
    total = state["total"]
    paid = {"tender": new_id(), "method": "cash", "amount": total}
    return {"cart": state["cart_id"], "expected_total": total, **paid, **more}


def test_the_same_request_again_is_the_same_sale(cashier: FlaskClient, shop: Shop) -> None:
    asked = tender(scanned(cashier, "SHOE-0001", "BAG"), amount=60000)
    first, again = (cashier.post("/till/pay", json=asked) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json is not None
    assert again.json is not None
    assert first.json["receipt"] == again.json["receipt"] == asked["cart"]
    assert shop.count("sale") == 1


def test_the_same_cart_paid_in_another_way_is_refused(cashier: FlaskClient, shop: Shop) -> None:
    asked = tender(scanned(cashier, "SHOE-0001"))
    assert cashier.post("/till/pay", json=asked).status_code == 200
    assert cashier.post("/till/pay", json={**asked, "amount": 70000}).status_code == 409
    assert shop.count("payment") == 1


def test_a_cancelled_cart_cannot_be_paid_late(cashier: FlaskClient, shop: Shop) -> None:
    asked = tender(scanned(cashier, "SHOE-0001"))
    cashier.post("/till/cancel", json={})
    refused = cashier.post("/till/pay", json=asked)
    assert refused.status_code == 409
    assert shop.state("SHOE-0001") == "in_stock"


def test_a_card_pays_exactly_and_never_by_its_number(cashier: FlaskClient, shop: Shop) -> None:
    asked = tender(scanned(cashier, "SHOE-0001"), method="card")
    for wrong in ("", "4111 1111 1111 1111", "x" * 41):
        assert cashier.post("/till/pay", json={**asked, "reference": wrong}).status_code == 400
    assert cashier.post("/till/pay", json={**asked, "amount": 60000, "reference": "A1"}).status_code == 422
    assert cashier.post("/till/pay", json={**asked, "reference": "A1"}).status_code == 200
    assert shop.count("payment", "reference = 'A1'") == 1


@pytest.mark.parametrize("serial", ["7", "(01)08991234567891(21)A(b)1", "SN-77"])
def test_units_of_every_kind_of_code_are_sold(cashier: FlaskClient, shop: Shop, serial: str) -> None:
    shop.list_products(("8991234567891", "Drill", "10000"))
    label = serial if serial.startswith(("(", "S")) else f"(01)08991234567891(21){serial}"
    assert [remark.text for remark in shop.receive("8991234567891", label) if remark.is_bad] == []
    asked = tender(scanned(cashier, label))
    assert cashier.post("/till/pay", json=asked).status_code == 200


def test_a_receipt_tells_what_was_sold(cashier: FlaskClient) -> None:
    asked = tender(scanned(cashier, "SHOE-0001", "BAG", "BAG"), amount=60000)
    cashier.post("/till/pay", json=asked)
    page = cashier.get(f"/till/receipt/{asked['cart']}", headers={"Accept-Language": "en"}).text
    for text in ("Toko Contoh", "till-1-000001", "Shoe", "S/N SHOE-0001", "Rp54.000", "Rp60.000", "Rp6.000"):
        assert text in page


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("returned", "returned, not yet inspected"),
        ("quarantined", "held back for inspection"),
        ("in_transit", "on its way to another place"),
        ("written_off", "written off"),
        ("departed", "already paid"),
    ],
)
def test_every_state_that_cannot_be_sold_has_its_words(cashier: FlaskClient, shop: Shop, state: str, told: str) -> None:
    shop.move("SHOE-0001", "moved", state)
    answer = cashier.post("/till/scan", json={"text": "SHOE-0001"}, headers={"Accept-Language": "en"}).get_json()
    assert answer["level"] == "hard"
    assert f"Put this item aside: {told}" in answer["answer"]


def test_an_expired_unit_is_refused_with_its_day(cashier: FlaskClient, shop: Shop) -> None:
    shop.receive("SHOE", "OLD-0001", expires_on="2020-03-31")
    answer = cashier.post("/till/scan", json={"text": "OLD-0001"}, headers={"Accept-Language": "id"}).get_json()
    assert "Pisahkan barang ini: kedaluwarsa" in answer["answer"]
    assert "31 Mar 2020" in answer["answer"]


def test_a_unit_in_another_tills_cart_names_that_till(cashier: FlaskClient, shop: Shop) -> None:
    from pos.till import cart  # noqa: PLC0415 - the other till has no page here

    cart.scan(shop.database, shop.open_till("till-2"), "SHOE-0001")
    answer = cashier.post("/till/scan", json={"text": "SHOE-0001"}, headers={"Accept-Language": "en"}).get_json()
    assert "in another till&#39;s cart" in answer["answer"]
    assert "till-2" in answer["answer"]
