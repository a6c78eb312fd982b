"""A sale happens as a whole, once, and by the rules."""

import threading
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos.office.item_card import find_cards
from pos.till import cart, sale
from pos.till.sale import (
    GoodsLine,
    Outcome,
    Paid,
    PaymentError,
    Request,
    SaleConflictError,
    SaleRefusedError,
    UnitLine,
)
from shared import codes
from shared.canonical import canonical
from shared.items import IllegalMoveError
from shared.roles import Role
from shared.staff import Actor
from tests.shop import BAG, CASHIER, WATCH, Shop, new_id

OWN_BODY = "0123456789AB"
DAMAGED = "LN" + OWN_BODY + ("0" if codes.check_character(OWN_BODY) != "0" else "1")


def refusal(shop: Shop, *lines: str | UnitLine | GoodsLine, **more: Any) -> SaleRefusedError:
    """Sell in vain, and see that nothing at all has happened."""
    before = everything(shop)
    with pytest.raises(SaleRefusedError) as refused:
        shop.sell(*lines, **more)
    assert everything(shop) == before
    return refused.value


def everything(shop: Shop) -> list[Any]:
    tables = ("sale", "sale_line", "payment", "event", "item", "register", "cart", "cart_line")
    with shop.database.snapshot() as connection:
        return [sorted(map(tuple, connection.exec_driver_sql(f"SELECT * FROM {name}").all())) for name in tables]


def test_a_sale_marks_its_units_paid_and_gives_a_receipt(shop: Shop) -> None:
    outcome = shop.sell("WATCH-1", "watch-2", GoodsLine(BAG, 3), cash=310_000)
    assert outcome.is_new
    receipt = outcome.receipt
    assert receipt["number"] == "till-1-000001"
    assert receipt["lines"] == [
        {"serial": "WATCH-1", "product": {"code": WATCH, "name": "Arloji"}, "quantity": 1,
         "price": 150_000, "amount": 150_000},
        {"serial": "WATCH-2", "product": {"code": WATCH, "name": "Arloji"}, "quantity": 1,
         "price": 150_000, "amount": 150_000},
        {"product": {"code": BAG, "name": "Kantong"}, "quantity": 3, "price": 500, "amount": 1500},
    ]  # fmt: skip
    assert (receipt["total"], receipt["paid"], receipt["change"], receipt["currency"]) == (
        301_500,
        310_000,
        8500,
        "IDR",
    )
    assert [shop.state(f"WATCH-{n}") for n in (1, 2, 3)] == ["paid", "paid", "in_stock"]
    assert shop.history("WATCH-1") == ["received", "sold"]
    assert (shop.count("sale_line"), shop.count("payment"), shop.count("event", "kind = 'sale'")) == (3, 1, 1)
    assert shop.broken() == []


def test_receipts_of_a_till_are_numbered_without_gaps(shop: Shop) -> None:
    numbers = []
    for serial in ("WATCH-1", "WATCH-2", "WATCH-3"):
        refusal(shop, "NOBODY-1")
        numbers.append(shop.sell(serial, cash=150_000).receipt["number"])
    assert numbers == ["till-1-000001", "till-1-000002", "till-1-000003"]


@pytest.mark.parametrize(
    "text", ["WATCH-1", "watch-1", "S/N WATCH-1", "]C0WATCH-1", f"(01)0{WATCH}(21)WATCH-1", f"]C1010{WATCH}21WATCH-1"]
)
def test_any_form_of_the_label_sells_the_unit(shop: Shop, text: str) -> None:
    assert shop.sell(text, cash=150_000).receipt["lines"][0]["serial"] == "WATCH-1"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("NOBODY-1", "unknown"),
        ("(01)04006381333931(21)WATCH-1", "unknown"),
        (WATCH, "product_code"),
        ("4006381333931", "product_code"),
        (BAG + "-", "unknown"),
        (DAMAGED, "damaged"),
        ("\u0441\u0435\u0440", "unknown"),
    ],
)
def test_a_text_that_names_no_unit_is_explained(shop: Shop, text: str, reason: str) -> None:
    refused = refusal(shop, "WATCH-1", text, cash=300_000)
    assert (refused.reason, refused.facts["serial"]) == (reason, text)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("paid", "already_paid"),
        ("departed", "already_paid"),
        ("returned", "returned"),
        ("quarantined", "quarantined"),
        ("in_transit", "in_transit"),
        ("written_off", "written_off"),
    ],
)
def test_only_stock_is_sold(shop: Shop, state: str, reason: str) -> None:
    shop.move("WATCH-2", state, state)
    refused = refusal(shop, "WATCH-1", "WATCH-2", cash=300_000)
    assert (refused.reason, refused.facts) == (reason, {"serial": "WATCH-2"})


