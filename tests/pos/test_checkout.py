"""A cart is paid in any mix, part by part; what was taken is never forgotten, never taken twice, never kept."""

import threading
from dataclasses import replace

import pytest

from pos.till import cart, checkout, held, store_credit
from pos.till.basket import Paid, SaleRefusedError
from pos.till.methods import rest
from pos.till.rounding import Rounding
from pos.till.sale import Counter, Outcome
from pos.till.store_credit import CreditKind
from pos.till.taking import Reason
from tests.pos.test_cart import line_of, request, scan, view
from tests.shop import CASHIER, Shop, new_id


def pay(
    shop: Shop, method: str, amount: int, reference: str = "", till: str = "till-1", number: str = ""
) -> Outcome | None:
    """Take one payment for the till's cart."""
    counter = replace(shop.open_till(till), rounding=Rounding(100))
    wanted = request(shop, till)
    total = view(shop, till).total
    asked = replace(wanted, payments=(Paid(method, amount, reference),), expected_total=total)
    return checkout.pay(shop.database, counter, CASHIER, asked, number or new_id())


def why_refused(shop: Shop, *how: object, **more: str) -> str:
    with pytest.raises(SaleRefusedError) as found:
        pay(shop, *how, **more)  # type: ignore[arg-type] # as `pay` takes them
    return found.value.reason


def taken(shop: Shop, till: str = "till-1") -> list[tuple[str, int]]:
    return [(taking.paid.method, taking.paid.amount) for taking in view(shop, till).taken]


def test_parts_are_kept_with_the_cart_and_the_last_one_makes_the_sale(shop: Shop) -> None:
    scan(shop, "WATCH-1")
    assert pay(shop, "cash", 50_000) is None
    assert pay(shop, "qris", 60_000, "RRN1") is None
    assert (taken(shop), shop.state("WATCH-1")) == ([("cash", 50_000), ("qris", 60_000)], "in_stock")
    with Shop(shop.url, is_ready=True) as after_a_power_cut:
        outcome = pay(after_a_power_cut, "transfer", 40_000, "BCA 7")
    assert outcome is not None
    paid = [(one["method"], one["amount"]) for one in outcome.receipt["payments"]]
    assert paid == [("cash", 50_000), ("qris", 60_000), ("transfer", 40_000)]
    assert (shop.state("WATCH-1"), shop.count("taken"), shop.count("payment")) == ("paid", 0, 3)
    assert shop.broken() == []


def test_a_part_that_is_sent_again_is_taken_once_and_so_is_the_last(shop: Shop) -> None:
    scan(shop, "WATCH-1")
    part, last = new_id(), new_id()
    for _ in range(2):
        assert pay(shop, "qris", 50_000, "RRN1", number=part) is None
    number = view(shop).id
    wanted = replace(request(shop), payments=(Paid("cash", 100_000),), expected_total=150_000)
    first = checkout.pay(shop.database, shop.counter, CASHIER, wanted, last)
    again = checkout.pay(shop.database, shop.counter, CASHIER, replace(wanted, lines=()), last)
    assert first
    assert again
    assert (first.receipt, again.is_new) == (again.receipt, False)
    assert (first.receipt["id"], shop.count("payment"), shop.count("sale")) == (number, 2, 1)


@pytest.mark.parametrize("reason", [Reason.MISTAKE, Reason.OTHER_WAY, Reason.NOT_ARRIVED])
def test_a_payment_is_given_back_once_with_its_reason_and_its_reference_may_pay_again(
    shop: Shop, reason: Reason
) -> None:
    scan(shop, "WATCH-1")
    part = new_id()
    pay(shop, "qris", 50_000, "RRN1", number=part)
    checkout.give_back(shop.database, shop.counter, CASHIER, part, reason)
    with pytest.raises(SaleRefusedError, match="none of this cart's"):
        checkout.give_back(shop.database, shop.counter, CASHIER, part, reason)
    assert taken(shop) == []
    assert why_refused(shop, "qris", 50_000, "RRN1", number=part) == "given_back"
    with shop.database.reading() as connection:
        told = connection.exec_driver_sql("SELECT details FROM event WHERE what = 'given_back'").scalars().all()
    assert [reason.value in details for details in told] == [True]
    assert pay(shop, "qris", 150_000, "RRN1")


def test_another_till_gives_nothing_back(shop: Shop) -> None:
    scan(shop, "WATCH-1")
    part = new_id()
    pay(shop, "cash", 50_000, number=part)
    with pytest.raises(SaleRefusedError):
        checkout.give_back(shop.database, shop.open_till("till-2"), CASHIER, part, Reason.MISTAKE)
    assert taken(shop) == [("cash", 50_000)]


def test_a_cart_that_is_cancelled_says_what_to_give_back(shop: Shop) -> None:
    scan(shop, "WATCH-1")
    pay(shop, "cash", 50_000)
    pay(shop, "qris", 60_000, "RRN1")
    back = checkout.cancel(shop.database, shop.counter, CASHIER)
    assert [(taking.paid.method, taking.paid.amount) for taking in back] == [("cash", 50_000), ("qris", 60_000)]
    assert (shop.count("taken"), shop.count("payment_reference"), shop.count("event", "what = 'given_back'")) == (
        0,
        0,
        2,
    )
    scan(shop, "WATCH-1")
    assert pay(shop, "qris", 150_000, "RRN1")


