"""What pays once pays once: references, vouchers and store credit."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from pos.till import sale, store_credit
from pos.till.basket import Paid, SaleRefusedError
from pos.till.rounding import Rounding
from pos.till.sale import Outcome
from pos.till.store_credit import CreditKind, CreditRow
from tests.shop import CASHIER, Shop


def issue(shop: Shop, amount: int, kind: CreditKind = CreditKind.VOUCHER) -> CreditRow:
    return shop.in_office(lambda turn: store_credit.issue(turn, amount, kind), actor="staff:2")


def pay(shop: Shop, serial: str, *paid: Paid, till: str = "till-1") -> Outcome:
    return sale.sell(shop.database, shop.open_till(till), CASHIER, shop.request(serial, paid=paid))


def refused(shop: Shop, serial: str, *paid: Paid) -> SaleRefusedError:
    with pytest.raises(SaleRefusedError) as found:
        pay(shop, serial, *paid)
    assert shop.state(serial) == "in_stock"
    return found.value


def balance(shop: Shop, credit: CreditRow) -> int:
    with shop.database.reading() as connection:
        found = store_credit.find(connection, credit.id)
    assert found
    return found.balance


def at_once(works: Sequence[Callable[[], Any]]) -> list[str]:
    """Do these at the same moment; "" for each that was done, else why it was refused."""
    ready, reasons = threading.Barrier(len(works)), []

    def run(work: Callable[[], Any]) -> None:
        ready.wait()
        try:
            work()
            reasons.append("")
        except SaleRefusedError as error:
            reasons.append(error.reason)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(reasons)


@pytest.mark.parametrize("method", ["qris", "transfer"])
def test_a_reference_pays_once_for_ever_and_the_receipt_that_has_it_is_named(shop: Shop, method: str) -> None:
    pay(shop, "WATCH-1", Paid(method, 150_000, "RRN 4711a"))
    error = refused(shop, "WATCH-2", Paid(method, 150_000, "rrn4711A"))
    assert (error.reason, error.facts["number"]) == ("reference_used", "till-1-000001")
    pay(shop, "WATCH-3", Paid("qris" if method == "transfer" else "transfer", 150_000, "RRN 4711a"))
    assert shop.broken() == []


def test_a_terminals_reference_may_come_again(shop: Shop) -> None:
    for serial in ("WATCH-1", "WATCH-2"):
        pay(shop, serial, Paid("card", 150_000, "004217"))
    assert shop.count("payment", "reference = '004217'") == 2


def test_a_refused_sale_uses_up_no_reference(shop: Shop) -> None:
    assert refused(shop, "WATCH-1", Paid("qris", 1, "A1")).reason == "payment_short"
    pay(shop, "WATCH-1", Paid("qris", 150_000, "A1"))


def test_one_reference_at_many_tills_at_once_pays_one_sale(shop: Shop) -> None:
    paid = Paid("qris", 150_000, "ONE")
    works = [partial(pay, shop, f"WATCH-{n}", paid, till=f"till-{n}") for n in range(1, 6)]
    assert at_once(works) == [""] + ["reference_used"] * 4
    assert shop.count("payment") == 1


def test_a_credit_is_spent_bit_by_bit_and_tells_what_is_left(shop: Shop) -> None:
    credit = issue(shop, 200_000, CreditKind.STORE_CREDIT)
    receipt = pay(shop, "WATCH-1", Paid("credit", 150_000, credit.id)).receipt
    assert receipt["payments"] == [{"method": "credit", "amount": 150_000, "reference": credit.id, "left": 50_000}]
    short = refused(shop, "WATCH-2", Paid("credit", 150_000, credit.id))
    assert (short.reason, short.facts["balance"]) == ("credit_short", 50_000)
    pay(shop, "WATCH-2", Paid("credit", 50_000, credit.id), Paid("cash", 100_000))
    assert balance(shop, credit) == 0
    assert refused(shop, "WATCH-3", Paid("credit", 1, "0" * 16), Paid("cash", 149_999)).reason == "credit_unknown"
    assert shop.broken() == []


def test_one_credit_at_many_tills_at_once_is_never_spent_twice(shop: Shop) -> None:
    credit = issue(shop, 300_000)
    paid = Paid("credit", 150_000, credit.id)
    works = [partial(pay, shop, f"WATCH-{n}", paid, till=f"till-{n}") for n in range(1, 6)]
    assert at_once(works) == ["", ""] + ["credit_short"] * 3
    assert (balance(shop, credit), shop.count("payment")) == (0, 2)
    assert shop.broken() == []


def test_two_sales_of_two_credits_in_opposite_orders_do_not_wait_for_each_other_for_ever(shop: Shop) -> None:
    credits_ = [issue(shop, 200_000), issue(shop, 200_000)]

    def buy(number: int) -> Outcome:
        ordered = credits_ if number == 1 else credits_[::-1]
        paid = [Paid("credit", 75_000, credit.id) for credit in ordered]
        return pay(shop, f"WATCH-{number}", *paid, till=f"till-{number}")

    assert at_once([partial(buy, 1), partial(buy, 2)]) == ["", ""]
    assert [balance(shop, credit) for credit in credits_] == [50_000, 50_000]


def test_the_ledger_knows_no_code_and_notices_a_changed_balance(shop: Shop) -> None:
    credit = issue(shop, 90_000)
    with shop.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT subject, details FROM event").all()
    assert credit.code not in str(rows)
    assert credit.id in str(rows)
    shop.alter("UPDATE credit SET balance = 1000000")
    assert "balance 1000000 where the ledger has 90000" in str(shop.broken())


def test_the_rounding_stands_beside_the_total(shop: Shop) -> None:
    counter = replace(shop.counter, rounding=Rounding(100))
    shop.list_products(("SWEET", "Permen", "1250"))
    request = shop.request(sale.GoodsLine("SWEET", 1), paid=[Paid("cash", 2000)], total=1250)
    receipt = sale.sell(shop.database, counter, CASHIER, request).receipt
    assert [receipt[name] for name in ("total", "rounding", "paid", "change")] == [1250, -50, 2000, 800]
    assert shop.count("sale", "total = 1250 AND rounding = -50") == 1
    assert shop.broken() == []
    shop.alter("UPDATE sale SET rounding = 0")
    assert "rounding 0 where the ledger has -50" in str(shop.broken())
