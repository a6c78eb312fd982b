"""The open cart: what is scanned is counted, held for this till, and never leaves unpaid by a race."""

import threading
from typing import Any

import pytest

from pos.till import cart, checkout, sale
from pos.till.cart_view import Answer, CartView
from pos.till.sale import GoodsLine, Outcome, Paid, Request, SaleConflictError, SaleRefusedError, UnitLine
from tests.shop import BAG, CASHIER, WATCH, Shop, new_id


def scan(shop: Shop, text: str, till: str = "till-1", beside: str = "") -> Answer:
    return cart.scan(shop.database, shop.open_till(till), text, beside)


def view(shop: Shop, till: str = "till-1") -> CartView:
    return cart.view(shop.database, shop.open_till(till))


def shown(shop: Shop, till: str = "till-1") -> list[tuple[str, int]]:
    return [(line.item.serial if line.item else line.product.code, line.quantity) for line in view(shop, till).lines]


def request(shop: Shop, till: str = "till-1") -> Request:
    """Ask to sell what the cart shows."""
    seen = view(shop, till)
    lines = [
        UnitLine(line.item.serial) if line.item else GoodsLine(line.product.code, line.quantity) for line in seen.lines
    ]
    return shop.request(*lines, paid=[Paid("cash", max(seen.total, 1))], sale_id=seen.id)


def pay(shop: Shop, wanted: Request) -> Outcome:
    outcome = checkout.pay(shop.database, shop.counter, CASHIER, wanted)
    assert outcome
    return outcome


def line_of(shop: Shop, serial: str) -> str:
    return next(str(line.item.id) for line in view(shop).lines if line.item and line.item.serial == serial)


def test_an_empty_till_shows_an_empty_cart(shop: Shop) -> None:
    assert view(shop) == CartView("", ())


def test_scans_are_lines_the_newest_first(shop: Shop) -> None:
    answers = [scan(shop, text) for text in ("WATCH-1", BAG, f"(01)0{WATCH}(21)WATCH-2")]
    assert [(answer.level, answer.text) for answer in answers] == [
        ("good", "WATCH-1"),
        ("good", BAG),
        ("good", "WATCH-2"),
    ]
    assert shown(shop) == [("WATCH-2", 1), (BAG, 1), ("WATCH-1", 1)]
    assert (view(shop).total, view(shop).count) == (300_500, 3)
    assert answers[0].line is not None
    assert answers[0].line.amount == 150_000


def test_a_unit_scanned_twice_is_one_line_and_said_softly(shop: Shop) -> None:
    scan(shop, "WATCH-1")
    answer = scan(shop, "watch-1")
    assert (answer.level, answer.reason) == ("soft", "in_cart")
    assert shown(shop) == [("WATCH-1", 1)]


def test_goods_scanned_again_count_up_to_the_most(shop: Shop) -> None:
    for _ in range(3):
        scan(shop, BAG)
    assert shown(shop) == [(BAG, 3)]
    product = view(shop).lines[0].product.id
    cart.set_quantity(shop.database, shop.counter, product, 5000)
    scan(shop, BAG)
    assert shown(shop) == [(BAG, cart.MOST_OF_ONE)]
    cart.set_quantity(shop.database, shop.counter, product, 2)
    assert shown(shop) == [(BAG, 2)]
    cart.set_quantity(shop.database, shop.counter, product, 0)
    assert shown(shop) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("NOBODY-1", "unknown"),
        (WATCH, "product_code"),
        ("4006381333931", "product_code"),
        ("\x1b[31m", "unreadable"),
        ("", "unreadable"),
        ("https://example.com", "unknown"),
    ],
)
def test_a_scan_that_is_no_unit_is_refused_and_changes_nothing(shop: Shop, text: str, reason: str) -> None:
    answer = scan(shop, text)
    assert (answer.level, answer.reason, answer.line) == ("hard", reason, None)
    assert "\x1b" not in answer.text
    assert shown(shop) == []


@pytest.mark.parametrize("state", ["paid", "departed", "returned", "quarantined", "in_transit", "written_off"])
def test_only_stock_goes_into_a_cart(shop: Shop, state: str) -> None:
    shop.move("WATCH-1", state, state)
    answer = scan(shop, "WATCH-1")
    assert (answer.level, answer.reason) == ("hard", "already_paid" if state in {"paid", "departed"} else state)
    assert shown(shop) == []


