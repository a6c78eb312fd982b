"""Held sales: put by at one till, opened at any, by one only; and nothing of one is lost without a word."""

import threading

import pytest

from pos.till import cart, checkout, held
from pos.till.sale import Counter, SaleConflictError, SaleRefusedError
from tests.pos.test_cart import line_of, pay, request, scan, shown, view
from tests.shop import BAG, CASHIER, Shop


def hold(shop: Shop, till: str = "till-1", note: str = "") -> str:
    """Hold what is in a till's cart, and give the held sale's id."""
    number = view(shop, till).id
    held.hold(shop.database, shop.open_till(till), CASHIER, number, note)
    return number


def open_held(shop: Shop, number: str, till: str = "till-1") -> list[tuple[str, str]]:
    answers = held.open_held(shop.database, shop.open_till(till), CASHIER, number)
    return [(answer.text, answer.reason) for answer in answers]


def happened(shop: Shop) -> list[tuple[str, str, str]]:
    with shop.database.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT register, what, details FROM event WHERE kind = 'held_sale' ORDER BY at, version"
        )
        return [(row[0], row[1], row[2]) for row in rows]


def test_a_cart_held_at_one_till_is_opened_at_another_as_it_was(shop: Shop) -> None:
    for text in ("WATCH-2", BAG, BAG, "WATCH-1"):
        scan(shop, text)
    before = shown(shop)
    number = hold(shop, note="red bag")
    assert (shown(shop), shop.count("item", "cart IS NOT NULL")) == ([], 0)
    (listed,) = held.listed(shop.database, shop.counter)
    assert (listed.source, listed.is_sent, listed.note, listed.count, listed.total, listed.is_old) == (
        "till-1", False, "red bag", 4, 301_000, False,
    )  # fmt: skip
    assert listed.names == ("Arloji", "Kantong")
    assert open_held(shop, number, "till-2") == [("WATCH-2", ""), (BAG, ""), ("WATCH-1", "")]
    assert shown(shop, "till-2") == before
    assert held.listed(shop.database, shop.counter) == []
    assert (shop.count("held_sale"), shop.count("held_line")) == (0, 0)


def test_holding_makes_room_for_the_next_customer_and_the_old_cart_is_never_paid_late(shop: Shop) -> None:
    scan(shop, "WATCH-1")
    late = request(shop)
    hold(shop)
    with pytest.raises(SaleConflictError):
        pay(shop, late)
    scan(shop, "WATCH-2")
    assert pay(shop, request(shop)).is_new


def test_the_ledger_has_ids_and_never_the_note(shop: Shop) -> None:
    scan(shop, "WATCH-1")
    open_held(shop, hold(shop, note="Budi"), "till-2")
    held.discard(shop.database, shop.counter, CASHIER, hold(shop, "till-2", note="Budi"))
    told = happened(shop)
    assert [(till, what) for till, what, _ in told] == [
        ("till-1", "held"),
        ("till-2", "opened"),
        ("till-2", "held"),
        ("till-1", "discarded"),
    ]
    assert not any("Budi" in details for _, _, details in told)
    assert shop.broken() == []


def test_what_is_held_is_kept_from_nobody_and_what_went_meanwhile_is_told_unit_by_unit(shop: Shop) -> None:
    for text in ("WATCH-1", "WATCH-2", "WATCH-3"):
        scan(shop, text)
    number = hold(shop)
    shop.sell("WATCH-1", cash=150_000)
    scan(shop, "WATCH-2", "till-2")
    assert open_held(shop, number) == [("WATCH-1", "already_paid"), ("WATCH-2", "held"), ("WATCH-3", "")]
    assert shown(shop) == [("WATCH-3", 1)]


def test_an_open_cart_is_not_mixed_with_a_held_one(shop: Shop) -> None:
    scan(shop, "WATCH-1")
    number = hold(shop)
    scan(shop, "WATCH-2")
    with pytest.raises(SaleRefusedError) as refused:
        open_held(shop, number)
    assert refused.value.reason == "cart_open"
    assert (shown(shop), len(held.listed(shop.database, shop.counter))) == ([("WATCH-2", 1)], 1)
    cart.take_out(shop.database, shop.counter, line_of(shop, "WATCH-2"))
    assert open_held(shop, number) == [("WATCH-1", "")]


