"""Who buys is kept beside the sale only if somebody says so, and is erased for good when the customer asks for it."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from pos.customers import known
from shared.roles import Role
from tests.pos.pages.conftest import SignIn
from tests.shop import Shop, new_id

ENGLISH = {"Accept-Language": "en"}
BUDI = {"name": "Budi  Santoso", "phone": "0812-3456 7890", "note": "Engrave: B & S"}


def scan(client: FlaskClient, text: str) -> dict[str, Any]:
    return dict(client.post("/till/scan", json={"text": text}).get_json())


def tell(client: FlaskClient, cart: str, told: dict[str, Any]) -> Any:
    return client.post("/till/buyer", json={"cart": cart, **told}, headers=ENGLISH)


def pay(client: FlaskClient, cart: str, total: int) -> None:
    money = {"method": "cash", "amount": total, "expected_total": total}
    assert client.post("/till/pay", json={"tender": new_id(), "cart": cart, **money}).status_code == 200


def sell(client: FlaskClient, told: dict[str, Any]) -> str:
    cart: str = scan(client, "BAG")["cart_id"]
    assert tell(client, cart, told).status_code == 200
    pay(client, cart, 2_000)
    return cart


def ledger(shop: Shop) -> str:
    with shop.database.reading() as connection:
        told = [row[0] for row in connection.exec_driver_sql("SELECT details FROM event")]
        replies = [row[0] for row in connection.exec_driver_sql("SELECT reply FROM sale")]
    return "\n".join([*told, *replies])


def test_the_receipt_and_the_sales_page_name_the_customer_and_the_ledger_never_does(
    cashier: FlaskClient, sign_in: SignIn, shop: Shop
) -> None:
    told = tell(cashier, scan(cashier, "SHOE-0001")["cart_id"], BUDI).get_json()
    assert "Budi Santoso" in told["buyer"]
    assert 'data-phone="081234567890"' in told["buyer"]
    pay(cashier, told["cart_id"], 50_000)
    receipt = cashier.get(f"/till/receipt/{told['cart_id']}", headers=ENGLISH).text
    assert "Customer: Budi Santoso<br>Note: Engrave: B &amp; S" in receipt
    assert "081234567890" not in receipt
    page = sign_in(Role.MANAGER).get(f"/office/sales/{told['cart_id']}").text
    assert "Budi Santoso</a> · Engrave: B &amp; S" in page
    assert cashier.get("/till/cart").get_json()["buyer"] == ""
    assert "Budi" not in ledger(shop)
    assert "081234567890" not in ledger(shop)
    assert shop.broken() == []


def test_a_customer_may_be_told_before_the_first_scan_corrected_and_taken_back(cashier: FlaskClient) -> None:
    first = tell(cashier, "", {"name": "Ani"}).get_json()
    assert scan(cashier, "BAG")["cart_id"] == first["cart_id"]
    assert "Anita" in tell(cashier, first["cart_id"], {"name": "Anita"}).get_json()["buyer"]
    assert tell(cashier, first["cart_id"], {"name": " ", "phone": ""}).get_json()["buyer"] == ""


def test_a_cancelled_cart_leaves_nothing_of_its_customer_for_the_next(cashier: FlaskClient, shop: Shop) -> None:
    cart = tell(cashier, "", BUDI).get_json()["cart_id"]
    assert cashier.post("/till/cancel", json={}).get_json()["buyer"] == ""
    assert shop.count("buyer") == 0
    late = tell(cashier, cart, BUDI)
    assert (late.status_code, late.get_json()["reason"]) == (409, "gone")


def test_a_held_sale_keeps_its_customer_who_is_listed_and_comes_back_with_it(cashier: FlaskClient, shop: Shop) -> None:
    cart = scan(cashier, "BAG")["cart_id"]
    tell(cashier, cart, BUDI)
    assert cashier.post("/till/hold", json={"cart": cart, "note": ""}).get_json()["buyer"] == ""
    assert "Budi Santoso" in cashier.get("/till/held").get_json()["list"]
    tell(cashier, "", {"name": "Ani"})  # somebody else, who has nothing yet
    opened = cashier.post("/till/held/open", json={"held": cart}).get_json()
    assert "Budi Santoso" in opened["buyer"]
    again = cashier.post("/till/hold", json={"cart": opened["cart_id"], "note": ""})
    assert again.status_code == 200
    cashier.post("/till/held/discard", json={"held": opened["cart_id"]})
    assert shop.count("buyer") == 0


def test_a_phone_that_bought_before_brings_its_name(cashier: FlaskClient) -> None:
    sell(cashier, BUDI)
    known = cashier.post("/till/buyer/known", json={"phone": "0812 3456 7890"})
    assert known.get_json() == {"name": "Budi Santoso"}
    assert cashier.post("/till/buyer/known", json={"phone": "0812 3456 7891"}).get_json() == {"name": ""}


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"phone": "12345"}, "Expected a phone number of 6 to 15 digits, such as 0812 3456 7890."),
        ({"phone": "4111 1111 1111 1111"}, "Expected a phone number of 6 to 15 digits, such as 0812 3456 7890."),
        ({"phone": "0812 x"}, "Expected a phone number of 6 to 15 digits, such as 0812 3456 7890."),
        ({"name": "n" * 81}, "Expected at most 80 characters."),
        ({"note": "a\0b"}, "Expected at most 80 characters."),
        ({"name": 7}, "Expected the text of one scan."),
    ],
)
def test_rubbish_is_told_and_not_kept(cashier: FlaskClient, shop: Shop, wrong: dict[str, Any], why: str) -> None:
    answer = tell(cashier, "", wrong)
    assert (answer.status_code, answer.get_json()["detail"], shop.count("buyer")) == (400, why, 0)


def test_leaders_find_a_customer_by_any_part_and_see_what_was_bought(cashier: FlaskClient, sign_in: SignIn) -> None:
    for told in (BUDI, BUDI, {"name": "100%_Ani", "phone": "+62 811 000 111"}):
        sell(cashier, told)
    nobody = sell(cashier, {"note": "nobody"})
    leader = sign_in(Role.MANAGER)
    for about, names in {
        "": ("Budi Santoso", "100%_Ani"),
        "bud": ("Budi Santoso",),
        "08123": ("Budi Santoso",),
        "0811000": ("100%_Ani",),
        "%_": ("100%_Ani",),
        "z": (),
    }.items():
        page = leader.get("/office/customers", query_string={"about": about}).text
        assert [name for name in ("Budi Santoso", "100%_Ani") if f">{name}</a>" in page] == list(names), about
    assert leader.get(f"/office/customers/{nobody}").status_code == 404
    address = leader.get("/office/customers?about=budi").text.split('href="/office/customers/')[1].split('"')[0]
    page = leader.get(f"/office/customers/{address}", headers=ENGLISH).text
    assert "2 sales, Rp4.000" in page
    assert page.count("Engrave: B &amp; S") == 2


def test_erasing_a_customer_leaves_the_sales_and_nothing_of_the_person(
    cashier: FlaskClient, sign_in: SignIn, shop: Shop
) -> None:
    sales = [sell(cashier, BUDI) for _ in range(2)]
    other = sell(cashier, {"name": "Ani"})
    held = scan(cashier, "BAG")["cart_id"]
    tell(cashier, held, BUDI)
    leader = sign_in(Role.MANAGER)
    told = leader.post(f"/office/customers/{sales[0]}/erase", follow_redirects=True, headers=ENGLISH).text
    assert "Erased. The sales stay, without the name, the phone and the notes." in told
    assert "Budi" not in leader.get(f"/till/receipt/{sales[1]}").text
    assert "Ani" in leader.get(f"/till/receipt/{other}").text
    assert (shop.count("buyer"), shop.count("sale", "at > 0")) == (1, 3)
    assert shop.count("event", "kind = 'customer' AND what = 'erased' AND details = '{\"sales\":2}'") == 1
    assert leader.post(f"/office/customers/{sales[0]}/erase").status_code == 404
    assert shop.broken() == []


def test_only_leaders_look_customers_up(sign_in: SignIn, cashier: FlaskClient) -> None:
    sale = sell(cashier, BUDI)
    guard = sign_in(Role.SECURITY)
    for address in ("/office/customers", f"/office/customers/{sale}"):
        assert guard.get(address).status_code == 403
        assert cashier.get(address).status_code == 403
    assert guard.post(f"/office/customers/{sale}/erase").status_code == 403
    assert sign_in(Role.ADMIN).get("/office/customers/nobody").status_code == 404


def test_many_customers_are_listed_page_by_page_who_bought_last_first(
    cashier: FlaskClient, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "PAGE", 2)
    for name in ("Ani", "Budi", "Citra"):
        sell(cashier, {"name": name})
    leader = sign_in(Role.MANAGER)
    first = leader.get("/office/customers", headers=ENGLISH).text
    assert first.index(">Citra<") < first.index(">Budi<")
    assert ">Ani<" not in first
    address = first.split('rel="next" href="')[1].split('"')[0]
    second = leader.get(address, headers=ENGLISH).text
    assert ">Ani<" in second
    assert ">Budi<" not in second
    assert 'rel="next"' not in second
