"""Goods that come back: only what was sold, once, for what was paid, by the way it was paid; the ledger has it all."""

from dataclasses import replace

import pytest

from pos.returns import bringing
from pos.returns.rules import Condition, Reason
from pos.till import sale, store_credit
from pos.till.basket import GoodsLine, Paid, PaymentError, SaleRefusedError, UnitLine
from pos.till.methods import Method
from pos.till.rounding import Rounding
from tests.pos.returns.customer import Customer
from tests.shop import BAG, CASHIER, WATCH, Shop
from tests.shops import on_sqlite


@pytest.fixture
def customer(shop: Shop) -> Customer:
    """At a till where one person may give 500,000 back alone."""
    shop.counter = replace(shop.counter, refund_limit=500_000)
    return Customer(shop)


def refunds(receipt: dict[str, object]) -> list[tuple[str, int]]:
    returned = receipt["returned"]
    assert isinstance(returned, dict)
    return [(one["method"], one["amount"]) for one in returned["refunds"]]


def test_a_unit_is_found_in_its_sale_and_paid_back_in_cash(shop: Shop, customer: Customer) -> None:
    sold = shop.sell("WATCH-1", "WATCH-2", cash=300_000).receipt
    brought = customer.bring("WATCH-1")
    assert (brought.level, brought.line and brought.line.number) == ("good", sold["number"])
    receipt = customer.settle()
    assert refunds(receipt) == [("cash", 150_000)]
    assert receipt["returned"]["lines"][0]["of"] == sold["number"]
    assert (shop.state("WATCH-1"), shop.state("WATCH-2")) == ("returned", "paid")
    assert shop.broken() == []


def test_receipts_of_returns_are_numbered_with_those_of_sales(shop: Shop, customer: Customer) -> None:
    numbers = [shop.sell("WATCH-1", cash=150_000).receipt["number"]]
    customer.bring("WATCH-1")
    numbers.append(customer.settle()["number"])
    numbers.append(shop.sell("WATCH-2", cash=150_000).receipt["number"])
    assert numbers == ["till-1-000001", "till-1-000002", "till-1-000003"]


def test_what_was_never_sold_is_refused_and_reported(shop: Shop, customer: Customer) -> None:
    assert (customer.bring("WATCH-1").level, customer.bring("WATCH-1").reason) == ("hard", "not_sold")
    assert shop.count("event", "kind = 'return_refused' AND state = 'not_sold'") == 2
    assert shop.count("cart_return") == 0


def test_what_no_scanner_can_mean_is_refused_as_unreadable(customer: Customer) -> None:
    assert (customer.bring("a\x00b").level, customer.bring("a\x00b").reason) == ("hard", "unreadable")


def test_nothing_comes_back_twice(shop: Shop, customer: Customer) -> None:
    shop.sell("WATCH-1", cash=150_000)
    customer.bring("WATCH-1")
    assert customer.bring("WATCH-1").reason == "in_cart"
    customer.settle()
    assert customer.bring("WATCH-1").reason == "returned_before"
    assert shop.count("event", "kind = 'return_refused' AND state = 'returned_before'") == 1


def test_sold_again_it_comes_back_from_its_last_sale(shop: Shop, customer: Customer) -> None:
    shop.sell("WATCH-1", cash=150_000)
    customer.bring("WATCH-1")
    customer.settle()
    shop.move("WATCH-1", "restocked", "in_stock")
    second = shop.sell("WATCH-1", cash=150_000).receipt
    brought = customer.bring("WATCH-1")
    assert brought.line
    assert brought.line.number == second["number"]


def test_at_another_till_it_is_told_where_it_is_coming_back_already(shop: Shop, customer: Customer) -> None:
    shop.sell("WATCH-1", cash=150_000)
    customer.bring("WATCH-1")
    brought = customer.at(shop, "till-2").bring("WATCH-1")
    assert (brought.reason, brought.till) == ("held", "till-1")


def test_two_tills_that_settle_the_same_pieces_take_them_back_once(shop: Shop, customer: Customer) -> None:
    sold = shop.sell(GoodsLine(BAG, 3), cash=1_500).receipt
    here, counter = customer, shop.counter
    here.bring(sold["number"])
    for _ in range(2):
        assert here.bring(BAG).level == "good"
    there = customer.at(shop, "till-2")
    there.bring(sold["number"])
    assert there.bring(BAG).level == "good"
    assert there.bring(BAG).level == "good"
    there.settle()
    shop.counter = counter
    with pytest.raises(SaleRefusedError) as refused:
        here.settle()
    assert refused.value.reason == "returned_before"
    assert shop.broken() == []