@pytest.mark.parametrize("number", ["", "nothing", "00000000-0000-0000-0000-000000000000"])
def test_no_cart_but_the_tills_own_can_be_held(shop: Shop, number: str) -> None:
    scan(shop, "WATCH-1", "till-2")
    for wanted in (number, view(shop, "till-2").id):
        with pytest.raises(SaleRefusedError):
            held.hold(shop.database, shop.counter, CASHIER, wanted, "")
    assert (shown(shop, "till-2"), shop.count("held_sale")) == ([("WATCH-1", 1)], 0)
    assert pay_at(shop, "till-2")


def pay_at(shop: Shop, till: str) -> bool:
    outcome = checkout.pay(shop.database, shop.open_till(till), CASHIER, request(shop, till))
    return outcome is not None and outcome.is_new


def test_held_twice_is_held_once(shop: Shop) -> None:
    scan(shop, "WATCH-1")
    number = hold(shop)
    with pytest.raises(SaleRefusedError) as refused:
        held.hold(shop.database, shop.counter, CASHIER, number, "")
    assert (refused.value.reason, len(held.listed(shop.database, shop.counter))) == ("gone", 1)


def test_the_newest_is_listed_first_and_one_of_yesterday_as_old(shop: Shop) -> None:
    scan(shop, "WATCH-1")
    first = hold(shop)
    shop.alter("UPDATE held_sale SET at = at - 90000000000")
    scan(shop, BAG)
    second = hold(shop)
    listed = held.listed(shop.database, shop.counter)
    assert [(one.id, one.is_old) for one in listed] == [(second, False), (first, True)]


def test_of_tills_that_open_one_at_once_only_one_gets_it(shop: Shop) -> None:
    """Ten times, four tills each."""
    tills = [shop.open_till(f"till-{number}") for number in range(4)]
    for _ in range(10):
        scan(shop, "WATCH-1")
        scan(shop, BAG)
        number = hold(shop)
        start = threading.Barrier(len(tills))
        told: list[str] = []

        def race(till: Counter, number: str = number, start: threading.Barrier = start, told: list[str] = told) -> None:
            start.wait()
            try:
                held.open_held(shop.database, till, CASHIER, number)
                told.append(till.register)
            except SaleRefusedError as refused:
                told.append(refused.reason)

        threads = [threading.Thread(target=race, args=(till,)) for till in tills]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        (winner,) = [name for name in told if name != "held_gone"]
        assert len(told) == len(tills)
        assert shown(shop, winner) == [(BAG, 1), ("WATCH-1", 1)]
        checkout.cancel(shop.database, shop.open_till(winner), CASHIER)
    assert shop.broken() == []


def test_held_sales_are_compared_with_the_ledger_while_they_are_held_and_after(shop: Shop) -> None:
    for text in ("WATCH-1", BAG, BAG):
        scan(shop, text)
    number = hold(shop, note="red bag")
    assert not shop.broken()
    open_held(shop, number, "till-2")
    held.discard(shop.database, shop.counter, CASHIER, hold(shop, "till-2"))
    assert not shop.broken()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("DELETE FROM held_line WHERE item_id IS NOT NULL", "its row has units"),
        ("UPDATE held_line SET quantity = 1 WHERE item_id IS NULL", "its row has goods"),
        ("UPDATE held_sale SET source = 'till-9'", "its row has source"),
        ("UPDATE held_sale SET incident = 'ab12'", "its row has incident"),
        ("UPDATE held_sale SET at = 5", "its row has at"),
    ],
)
def test_one_that_was_changed_behind_the_ledger_is_found(shop: Shop, change: str, told: str) -> None:
    for text in ("WATCH-1", BAG, BAG):
        scan(shop, text)
    hold(shop)
    shop.alter(change)
    (broken,) = shop.broken()
    assert broken.why.startswith(told)


def test_one_that_vanished_and_one_that_nobody_held_are_found(shop: Shop) -> None:
    scan(shop, "WATCH-1")
    hold(shop)
    shop.alter("DELETE FROM held_line")
    shop.alter("DELETE FROM held_sale")
    assert [broken.why.partition(",")[0] for broken in shop.broken()] == [
        "its row has state 'gone' where the ledger has 'held'"
    ]
    shop.alter("INSERT INTO held_sale (id, source, incident, at, note) VALUES ('x', 'till-1', '', 5, '')")
    assert ("held_sale x", "has a row, but no entry in the ledger") in [(one.where, one.why) for one in shop.broken()]
