"""Leaders issue vouchers in the office, and the till takes them."""

import pytest

from pos.till.credit_code import printed
from shared.roles import Role
from tests.pos.pages.conftest import SignIn
from tests.shop import Shop


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
