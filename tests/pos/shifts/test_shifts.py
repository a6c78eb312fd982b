"""A shift counts what its drawer must hold; it is opened and closed once, and nothing slips in behind its closing."""

import json
import random
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from pos.returns.rules import Condition, Reason
from pos.shifts import drawer, shift
from pos.shifts.counting import Count
from pos.shifts.drawer import Opening
from pos.shifts.shift import Move, ShiftRow
from pos.till import checkout
from pos.till.basket import SaleRefusedError
from pos.till.rounding import Rounding
from pos.till.sale import GoodsLine, Paid
from shared import heads
from shared.differences import Broken
from tests.pos.alone.lonely_till import LonelyTill
from tests.pos.returns.customer import Customer
from tests.pos.test_cart import scan
from tests.pos.test_checkout import pay
from tests.shop import BAG, CASHIER, SIGNER, Shop, new_id

FLOAT = Count.of({50_000: 4})


def opened(shop: Shop, till: str = "till-1", number: str = "") -> ShiftRow:
    return shift.open_shift(shop.database, shop.open_till(till), CASHIER, number or new_id(), FLOAT)


def closed(shop: Shop, found: ShiftRow, amount: int = 0) -> ShiftRow:
    return shift.close_shift(shop.database, shop.open_till(found.register), CASHIER, found.id, Count(amount))


def moved(shop: Shop, amount: int, number: str = "", note: str = "") -> bool:
    move = Move(number or new_id(), amount, shift.Reason.SAFE, note)
    return shift.move_cash(shop.database, shop.counter, CASHIER, move)


def expected(shop: Shop) -> int:
    with shop.database.reading() as connection:
        found = shift.current(connection, shop.counter.register)
        assert found
        return shift.report_of(connection, shop.counter.store, found).expected


def why_refused(work: object, *how: object) -> str:
    with pytest.raises(SaleRefusedError) as found:
        work(*how)  # type: ignore[operator] # any of the above
    return found.value.reason


def test_a_shift_is_opened_and_closed_once_and_numbers_have_no_gaps(shop: Shop) -> None:
    numbers = []
    for _ in range(3):
        first = opened(shop)
        assert opened(shop, number=first.id) == first
        assert why_refused(opened, shop) == "shift_open"
        with Shop(shop.url, is_ready=True) as after_a_power_cut:
            ended = closed(after_a_power_cut, first, 150_000)
        assert closed(shop, first, 1) == ended
        assert (ended.expected, ended.counted) == (200_000, 150_000)
        numbers.append(ended.number)
    assert numbers == [1, 2, 3]
    assert opened(shop, "till-2").number == 1
    assert shop.broken() == []


@pytest.mark.parametrize("seed", range(4))
def test_the_expected_cash_is_what_a_careful_person_would_have_reckoned(shop: Shop, seed: int) -> None:
    draw = random.Random(seed)
    shop.counter = replace(shop.counter, rounding=Rounding(100), refund_limit=10**9)
    shop.list_products(("CUP", "Cup", "10333"))
    shop.receive("CUP", *(f"CUP-{number:03}" for number in range(30)))
    shop.sell(GoodsLine(BAG, 1), cash=500)  # of before the shift: none of it
    found, cash, stock, sold = opened(shop), 200_000, [f"CUP-{n:03}" for n in range(30)], list[str]()
    for _ in range(30):
        what = draw.choice(["cash", "card", "refund", "move", "drawer", "given back"])
        if what in {"cash", "card"}:
            customer, serial = Customer(shop), stock.pop()
            customer.take(serial)
            receipt = customer.pay(Paid(what, 20_000 if what == "cash" else 10_333, "" if what == "cash" else new_id()))
            cash += 20_000 - receipt["change"] if what == "cash" else 0
            sold += [serial] if what == "cash" else []
        elif what == "refund" and sold:
            customer = Customer(shop)
            customer.bring(sold.pop(draw.randrange(len(sold))), (Reason.DEFECT, Condition.DAMAGED))
            cash -= sum(one["amount"] for one in customer.settle()["returned"]["refunds"] if one["method"] == "cash")
        elif what == "move":
            amount = draw.choice([-1, 1]) * draw.randrange(1, 50_000)
            moved(shop, amount)
            cash += amount
        elif what == "drawer":
            opening = Opening(new_id(), drawer.Reason.CHANGE, "", "staff:9")
            assert drawer.note_opening(shop.database, shop.counter, CASHIER, opening)
        else:
            scan(shop, "WATCH-1")
            pay(shop, "cash", 50_000)
            assert why_refused(closed, shop, found) == "money_taken"
            checkout.cancel(shop.database, shop.counter, CASHIER)
            assert shop.state("WATCH-1") == "in_stock"
        assert expected(shop) == cash
    ended = closed(shop, found, cash - 700)
    assert (ended.expected, ended.counted) == (cash, cash - 700)
    whole = json.loads(ended.report)["whole"]
    assert whole["total"] + whole["rounding"] == sum(whole["methods"].values())
    assert whole == json.loads(ended.report)["people"][CASHIER.id]
    assert shop.broken() == []


