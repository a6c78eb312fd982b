"""The pages of sales are for leaders, and say plainly what they cannot do."""

from shared.roles import Role
from tests.pos.pages.conftest import SignIn
from tests.shop import Shop


def test_a_leader_finds_a_sale_and_opens_it(sign_in: SignIn, shop: Shop) -> None:
    leader = sign_in(Role.MANAGER)
    assert "Nothing was sold yet" in leader.get("/office/sales?lang=en").text
    receipt = shop.sell("SHOE-0001", cash=50_000).receipt
    page = leader.get("/office/sales?about=shoe-0001").text
    assert receipt["number"] in page
    assert "1 sale" in page
    told = leader.get(f"/office/sales/{receipt['id']}").text
    assert "Paid, still in the shop" in told
    assert f"/till/receipt/{receipt['id']}" in told


def test_what_is_wrong_with_a_filter_is_told_and_filters_nothing(sign_in: SignIn, shop: Shop) -> None:
    receipt = shop.sell("SHOE-0001", cash=50_000).receipt
    wrong = "from=never&to=2020-13-01&till=gate&by=staff:99&method=shells&least=much&about=%00"
    page = sign_in(Role.ADMIN).get(f"/office/sales?lang=en&{wrong}").text
    assert receipt["number"] in page
    assert page.count('class="trouble small"') == 7


def test_nobody_else_sees_sales_and_there_is_no_such_page(sign_in: SignIn, shop: Shop) -> None:
    receipt = shop.sell("SHOE-0001", cash=50_000).receipt
    for path in ("/office/sales", f"/office/sales/{receipt['id']}"):
        for role in (Role.CASHIER, Role.SECURITY):
            assert sign_in(role).get(path).status_code == 403
    leader = sign_in(Role.MANAGER)
    for path in ("/office/sales/nothing", "/office/sales?page=0", "/office/sales?page=x"):
        assert leader.get(path).status_code == 404
    assert "No older sales" in leader.get("/office/sales?page=2&lang=en").text