def test_goods_without_serials_want_their_receipt_and_come_back_to_the_last_rupiah(
    shop: Shop, customer: Customer
) -> None:
    shop.list_products(("CANDY", "Permen", "333"))
    sold = shop.sell(GoodsLine("CANDY", 3), cash=999).receipt
    assert customer.bring("CANDY").reason == "which_sale"
    assert customer.bring(sold["number"]).reason == "receipt"
    customer.bring("CANDY")
    first = customer.settle()["returned"]["total"]
    customer.bring(sold["number"])
    for _ in range(2):
        assert customer.bring("CANDY").level == "good"
    assert customer.bring("CANDY").reason == "returned_before"
    assert first + customer.settle()["returned"]["total"] == 999


def test_each_part_goes_back_as_it_was_paid_and_never_more(shop: Shop, customer: Customer) -> None:
    request = shop.request(
        "WATCH-1", "WATCH-2", paid=[Paid("card", 100_000, "A1"), Paid("cash", 250_000)], total=300_000
    )
    sale.sell(shop.database, shop.counter, CASHIER, request)
    customer.bring("WATCH-1")
    with pytest.raises(PaymentError) as missing:
        customer.settle()
    assert (missing.value.reason, missing.value.facts["amount"]) == ("reference_missing", 100_000)
    receipt = customer.settle(references={Method.CARD: "R1"})
    assert refunds(receipt) == [("card", 100_000), ("cash", 50_000)]
    customer.bring("WATCH-2")
    assert refunds(customer.settle()) == [("cash", 150_000)]
    assert shop.broken() == []


def test_as_store_credit_it_can_be_spent(shop: Shop, customer: Customer) -> None:
    shop.sell("WATCH-1", cash=150_000)
    customer.bring("WATCH-1")
    (refund,) = customer.settle(as_credit=True)["returned"]["refunds"]
    assert (refund["method"], refund["amount"]) == ("credit", 150_000)
    with shop.database.reading() as connection:
        (credit,) = store_credit.newest(connection)
    assert (credit.code, credit.balance) == (refund["code"], 150_000)
    assert shop.broken() == []


def test_cash_is_rounded_down_and_a_whole_sale_brings_back_what_was_paid(shop: Shop, customer: Customer) -> None:
    shop.list_products(("CANDY", "Permen", "333"))
    shop.counter = replace(shop.counter, rounding=Rounding(100))
    sold = shop.sell(GoodsLine("CANDY", 2), cash=600).receipt
    assert (sold["rounding"], sold["change"]) == (-66, 0)
    customer.bring(sold["number"])
    customer.bring("CANDY")
    first = customer.settle()["returned"]
    assert (first["total"], first["rounding"], first["refunds"][0]["amount"]) == (333, -33, 300)
    customer.bring(sold["number"])
    customer.bring("CANDY")
    second = customer.settle()["returned"]
    assert (second["total"], second["refunds"][0]["amount"]) == (267, 200)
    assert shop.broken() == []


class TestExchange:
    def test_for_something_dearer_is_one_receipt_with_the_rest_to_pay(self, shop: Shop, customer: Customer) -> None:
        shop.list_products(("RADIO", "Radio", "200000"))
        shop.receive("RADIO", "RADIO-1")
        shop.sell("WATCH-1", cash=150_000)
        customer.bring("WATCH-1")
        customer.take("RADIO-1")
        receipt = customer.pay(Paid("cash", 20_000), Paid("cash", 30_000))
        assert [(one["method"], one["amount"]) for one in receipt["payments"]] == [
            ("exchange", 150_000),
            ("cash", 20_000),
            ("cash", 30_000),
        ]
        assert receipt["returned"]["total"] == 150_000
        assert refunds(receipt) == []
        assert (shop.state("WATCH-1"), shop.state("RADIO-1")) == ("returned", "paid")
        assert shop.count("goods_return", f"number = '{receipt['number']}' AND exchanged = 150000") == 1
        assert shop.broken() == []

    def test_for_something_cheaper_pays_the_rest_back(self, shop: Shop, customer: Customer) -> None:
        shop.sell("WATCH-1", cash=150_000)
        customer.bring("WATCH-1")
        customer.take(BAG)
        receipt = customer.settle()
        assert refunds(receipt) == [("cash", 149_500)]
        assert [(one["method"], one["amount"]) for one in receipt["payments"]] == [("exchange", 500)]
        assert shop.broken() == []

    def test_for_the_same_price_moves_no_money(self, shop: Shop, customer: Customer) -> None:
        shop.sell("WATCH-1", cash=150_000)
        customer.bring("WATCH-1")
        customer.take("WATCH-2")
        receipt = customer.settle()
        assert refunds(receipt) == []
        assert (shop.state("WATCH-1"), shop.state("WATCH-2")) == ("returned", "paid")

    def test_what_an_exchange_paid_goes_back_as_store_credit_only(self, shop: Shop, customer: Customer) -> None:
        shop.sell("WATCH-1", cash=150_000)
        customer.bring("WATCH-1")
        customer.take("WATCH-2")
        customer.settle()
        customer.bring("WATCH-2")
        assert refunds(customer.settle()) == [("credit", 150_000)]
        assert shop.broken() == []