def test_an_expired_unit_is_sold_on_its_last_day_and_not_after(shop: Shop) -> None:
    shop.receive(WATCH, "OLD-1", expires_on="2020-01-31")
    shop.receive(WATCH, "GOOD-1", expires_on="2999-01-31")
    assert refusal(shop, "OLD-1", cash=150_000).reason == "expired"
    assert shop.sell("GOOD-1", cash=150_000).is_new


def test_the_last_day_ends_by_the_shops_clock(shop: Shop) -> None:
    shop.receive(WATCH, "MILK-1", expires_on="2026-03-31")
    with shop.database.reading() as connection:
        item = find_cards(connection, "MILK-1")[0].item
    midnight_in_jakarta = 1_774_976_400_000_000  # 2026-03-31T17:00:00Z
    assert sale.why_not_sellable(item, "", midnight_in_jakarta - 1, shop.counter) == ""
    assert sale.why_not_sellable(item, "", midnight_in_jakarta, shop.counter) == "expired"


def test_a_unit_is_on_one_line_only(shop: Shop) -> None:
    refused = refusal(shop, "WATCH-1", f"(01)0{WATCH}(21)WATCH-1", cash=300_000)
    assert (refused.reason, refused.facts) == ("twice", {"serial": "WATCH-1"})


def test_a_serial_of_two_products_is_ambiguous_until_one_is_named(shop: Shop) -> None:
    shop.list_products(("RING", "Cincin", "1000"))
    shop.receive(WATCH, "12345")
    shop.receive("RING", "12345")
    refused = refusal(shop, "12345", cash=150_000)
    assert refused.reason == "ambiguous"
    listed = sorted(candidate["product"] for candidate in refused.facts["candidates"])
    assert listed == [WATCH, "RING"]
    wrong = refusal(shop, UnitLine("12345", BAG), cash=150_000)
    assert (wrong.reason, wrong.detail) == ("unknown", "no unit of product 'BAG' with this serial was received")
    assert shop.sell(UnitLine("12345", "ring"), cash=1000).receipt["total"] == 1000
    assert shop.sell(f"(01)0{WATCH}(21)12345", cash=150_000).is_new


def test_a_product_named_beside_an_unambiguous_serial_has_to_fit(shop: Shop) -> None:
    assert refusal(shop, UnitLine("WATCH-1", BAG), cash=150_000).reason == "unknown"
    assert shop.sell(UnitLine("WATCH-1", WATCH), cash=150_000).is_new


def test_goods_sell_by_code_and_quantity(shop: Shop) -> None:
    assert shop.sell(GoodsLine("bag", 2), GoodsLine(BAG, 1), cash=1500).receipt["total"] == 1500
    unknown = refusal(shop, GoodsLine("BOX", 1), cash=500)
    assert (unknown.reason, unknown.facts) == ("unknown", {"product": "BOX"})
    by_serial = refusal(shop, GoodsLine(WATCH, 1), cash=150_000)
    assert (by_serial.reason, by_serial.facts) == ("needs_serial", {"product": WATCH})


def test_a_price_that_changed_is_refused_before_the_money_is_counted(shop: Shop) -> None:
    shop.list_products((WATCH, "Arloji", "160000"))
    refused = refusal(shop, "WATCH-1", total=150_000, cash=1)
    assert (refused.reason, refused.facts) == ("price_changed", {"total": 160_000})
    assert shop.sell("WATCH-1", total=160_000, cash=160_000).is_new


def test_lines_are_checked_before_the_price_and_the_price_before_the_money(shop: Shop) -> None:
    assert refusal(shop, "NOBODY-1", total=1, cash=1).reason == "unknown"
    assert refusal(shop, "WATCH-1", total=1, cash=1).reason == "price_changed"
    assert refusal(shop, "WATCH-1", cash=1).reason == "payment_short"