def test_the_closing_keeps_signed_heads_that_cover_it(shop: Shop) -> None:
    ended = closed(shop, opened(shop))
    with shop.database.snapshot() as connection:
        comparison = heads.compare(connection, ended.heads.splitlines(), SIGNER)
    assert (comparison.kept, comparison.broken) == (len(ended.heads.splitlines()), [])
    own = next(head for line in ended.heads.splitlines() if (head := json.loads(line))["register"] == "till-1")
    assert own["seq"] == ended.first_seq + 1
    shop.alter(f"DELETE FROM event WHERE register = 'till-1' AND seq = {own['seq']}")
    with shop.database.snapshot() as connection:
        assert heads.compare(connection, ended.heads.splitlines(), SIGNER).broken != []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE shift SET counted = counted + 1",
        "UPDATE shift SET report = ''",
        "UPDATE cash_move SET amount = amount - 5",
        "UPDATE cash_move SET note = 'nothing'",
        "UPDATE cash_move SET approved_by = 'staff:3'",
        "UPDATE drawer_opening SET approved_by = ''",
        "DELETE FROM cash_move",
    ],
)
def test_rows_that_say_other_than_the_ledger_are_found(shop: Shop, change: str) -> None:
    found = opened(shop)
    moved(shop, -5000, note="parking for Mr. Lim")
    drawer.note_opening(shop.database, shop.counter, CASHIER, Opening(new_id(), drawer.Reason.OTHER, "key", "staff:2"))
    closed(shop, found)
    assert shop.count("event", "details LIKE '%%Lim%%'") == 0
    assert shop.broken() == []
    shop.alter(change)
    (broken,) = shop.broken()
    assert isinstance(broken, Broken)


def test_cash_moves_and_openings_that_are_sent_again_happen_once(shop: Shop) -> None:
    assert why_refused(moved, shop, 5000) == "no_shift"
    opened(shop)
    number = new_id()
    assert [moved(shop, 5000, number) for _ in range(2)] == [True, False]
    opening = Opening(new_id(), drawer.Reason.COUNT, "", "")
    noted = [drawer.note_opening(shop.database, shop.counter, CASHIER, opening) for _ in range(2)]
    assert (noted, expected(shop)) == ([True, False], 205_000)


def test_with_shifts_nothing_is_paid_before_one_is_open_and_what_was_paid_is_told_again_after(shop: Shop) -> None:
    shop.counter = replace(shop.counter, has_shifts=True)
    asked = shop.request(GoodsLine(BAG, 2), paid=[Paid("cash", 1000)])
    sell = (checkout.sell, shop.database, shop.counter, CASHIER, asked)
    assert why_refused(*sell) == "no_shift"
    customer = Customer(shop)
    customer.take("WATCH-1")
    assert why_refused(customer.pay, Paid("cash", 50_000)) == "no_shift"
    assert why_refused(customer.pay, Paid("cash", 150_000)) == "no_shift"
    found = opened(shop)
    customer.pay(Paid("cash", 150_000))
    receipt = checkout.sell(shop.database, shop.counter, CASHIER, asked).receipt
    closed(shop, found)
    assert checkout.sell(shop.database, shop.counter, CASHIER, asked).receipt == receipt
    customer.bring("WATCH-1")
    assert why_refused(customer.settle) == "no_shift"


def test_no_sale_slips_in_behind_the_closing(shop: Shop) -> None:
    counter = replace(shop.counter, has_shifts=True)
    found, sold = opened(shop), list[int]()

    def sell() -> None:
        try:
            while True:
                request = shop.request(GoodsLine(BAG, 1), paid=[Paid("cash", 500)])
                checkout.sell(shop.database, counter, CASHIER, request)
                sold.append(500)
        except SaleRefusedError:
            pass

    sellers = [threading.Thread(target=sell) for _ in range(3)]
    for seller in sellers:
        seller.start()
    while len(sold) < 10:
        assert all(seller.is_alive() for seller in sellers)
    ended = closed(shop, found)
    for seller in sellers:
        seller.join()
    assert ended.expected == 200_000 + sum(sold)


def test_what_the_till_sold_alone_is_of_the_shift_that_went_on(shop: Shop, tmp_path: Path) -> None:
    shop.counter = replace(shop.counter, has_shifts=True)
    found = opened(shop)
    till = LonelyTill(shop, tmp_path)
    till.keeper.step()
    till.cut()
    till.sell("WATCH-1")
    till.mend()
    till.close()
    assert (closed(shop, found).expected, shop.state("WATCH-1")) == (350_000, "paid")
    assert shop.broken() == []
