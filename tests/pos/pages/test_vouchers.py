"""Leaders issue vouchers in the office, and the till takes them."""

import pytest

from pos.till import sale
from pos.till.basket import GoodsLine, Paid
from pos.till.credit_code import printed
from shared.roles import Role
from tests.pos.pages.conftest import SignIn
from tests.shop import CASHIER, Shop


def test_a_voucher_that_a_leader_issues_is_shown_with_its_code(sign_in: SignIn, shop: Shop) -> None:
    leader = sign_in(Role.MANAGER)
    made = leader.post("/office/vouchers", data={"amount": "Rp50.000"})
    assert made.status_code == 303
    with shop.database.reading() as connection:
        code = str(connection.exec_driver_sql("SELECT code FROM credit WHERE balance = 50000").scalar_one())
    assert printed(code) in leader.get(made.location).text
    assert printed(code) in leader.get("/office/vouchers").text
    assert "<svg" in leader.get(made.location + ".svg").text
    assert shop.broken() == []


@pytest.mark.parametrize("amount", ["", "0", "-5", "x", "9" * 30])
def test_what_is_no_amount_is_told(sign_in: SignIn, shop: Shop, amount: str) -> None:
    answer = sign_in(Role.ADMIN).post("/office/vouchers", data={"amount": amount}, headers={"Accept-Language": "en"})
    assert (answer.status_code, shop.count("credit")) == (400, 0)
    assert "Type an amount such as 50.000." in answer.text


def test_nobody_else_sees_a_code_or_issues_one(sign_in: SignIn, shop: Shop) -> None:
    guard = sign_in(Role.SECURITY)
    assert guard.get("/office/vouchers").status_code == guard.post("/office/vouchers").status_code == 403
    assert sign_in(Role.MANAGER).get("/office/vouchers/nothing").status_code == 404
    assert shop.count("credit") == 0


def test_a_voucher_is_found_by_its_code_however_it_is_typed_and_shows_what_it_paid(sign_in: SignIn, shop: Shop) -> None:
    leader = sign_in(Role.MANAGER)
    leader.post("/office/vouchers", data={"amount": "5000"})
    with shop.database.reading() as connection:
        credit, code = connection.exec_driver_sql("SELECT id, code FROM credit").one()
    sold = shop.request(GoodsLine("BAG", 1), paid=[Paid("credit", 2_000, credit)])
    receipt = sale.sell(shop.database, shop.counter, CASHIER, sold).receipt
    for typed in (code, printed(code).lower(), f" {code} "):
        page = leader.get("/office/vouchers/of", query_string={"code": typed}, follow_redirects=True)
        assert page.status_code == 200
        for told in (printed(code), receipt["number"], "Rp2.000"):
            assert told in page.text
    for wrong, why in (
        ("LC0000000000000", "This shop never issued that code."),
        (code[:-1] + ("0" if code[-1] != "0" else "1"), "Scan the voucher&#39;s code, or type it"),
        ("", "Scan the voucher&#39;s code, or type it"),
    ):
        answer = leader.get("/office/vouchers/of", query_string={"code": wrong, "lang": "en"})
        assert (answer.status_code, why in answer.text) == (400, True), wrong
    assert sign_in(Role.SECURITY).get("/office/vouchers/of").status_code == 403