@pytest.mark.parametrize(
    ("payments", "reason", "change"),
    [
        ([], "payment_short", 0),
        ([("cash", 149_999)], "payment_short", 0),
        ([("card", 149_999)], "payment_short", 0),
        ([("card", 150_001)], "payment_over", 0),
        ([("card", 150_001), ("cash", 1)], "payment_over", 0),
        ([("card", 100_000), ("card", 50_001)], "payment_over", 0),
        ([("cash", 150_000)], "", 0),
        ([("card", 150_000)], "", 0),
        ([("cash", 200_000)], "", 50_000),
        ([("card", 100_000), ("cash", 100_000)], "", 50_000),
        ([("cash", 50_000), ("card", 50_000), ("card", 50_000)], "", 0),
    ],
)
def test_only_cash_may_exceed_the_total(shop: Shop, payments: list[tuple[str, int]], reason: str, change: int) -> None:
    request = shop.request("WATCH-1", paid=[Paid(*payment) for payment in payments])
    if reason:
        with pytest.raises(PaymentError) as refused:
            sale.sell(shop.database, shop.counter, CASHIER, request)
        assert refused.value.reason == reason
        assert shop.state("WATCH-1") == "in_stock"
    else:
        assert sale.sell(shop.database, shop.counter, CASHIER, request).receipt["change"] == change


def test_what_costs_nothing_needs_no_payment(shop: Shop) -> None:
    shop.list_products(("GIFT", "Hadiah", "0"))
    assert shop.sell(GoodsLine("GIFT", 1)).receipt["total"] == 0


def test_the_same_request_again_gets_the_same_receipt(shop: Shop) -> None:
    request = shop.request("WATCH-1", paid=[Paid("cash", 150_000)])
    first = sale.sell(shop.database, shop.counter, CASHIER, request)
    other_till = shop.open_till("till-2")
    before = everything(shop)
    again = sale.sell(shop.database, shop.counter, CASHIER, request)
    elsewhere = sale.sell(shop.database, other_till, CASHIER, request)
    assert again == elsewhere == Outcome(first.receipt, is_new=False)
    assert everything(shop) == before


def test_the_same_id_with_other_content_is_refused(shop: Shop) -> None:
    name = new_id()
    shop.sell("WATCH-1", cash=150_000, sale_id=name)
    with pytest.raises(SaleConflictError) as refused:
        shop.sell("WATCH-2", cash=150_000, sale_id=name)
    assert (refused.value.reason, refused.value.facts) == ("other_content", {"id": name})
    assert shop.state("WATCH-2") == "in_stock"


def test_a_refusal_uses_up_no_id(shop: Shop) -> None:
    name = new_id()
    refusal(shop, "WATCH-1", cash=1, sale_id=name)
    assert shop.sell("WATCH-1", cash=150_000, sale_id=name).is_new


def test_a_cancelled_id_can_never_be_sold(shop: Shop) -> None:
    name = new_id()
    buried = shop.database.write(lambda connection: sale.bury(connection, shop.counter, CASHIER, name))
    again = shop.database.write(lambda connection: sale.bury(connection, shop.counter, CASHIER, name))
    with pytest.raises(SaleConflictError) as refused:
        shop.sell("WATCH-1", cash=150_000, sale_id=name)
    assert (buried, again, refused.value.reason) == (True, True, "cancelled")
    assert shop.state("WATCH-1") == "in_stock"


def test_what_was_sold_is_not_cancelled(shop: Shop) -> None:
    name = new_id()
    shop.sell("WATCH-1", cash=150_000, sale_id=name)
    assert not shop.database.write(lambda connection: sale.bury(connection, shop.counter, CASHIER, name))
    assert not shop.sell("WATCH-1", cash=150_000, sale_id=name).is_new


@pytest.mark.parametrize("role", [Role.SECURITY, Role.CLERK, Role.SERVICE, Role.GATE])
def test_who_may_not_sell_does_not(shop: Shop, role: Role) -> None:
    request = shop.request("WATCH-1", paid=[Paid("cash", 150_000)])
    with pytest.raises(IllegalMoveError):
        sale.sell(shop.database, shop.counter, Actor("staff:9", "Agus", role), request)
    assert shop.state("WATCH-1") == "in_stock"


