"""What the shop took, and what was out of the ordinary: read from a day of selling, on both engines."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import pytest

from pos.office.figures import Period
from pos.sales_office.exceptions import Exceptional, Kind, exceptions, tolls
from pos.sales_office.figures import Figures, Share, Way, figures
from pos.shifts import drawer
from pos.shifts.drawer import Opening
from pos.till import cart, checkout, sale, taking
from pos.till.basket import GoodsLine, Paid, UnitLine
from pos.till.discount import Grant, Reason
from pos.till.pricing import Discount
from shared.roles import Role
from shared.staff import Actor
from tests.pos.returns.customer import Customer
from tests.shop import CASHIER, JAKARTA, Shop

LEADER = "staff:9"
OTHER = Actor("staff:2", "Dewi", Role.CASHIER)


@pytest.fixture
def shop(database_url: str) -> Iterator[Shop]:
    """Stock a shop."""
    with Shop(database_url) as shop:
        shop.list_products(("SHOE", "Shoe", "50000"), ("BAG", "Bag", "2000"))
        shop.receive("SHOE", *(f"SHOE-{number:04}" for number in range(1, 6)))
        shop.counter = replace(shop.counter, refund_limit=100_000)
        yield shop


def today() -> Period:
    return Period.of(7, datetime.now(JAKARTA).date())


def taken(shop: Shop) -> Figures:
    with shop.database.snapshot() as connection:
        return figures(connection, today(), JAKARTA)


def out_of_the_ordinary(shop: Shop) -> list[Exceptional]:
    with shop.database.snapshot() as connection:
        return exceptions(connection, today(), JAKARTA)


def test_a_week_adds_up_in_every_way_that_it_is_told(shop: Shop) -> None:
    assert taken(shop).sales == taken(shop).total == 0
    shop.sell("SHOE-0001", GoodsLine("BAG", 3), cash=60_000)
    mixed = [Paid("qris", 40_000, "RRN 7"), Paid("cash", 20_000)]
    sale.sell(shop.database, shop.counter, OTHER, shop.request("SHOE-0002", paid=mixed))
    customer = Customer(shop)
    customer.bring("SHOE-0001")
    customer.settle()
    found = taken(shop)
    assert (found.sales, found.total, found.returns, found.returned) == (2, 106_000, 1, 50_000)
    assert sum(found.per_day.values()) == sum(found.per_hour) == found.per_day[today().last] == 106_000
    assert found.products == [Share("Shoe", 2, 100_000), Share("Bag", 3, 6_000)]
    assert found.cashiers == [Share("staff:1", 1, 56_000), Share("staff:2", 1, 50_000)]
    assert found.tills == [Share("till-1", 2, 106_000)]
    assert found.ways == [Way("cash", 66_000, 50_000), Way("qris", 40_000, 0)]


def test_an_exchange_is_a_way_to_pay_and_no_cash(shop: Shop) -> None:
    shop.sell("SHOE-0001", cash=50_000)
    customer = Customer(shop)
    customer.bring("SHOE-0001")
    customer.take("SHOE-0002", "BAG")
    customer.pay(Paid("cash", 5_000))
    assert taken(shop).ways == [Way("cash", 52_000, 0), Way("exchange", 50_000, 0)]


def test_whatever_is_out_of_the_ordinary_stands_with_its_cashier(shop: Shop) -> None:
    assert out_of_the_ordinary(shop) == []
    off = Grant(Discount(9_000, 0), Reason.DAMAGED, "", CASHIER.id, LEADER)
    receipt = shop.sell(UnitLine("SHOE-0001", "", off), cash=41_000).receipt
    shop.sell("SHOE-0002", cash=50_000)
    customer = Customer(shop, OTHER)
    customer.bring("SHOE-0005")  # in stock: it was never sold
    customer.bring("SHOE-0002")
    customer.settle()
    cart.scan(shop.database, shop.counter, "SHOE-0003")
    seen = cart.view(shop.database, shop.counter)
    request = replace(customer.request(Paid("card", 20_000, "A1")), id=seen.id)
    payment = str(uuid4())
    assert checkout.pay(shop.database, shop.counter, CASHIER, request, payment) is None
    checkout.give_back(shop.database, shop.counter, CASHIER, payment, taking.Reason.OTHER_WAY)
    opening = Opening(str(uuid4()), drawer.Reason.CHANGE, "", LEADER)
    assert drawer.note_opening(shop.database, shop.counter, CASHIER, opening)
    found = out_of_the_ordinary(shop)
    assert [(one.kind, one.actor, one.amount, one.reason, one.is_override) for one in found] == [
        (Kind.DRAWER, "staff:1", 0, "change", True),
        (Kind.GIVEN_BACK, "staff:1", 20_000, "other_way", False),
        (Kind.RETURN, "staff:2", 50_000, "changed_mind", False),
        (Kind.REFUSED, "staff:2", 0, "not_sold", False),
        (Kind.DISCOUNT, "staff:1", 9_000, "damaged", True),
    ]
    assert (found[-1].sale, found[-1].number) == (receipt["id"], receipt["number"])
    first, second = tolls(found)
    assert (first.actor, first.overrides, first.amounts[Kind.GIVEN_BACK]) == ("staff:1", 2, 20_000)
    assert second.counts == {Kind.RETURN: 1, Kind.REFUSED: 1}
