"""A sale keeps what each thing cost, what was off and why, and the tax: in its rows, its event and its receipt."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pos.office import products
from pos.office.bulk import Line
from pos.till import cart, checkout, held
from pos.till.cart_view import CartView
from pos.till.discount import Grant, Reason
from pos.till.pricing import Discount
from pos.till.sale import GoodsLine, Paid, Request, SaleRefusedError, UnitLine, sell
from shared import ledger
from shared.roles import Role
from shared.staff import Actor
from shared.tax_settings import TaxSettings
from tests.shop import BAG, CASHIER, WATCH, Shop

MANAGER = Actor("staff:2", "Rina", Role.MANAGER)
INCLUSIVE = TaxSettings(registered=True, npwp="0123456789012345")
ON_TOP = replace(INCLUSIVE, on_top=True)
HALF = Grant(Discount(percent=5000), Reason.DAMAGED, "a scratch", CASHIER.id, MANAGER.id)
TENTH = Grant(Discount(percent=1000), Reason.PROMOTION, by=CASHIER.id)


def order(shop: Shop, *lines: UnitLine | GoodsLine, cash: int, grant: Grant | None = None, total: int) -> Request:
    request = shop.request(*lines, paid=[Paid("cash", cash)], total=total)
    return replace(request, grant=grant)


def refusal(shop: Shop, request: Request) -> SaleRefusedError:
    with pytest.raises(SaleRefusedError) as refused:
        sell(shop.database, shop.counter, CASHIER, request)
    return refused.value


def test_without_discounts_and_taxes_a_receipt_says_nothing_of_them(shop: Shop) -> None:
    receipt = shop.sell("WATCH-1", cash=150_000).receipt
    assert not {"discount", "subtotal", "taxes", "npwp"} & set(receipt)
    assert set(receipt["lines"][0]) == {"serial", "product", "quantity", "price", "amount"}
    assert shop.count("sale_line", "amount = price AND discount = 0 AND share = 0 AND tax = 0 AND tax_class = ''") == 1


def test_what_was_off_is_kept_line_by_line_with_who_allowed_it_and_why(shop: Shop) -> None:
    shop.counter = replace(shop.counter, discount_limit=1000)
    lines = (UnitLine("WATCH-1", grant=HALF), GoodsLine(BAG, 3))
    request = order(shop, *lines, cash=70_000, grant=replace(TENTH, approved_by=MANAGER.id), total=68_850)
    receipt = sell(shop.database, shop.counter, CASHIER, request).receipt
    watch, bag = receipt["lines"]
    assert (watch["amount"], watch["discount"], watch["reason"], watch["paid"]) == (150_000, 75_000, "damaged", 67_500)
    assert (bag["amount"], bag["paid"], "discount" in bag) == (1500, 1350, False)
    assert (receipt["subtotal"], receipt["discount"], receipt["total"]) == (76_500, 7650, 68_850)
    assert shop.count("sale_line", "discount = 75000 AND share = 7500 AND amount = 67500") == 1
    given = "off = 75000 AND percent = 5000 AND reason = 'damaged' AND note = 'a scratch'"
    assert shop.count("sale_discount", f"line = 1 AND {given} AND approved_by = 'staff:2'") == 1
    with shop.database.reading() as connection:
        (sold,) = ledger.history(connection, "sale", request.id)
    assert [(one["line"], one["given_by"], one["approved_by"]) for one in sold.facts()["discounts"]] == [
        (0, "staff:1", "staff:2"),
        (1, "staff:1", "staff:2"),
    ]
    assert "scratch" not in sold.details
    assert shop.broken() == []
    shop.alter("UPDATE sale_discount SET note = 'none' WHERE line = 1")
    assert shop.broken()


def test_a_cashier_gives_up_to_the_limit_and_a_leader_anything(shop: Shop) -> None:
    shop.counter = replace(shop.counter, discount_limit=1000)
    over = replace(TENTH, discount=Discount(amount=15_001))
    refused = refusal(shop, order(shop, UnitLine("WATCH-1", grant=over), cash=150_000, total=134_999))
    assert (refused.reason, refused.facts) == ("discount_limit", {"product": WATCH})
    both = order(shop, UnitLine("WATCH-1", grant=TENTH), cash=150_000, grant=TENTH, total=121_500)
    assert refusal(shop, both).reason == "discount_limit"
    assert sell(shop.database, shop.counter, MANAGER, both).is_new
    tenth = order(shop, UnitLine("WATCH-2", grant=HALF), cash=67_500, grant=TENTH, total=67_500)
    assert sell(shop.database, shop.counter, CASHIER, tenth).is_new


def test_the_tax_in_the_prices_is_told_and_changes_no_total(shop: Shop) -> None:
    shop.counter = replace(shop.counter, tax=INCLUSIVE)
    receipt = shop.sell("WATCH-1", GoodsLine(BAG, 3), cash=151_500).receipt
    assert (receipt["total"], receipt["npwp"], receipt["prices"]) == (151_500, "0123456789012345", "inclusive")
    assert receipt["taxes"] == [
        {"tax_class": "general", "rate": "12", "base": "11/12", "net": 136_486, "taxed": 125_112, "tax": 15_014}
    ]
    assert shop.count("sale_tax", "rate = '12' AND base = '11/12' AND net = 136486 AND tax = 15014") == 1
    assert shop.count("sale_line", "tax_class = 'general' AND tax > 0") == 2
    assert shop.broken() == []
    shop.alter("UPDATE sale_line SET tax = tax + 1 WHERE line = 1")
    assert shop.broken()


def test_a_tax_on_top_is_paid_and_the_expected_total_holds_it(shop: Shop) -> None:
    shop.counter = replace(shop.counter, tax=ON_TOP)
    refused = refusal(shop, order(shop, UnitLine("WATCH-1"), cash=166_500, total=150_000))
    assert (refused.reason, refused.facts) == ("price_changed", {"total": 166_500})
    receipt = sell(shop.database, shop.counter, CASHIER, order(shop, UnitLine("WATCH-1"), cash=166_500, total=166_500))
    assert receipt.receipt["total"] == 166_500
    assert receipt.receipt["lines"][0]["paid"] == 166_500
    assert shop.count("sale_line", "price = 150000 AND tax = 16500 AND amount = 166500") == 1
    assert shop.broken() == []


def test_products_bear_their_tax_class_and_a_strange_one_is_a_bad_line(shop: Shop) -> None:
    def listed(tax_class: str) -> list[str]:
        line = Line(2, {"code": BAG, "name": "Kantong", "price": "500", "tax_class": tax_class}, 1)
        return [remark.text for remark in shop.in_office(lambda turn: products.take_lines(turn, [line]))]

    assert listed("exempt") == []
    assert listed("") == []
    (told,) = listed("luxry")
    assert told == "tax_class: expected one of exempt, general, luxury, or nothing, got 'luxry'"
    assert shop.count("product", f"code = '{BAG}' AND tax_class = 'exempt'") == 1
    shop.counter = replace(shop.counter, tax=INCLUSIVE)
    assert shop.sell(GoodsLine(BAG, 1), cash=500).receipt["taxes"] == []
    assert shop.broken() == []


def seen(shop: Shop, till: str = "till-1") -> CartView:
    return cart.view(shop.database, shop.open_till(till))


def give(shop: Shop, key: str, grant: Grant | None) -> None:
    cart.discount(shop.database, shop.counter, seen(shop).id, key, grant)


def test_a_carts_discounts_live_with_it_and_go_with_the_line(shop: Shop) -> None:
    for text in ("WATCH-1", "WATCH-2", BAG):
        cart.scan(shop.database, shop.counter, text)
    first = seen(shop).lines[-1]
    give(shop, first.key, HALF)
    give(shop, "", TENTH)
    assert (seen(shop).grant, seen(shop).lines[-1].grant) == (TENTH, HALF)
    assert seen(shop).total == (75_000 + 150_000 + 500) * 9 // 10
    give(shop, first.key, replace(HALF, discount=Discount(amount=1000)))
    assert seen(shop).pricing.discount == 1000 + (299_500 * 1000 // 10_000)
    cart.take_out(shop.database, shop.counter, first.key)
    cart.scan(shop.database, shop.counter, "WATCH-1")
    assert [line.grant for line in seen(shop).lines] == [None, None, None]
    give(shop, "", None)
    assert seen(shop).total == 300_500


def test_discounts_are_held_and_opened_with_the_cart(shop: Shop) -> None:
    cart.scan(shop.database, shop.counter, "WATCH-1")
    give(shop, seen(shop).lines[0].key, HALF)
    number = seen(shop).id
    held.hold(shop.database, shop.counter, CASHIER, number, "")
    assert [one.total for one in held.listed(shop.database, shop.counter)] == [75_000]
    there = shop.open_till("till-2")
    held.open_held(shop.database, there, CASHIER, number)
    assert (seen(shop, "till-2").lines[0].grant, seen(shop, "till-2").total) == (HALF, 75_000)
    checkout.cancel(shop.database, there, CASHIER)
    assert shop.count("cart_discount") == 0


def test_a_closed_cart_takes_no_discount(shop: Shop) -> None:
    cart.scan(shop.database, shop.counter, "WATCH-1")
    number = seen(shop).id
    checkout.cancel(shop.database, shop.counter, CASHIER)
    with pytest.raises(SaleRefusedError) as refused:
        cart.discount(shop.database, shop.counter, number, "", TENTH)
    assert refused.value.reason == "gone"


def test_a_day_is_the_shops_own(shop: Shop) -> None:
    evening = datetime(2024, 12, 31, 17, 0, tzinfo=UTC)
    for moment, rate in ((evening - timedelta(milliseconds=1), 11), (evening, 12)):
        day = shop.counter.day(round(moment.timestamp() * 1_000_000))
        assert INCLUSIVE.on(day)["general"].rate * 100 == rate