def test_a_unit_in_another_tills_cart_is_held_and_that_till_named(shop: Shop) -> None:
    scan(shop, "WATCH-1", "till-2")
    answer = scan(shop, "WATCH-1")
    assert (answer.level, answer.reason, answer.till) == ("hard", "held", "till-2")
    assert (shown(shop), shown(shop, "till-2")) == ([], [("WATCH-1", 1)])


def test_a_lease_that_aged_out_goes_to_who_scans_next(shop: Shop) -> None:
    scan(shop, "WATCH-1", "till-2")
    shop.alter("UPDATE item SET cart_until = cart_until - 901000000 WHERE cart IS NOT NULL")
    assert scan(shop, "WATCH-1").level == "good"
    assert (shown(shop), shown(shop, "till-2")) == ([("WATCH-1", 1)], [])


def test_each_scan_keeps_the_whole_cart_alive(shop: Shop) -> None:
    scan(shop, "WATCH-1")
    shop.alter("UPDATE item SET cart_until = cart_until - 800000000 WHERE cart IS NOT NULL")
    scan(shop, "WATCH-2")
    assert shop.count("item", "cart_until = (SELECT max(cart_until) FROM item)") == 2


def test_an_aged_cart_still_sells_what_nobody_else_took(shop: Shop) -> None:
    scan(shop, "WATCH-1")
    shop.alter("UPDATE item SET cart_until = 0 WHERE cart IS NOT NULL")
    assert pay(shop, request(shop)).is_new


def test_a_line_is_taken_out_and_free_again(shop: Shop) -> None:
    for text in ("WATCH-1", "WATCH-2", BAG):
        scan(shop, text)
    product = view(shop).lines[0].product.id
    cart.take_out(shop.database, shop.counter, line_of(shop, "WATCH-1"))
    cart.take_out(shop.database, shop.counter, f"product:{product}")
    cart.take_out(shop.database, shop.counter, f"product:{product}")
    assert shown(shop) == [("WATCH-2", 1)]
    assert scan(shop, "WATCH-1", "till-2").level == "good"