def at_once(count: int, work: Any) -> list[Any]:
    """Run `work` in some threads at the same moment; give what each gave or raised."""
    ready, results = threading.Barrier(count), []

    def run(number: int) -> None:
        ready.wait()
        try:
            results.append(work(number))
        except SaleRefusedError as refused:
            results.append(refused.reason)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_one_request_sent_by_many_at_once_is_one_sale(shop: Shop) -> None:
    request = shop.request("WATCH-1", paid=[Paid("cash", 150_000)])
    tills = [shop.open_till(f"till-{number}") for number in range(8)]
    results = at_once(8, lambda number: sale.sell(shop.database, tills[number], CASHIER, request))
    assert sorted(outcome.is_new for outcome in results) == [False] * 7 + [True]
    assert len({str(outcome.receipt) for outcome in results}) == 1
    assert (shop.count("sale"), shop.count("payment")) == (1, 1)
    assert shop.broken() == []


def test_one_unit_sold_by_many_at_once_is_sold_once(shop: Shop) -> None:
    tills = [shop.open_till(f"till-{number}") for number in range(8)]

    def sell(number: int) -> Outcome:
        request = shop.request("WATCH-1", paid=[Paid("cash", 150_000)])
        return sale.sell(shop.database, tills[number], CASHIER, request)

    results = at_once(8, sell)
    assert results.count("already_paid") == 7
    assert shop.count("sale") == 1


def test_two_sales_of_the_same_units_in_opposite_orders_do_not_wait_for_each_other_for_ever(shop: Shop) -> None:
    tills = [shop.open_till("till-a"), shop.open_till("till-b")]
    started = time.monotonic()
    for round_ in range(1, 5):
        serials = [f"R{round_}-{n:03d}" for n in range(20)]
        shop.receive(WATCH, *serials)
        orders = [serials, serials[::-1]]

        def sell(number: int, orders: list[list[str]] = orders) -> Outcome:
            request = shop.request(*orders[number], paid=[Paid("cash", 20 * 150_000)])
            return sale.sell(shop.database, tills[number], CASHIER, request)

        assert at_once(2, sell).count("already_paid") == 1
    assert time.monotonic() - started < 20


# ---- the lease of a cart


def test_a_unit_in_another_tills_cart_is_held(shop: Shop) -> None:
    cart.scan(shop.database, shop.open_till("till-2"), "WATCH-1")
    refused = refusal(shop, "WATCH-1", cash=150_000)
    assert (refused.reason, refused.facts) == ("held", {"serial": "WATCH-1", "till": "till-2"})


def test_a_lease_ends_with_age(shop: Shop) -> None:
    cart.scan(shop.database, shop.open_till("till-2"), "WATCH-1")
    shop.alter("UPDATE item SET cart_until = cart_until - 901000000 WHERE cart IS NOT NULL")
    assert shop.sell("WATCH-1", cash=150_000).is_new


# ---- whatever is asked for


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.one_of(
            st.builds(UnitLine, st.sampled_from(["WATCH-4", "WATCH-5", "NOBODY", "", WATCH, "\x00"])),
            st.builds(GoodsLine, st.sampled_from([BAG, WATCH, "", "BOX"]), st.integers(1, 3)),
        ),
        min_size=1,
        max_size=4,
    ),
    cash=st.sampled_from([0, 500, 150_000, 10**6]),
)
def test_whatever_is_asked_for_is_sold_or_refused_as_a_whole(
    shop: Shop, lines: list[UnitLine | GoodsLine], cash: int
) -> None:
    before = shop.count("sale")
    paid = tuple([Paid("cash", cash)] if cash else [])
    request = Request(new_id(), tuple(lines), paid, None, b"any")
    try:
        sale.sell(shop.database, shop.counter, CASHIER, request)
    except SaleRefusedError:
        assert shop.count("sale") == before
    else:
        assert shop.count("sale") == before + 1
    assert shop.count("sale", "reply = ''") == 0


def test_requests_are_compared_as_values() -> None:
    assert sale.hash_of({"a": 1, "b": [1, "x"]}) == sale.hash_of({"b": [1, "x"], "a": 1})
    assert sale.hash_of({"a": 1}) != sale.hash_of({"a": "1"})
    assert sale.hash_of({"a": [1, 2]}) != sale.hash_of({"a": [2, 1]})
    assert canonical({"b": 1, "a": "\u00e9"}) == '{"a":"\u00e9","b":1}'
