"""The pages of sales are for leaders, and say plainly what they cannot do."""

import csv
import io

from pos.till.basket import GoodsLine, UnitLine
from pos.till.discount import Grant, Reason
from pos.till.pricing import Discount
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


def test_sales_are_exported_line_by_line_as_they_are_filtered(sign_in: SignIn, shop: Shop) -> None:
    shop.list_products(("EVIL", "=1+1", "1000"))
    shop.sell("SHOE-0001", GoodsLine("EVIL", 2), cash=52_000)
    leader = sign_in(Role.MANAGER)
    leader.get("/office/sales?lang=en")
    with leader.get("/office/sales.csv") as answer:
        assert answer.headers["Content-Disposition"] == "attachment; filename=sales.csv"
        head, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))
    assert head[4:] == ["Item", "Serial", "Pieces", "Price", "Discount", "Paid for it", "Method"]
    assert [row[4:] for row in rows] == [
        ["Shoe", "SHOE-0001", "1", "50000", "0", "50000", "Cash"],
        ["'=1+1", "", "2", "1000", "0", "2000", "Cash"],
    ]
    with leader.get("/office/sales.xlsx") as answer:
        assert answer.data.startswith(b"PK")
    assert leader.get("/office/sales.pdf").status_code == 404
    assert leader.get("/office/sales.csv?least=much").location == "/office/sales?least=much"


def test_figures_and_what_is_out_of_the_ordinary_have_pages_of_their_own(sign_in: SignIn, shop: Shop) -> None:
    leader = sign_in(Role.MANAGER)
    assert "Nothing was sold in 30 days" in leader.get("/office/sales/figures?lang=en").text
    assert "Nothing in 7 days" in leader.get("/office/sales/exceptions?days=7").text
    off = Grant(Discount(9_000, 0), Reason.DAMAGED, "", "staff:1", "staff:6")
    shop.sell(UnitLine("SHOE-0001", "", off), cash=41_000)
    page = leader.get("/office/sales/figures?days=7").text
    assert page.count('<svg class="chart"') == 2
    assert "Rp41.000" in page
    told = leader.get("/office/sales/exceptions?days=7").text
    assert "Discount a leader allowed" in told
    assert "Damaged" in told
    for path in ("/office/sales/figures", "/office/sales/exceptions", "/office/sales.csv"):
        assert sign_in(Role.CASHIER).get(path).status_code == 403