@pytest.mark.parametrize("line", ["", "x", "product:", "product:x", "unit:5"])
def test_a_line_that_is_none_is_refused(shop: Shop, line: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        cart.take_out(shop.database, shop.counter, line)


def test_no_till_takes_out_of_anothers_cart(shop: Shop) -> None:
    scan(shop, "WATCH-1")
    cart.take_out(shop.database, shop.open_till("till-2"), line_of(shop, "WATCH-1"))
    assert shown(shop) == [("WATCH-1", 1)]


def test_paying_sells_the_cart_and_opens_a_new_one(shop: Shop) -> None:
    for text in ("WATCH-1", BAG):
        scan(shop, text)
    wanted = request(shop)
    outcome = pay(shop, wanted)
    assert (outcome.is_new, outcome.receipt["id"], outcome.receipt["total"]) == (True, wanted.id, 150_500)
    assert view(shop) == CartView("", ())
    assert (shop.state("WATCH-1"), shop.count("item", "cart IS NOT NULL"), shop.count("cart_line")) == ("paid", 0, 0)
    scan(shop, "WATCH-2")
    assert view(shop).id != wanted.id


def test_paying_twice_is_one_sale_and_leaves_the_next_cart_alone(shop: Shop) -> None:
    scan(shop, "WATCH-1")
    wanted = request(shop)
    first = pay(shop, wanted)
    scan(shop, "WATCH-2")
    assert pay(shop, wanted) == Outcome(first.receipt, is_new=False)
    assert shown(shop) == [("WATCH-2", 1)]


def test_a_refused_payment_leaves_the_cart_as_it_is(shop: Shop) -> None:
    scan(shop, "WATCH-1")
    seen = view(shop)
    with pytest.raises(SaleRefusedError, match="expected payments of 150000, got 1"):
        pay(shop, shop.request("WATCH-1", paid=[Paid("cash", 1)], sale_id=seen.id))
    assert view(shop) == seen


def test_a_unit_that_came_into_the_cart_meanwhile_stops_the_payment(shop: Shop) -> None:
    scan(shop, "WATCH-1")
    wanted = request(shop)
    scan(shop, "WATCH-2")
    with pytest.raises(SaleRefusedError) as refused:
        pay(shop, wanted)
    assert refused.value.reason == "cart_changed"
    assert (shown(shop), shop.count("sale")) == ([("WATCH-2", 1), ("WATCH-1", 1)], 0)
    assert pay(shop, request(shop)).receipt["total"] == 300_000


def test_a_cancelled_cart_goes_back_to_the_shelf_and_is_never_paid(shop: Shop) -> None:
    for text in ("WATCH-1", BAG):
        scan(shop, text)
    wanted = request(shop)
    checkout.cancel(shop.database, shop.counter, CASHIER)
    checkout.cancel(shop.database, shop.counter, CASHIER)
    assert (view(shop).lines, shop.count("item", "cart IS NOT NULL"), shop.count("cart_line")) == ((), 0, 0)
    with pytest.raises(SaleConflictError) as refused:
        pay(shop, wanted)
    assert refused.value.reason == "cancelled"
    assert shop.state("WATCH-1") == "in_stock"
    assert scan(shop, "WATCH-1", "till-2").level == "good"


def test_a_till_remembers_its_last_customer(shop: Shop) -> None:
    """The gate says which till an unpaid unit was at last."""
    scan(shop, "WATCH-1")
    checkout.cancel(shop.database, shop.counter, CASHIER)
    assert shop.count("item", "cart_register = 'till-1' AND cart_at IS NOT NULL") == 1


def test_an_ambiguous_serial_wants_its_product_beside(shop: Shop) -> None:
    shop.list_products(("RING", "Cincin", "1000"))
    shop.receive(WATCH, "12345")
    shop.receive("RING", "12345")
    assert scan(shop, "12345").reason == "ambiguous"
    assert scan(shop, BAG, beside="12345").reason == "ambiguous"
    answer = scan(shop, "RING", beside="12345")
    assert (answer.level, answer.line and answer.line.product.code) == ("good", "RING")


def test_scans_of_two_tills_at_once_hold_each_unit_once(shop: Shop) -> None:
    serials = [f"S-{number:03d}" for number in range(30)]
    shop.receive(WATCH, *serials)
    tills = [shop.open_till(f"till-{number}") for number in range(4)]
    levels: list[str] = []

    def work(number: int) -> None:
        for serial in serials if number % 2 else serials[::-1]:
            levels.append(cart.scan(shop.database, tills[number], serial).level)  # noqa: PERF401 - threads share it

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (levels.count("good"), levels.count("hard")) == (30, 90)
    assert sorted(serial for n in range(4) for serial, _ in shown(shop, f"till-{n}")) == serials


def test_scans_beside_payments_are_paid_for_or_still_in_a_cart(shop: Shop) -> None:
    """A second scanner goes on while the cashier pays: no unit is lost between two carts."""
    serials = [f"S-{number:03d}" for number in range(60)]
    shop.receive(WATCH, *serials)
    done = threading.Event()
    faults: list[Exception] = []

    def settle() -> None:
        while not done.is_set():
            try:
                wanted = request(shop)
                if wanted.lines:
                    pay(shop, wanted)
            except SaleRefusedError as refused:
                if refused.reason != "cart_changed":
                    faults.append(refused)

    cashier = threading.Thread(target=settle)
    cashier.start()
    levels = [scan(shop, serial).level for serial in serials]
    done.set()
    cashier.join()
    assert (faults, set(levels)) == ([], {"good"})
    left = [serial for serial, _ in shown(shop)]
    assert all(shop.state(serial) == ("in_stock" if serial in left else "paid") for serial in serials)
    assert shop.broken() == []


def test_a_cart_is_not_sold_by_others_while_it_is_open(shop: Shop) -> None:
    scan(shop, "WATCH-1")
    for till in ("till-1", "till-2"):
        wanted: Any = shop.request("WATCH-1", paid=[Paid("cash", 150_000)], sale_id=new_id())
        with pytest.raises(SaleRefusedError) as refused:
            sale.sell(shop.database, shop.open_till(till), CASHIER, wanted)
        assert refused.value.reason == "held"