def test_a_cart_with_money_in_it_is_not_held(shop: Shop) -> None:
    scan(shop, "WATCH-1")
    pay(shop, "cash", 50_000)
    with pytest.raises(SaleRefusedError) as refused:
        held.hold(shop.database, shop.counter, CASHIER, view(shop).id, "")
    assert (refused.value.reason, taken(shop)) == ("money_taken", [("cash", 50_000)])


def test_a_reference_in_another_open_cart_is_named_by_its_till(shop: Shop) -> None:
    scan(shop, "WATCH-1")
    pay(shop, "qris", 50_000, "RRN1")
    assert why_refused(shop, "qris", 50_000, "rrn 1") == "reference_twice"
    scan(shop, "WATCH-2", "till-2")
    with pytest.raises(SaleRefusedError) as refused:
        pay(shop, "qris", 150_000, "rrn 1", "till-2")
    assert (refused.value.reason, refused.value.facts["till"]) == ("reference_used", "till-1")


def test_a_voucher_pays_what_is_on_it_and_is_spent_with_the_sale_only(shop: Shop) -> None:
    credit = shop.in_office(lambda turn: store_credit.issue(turn, 40_000, CreditKind.VOUCHER))
    scan(shop, "WATCH-1")
    assert pay(shop, "credit", 150_000, credit.id) is None
    assert (taken(shop), shop.count("credit", "balance = 40000")) == ([("credit", 40_000)], 1)
    outcome = pay(shop, "cash", 110_000)
    assert outcome
    assert (outcome.receipt["payments"][0]["left"], shop.count("credit", "balance = 0")) == (0, 1)
    scan(shop, "WATCH-2")
    assert why_refused(shop, "credit", 150_000, credit.id) == "credit_empty"
    assert why_refused(shop, "credit", 150_000, "0" * 16) == "credit_unknown"
    assert shop.broken() == []


def test_the_part_in_cash_is_rounded_whatever_came_first(shop: Shop) -> None:
    shop.list_products(("SWEET", "Permen", "1234"))
    scan(shop, "SWEET")
    pay(shop, "qris", 210, "A")
    assert rest(1234, [taking.paid for taking in view(shop).taken], Rounding(100)).cash == 1000
    outcome = pay(shop, "cash", 2000)
    assert outcome
    assert [outcome.receipt[name] for name in ("total", "paid", "rounding", "change")] == [1234, 2210, -24, 1000]


def test_no_way_but_cash_takes_more_than_is_left_and_nothing_is_no_part(shop: Shop) -> None:
    scan(shop, "WATCH-1")
    pay(shop, "cash", 50_000)
    assert why_refused(shop, "card", 100_001, "A") == "payment_over"
    assert why_refused(shop, "cash", 0) == "payment_short"
    assert pay(shop, "card", 100_000, "A")


def test_whose_goods_were_taken_out_pays_what_is_left_by_nothing_and_gets_change(shop: Shop) -> None:
    scan(shop, "WATCH-1")
    scan(shop, "WATCH-2")
    pay(shop, "cash", 200_000)
    cart.take_out(shop.database, shop.counter, line_of(shop, "WATCH-2"))
    outcome = pay(shop, "cash", 0)
    assert outcome
    assert outcome.receipt["change"] == 50_000


def test_a_payment_renews_the_lease_of_the_goods(shop: Shop) -> None:
    scan(shop, "WATCH-1")
    shop.alter("UPDATE item SET cart_until = 1 WHERE cart IS NOT NULL")
    pay(shop, "cash", 50_000)
    assert scan(shop, "WATCH-1", "till-2").reason == "held"
    shop.alter("UPDATE item SET cart_until = 1 WHERE cart IS NOT NULL")
    checkout.keep(shop.database, "till-1")
    assert scan(shop, "WATCH-1", "till-2").reason == "held"


def test_two_windows_of_a_till_that_pay_at_once_lose_no_payment(shop: Shop) -> None:
    scan(shop, "WATCH-1")
    wanted = replace(request(shop), expected_total=150_000)
    ready, refused = threading.Barrier(2), set[str]()

    def tender(counter: Counter, paid: Paid) -> None:
        ready.wait()
        try:
            asked = replace(wanted, payments=(paid,), request_hash=paid.method.encode())
            checkout.pay(shop.database, counter, CASHIER, asked, new_id())
        except SaleRefusedError:
            refused.add(paid.method)

    paid = [Paid("cash", 50_000), Paid("card", 150_000, "A")]
    threads = [threading.Thread(target=tender, args=(shop.counter, one)) for one in paid]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told_no = [one.method for one in paid if one.method in refused]
    in_sale = ["cash"] * shop.count("payment", "method = 'cash'") + ["card"] * shop.count("payment", "method = 'card'")
    assert sorted([*told_no, *in_sale, *(method for method, _ in taken(shop))]) == ["card", "cash"]
    assert shop.broken() == []