class TestAboveTheLimit:
    def test_a_leader_has_to_allow_it_and_the_ledger_keeps_who_did(self, shop: Shop, customer: Customer) -> None:
        shop.counter = replace(shop.counter, refund_limit=100_000)
        shop.sell("WATCH-1", cash=150_000)
        customer.bring("WATCH-1")
        with pytest.raises(SaleRefusedError) as refused:
            customer.settle()
        assert refused.value.reason == "refund_limit"
        shop.database.write(lambda connection: bringing.approve(connection, "till-1", "staff:9"))
        customer.settle()
        assert shop.count("goods_return", "approved_by = 'staff:9'") == 1

    def test_what_is_scanned_after_it_was_allowed_wants_it_anew(self, shop: Shop, customer: Customer) -> None:
        shop.counter = replace(shop.counter, refund_limit=100_000)
        shop.sell("WATCH-1", "WATCH-2", cash=300_000)
        customer.bring("WATCH-1")
        shop.database.write(lambda connection: bringing.approve(connection, "till-1", "staff:9"))
        customer.bring("WATCH-2")
        with pytest.raises(SaleRefusedError, match="a leader has to allow it"):
            customer.settle()


class TestVoid:
    def test_undoes_todays_sale_and_puts_its_units_back_to_stock(self, shop: Shop, customer: Customer) -> None:
        sold = shop.sell("WATCH-1", GoodsLine(BAG, 2), cash=151_000).receipt
        bringing.void(shop.database, shop.counter, sold["number"])
        assert refunds(customer.settle()) == [("cash", 151_000)]
        assert shop.state("WATCH-1") == "in_stock"
        assert shop.sell("WATCH-1", cash=150_000).is_new
        assert shop.broken() == []

    def test_is_refused_once_a_unit_has_left_or_come_back(self, shop: Shop, customer: Customer) -> None:
        left = shop.sell("WATCH-1", cash=150_000).receipt
        shop.move("WATCH-1", "departed", "departed")
        back = shop.sell("WATCH-2", "WATCH-3", cash=300_000).receipt
        customer.bring("WATCH-2")
        customer.settle()
        for number in (left["number"], back["number"], "till-1-999999"):
            with pytest.raises(SaleRefusedError) as refused:
                bringing.void(shop.database, shop.counter, number)
            assert refused.value.reason == "not_voidable"


def test_the_same_request_again_is_the_same_ticket(shop: Shop, customer: Customer) -> None:
    shop.sell("WATCH-1", cash=150_000)
    customer.bring("WATCH-1")
    ticket, request = customer.ticket(), customer.request()
    first = customer.settle_again(ticket, request)
    assert customer.settle_again(ticket, request) == first
    assert shop.count("goods_return") == 1


def test_what_comes_back_can_be_let_be(shop: Shop, customer: Customer) -> None:
    shop.sell("WATCH-1", cash=150_000)
    brought = customer.bring("WATCH-1")
    assert brought.line
    key = f"return:{brought.line.sale}:{brought.line.line}"
    shop.database.write(lambda connection: bringing.take_out(connection, customer.cart, key))
    with pytest.raises(SaleRefusedError):
        customer.settle()
    assert shop.state("WATCH-1") == "paid"


@on_sqlite
def test_a_departed_unit_comes_back_too(shop: Shop, customer: Customer) -> None:
    shop.sell("WATCH-1", cash=150_000)
    shop.move("WATCH-1", "departed", "departed")
    customer.bring("WATCH-1", (Reason.DEFECT, Condition.DAMAGED))
    customer.settle()
    assert shop.count("return_line", "reason = 'defect' AND condition = 'damaged'") == 1
    assert shop.state("WATCH-1") == "returned"


@on_sqlite
def test_a_serial_of_two_products_comes_back_as_the_one_that_was_sold(shop: Shop, customer: Customer) -> None:
    shop.list_products(("RADIO", "Radio", "200000"))
    shop.receive("RADIO", "12345")
    shop.receive(WATCH, "12345")
    sale.sell(
        shop.database, shop.counter, CASHIER, shop.request(UnitLine("12345", "RADIO"), paid=[Paid("cash", 200_000)])
    )
    brought = customer.bring("12345")
    assert brought.line
    assert brought.line.product.code == "RADIO"
