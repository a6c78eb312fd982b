"""Sales, returns, exchanges and voids in any order against a simple truth, on both databases."""

import random
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from pos.returns import bringing
from pos.till.basket import Paid, SaleRefusedError
from pos.till.methods import Method
from pos.till.rounding import Rounding
from tests.pos.returns.customer import Customer
from tests.shop import Shop

STEPS = 60
PRICES = {"RADIO": 199_950, "LAMP": 75_025, "CUP": 10_333}


@dataclass(slots=True)
class Sold:
    """A receipt in truth: what of it has not come back, what cash was rounded by, what was paid, what went back."""

    left: set[str]
    rounding: int
    paid: int
    back: int = 0
    is_whole: bool = True


@dataclass(slots=True)
class Truth:
    """What a careful person would have written down; `of` names the receipt of each unit that is sold."""

    states: dict[str, str] = field(default_factory=dict)
    of: dict[str, str] = field(default_factory=dict)
    receipts: dict[str, Sold] = field(default_factory=dict)

    def some(self, random: random.Random, *states: str) -> list[str]:
        found = sorted(serial for serial, state in self.states.items() if state in states)
        return random.sample(found, min(len(found), random.randint(1, 3)))

    def value(self, serials: list[str]) -> dict[str, int]:
        """What these are worth of each receipt: their prices, and its rounding once nothing of it is left."""
        worth: dict[str, int] = {}
        for number in sorted({self.of[serial] for serial in serials}):
            left = self.receipts[number].left
            worth[number] = cost([serial for serial in serials if serial in left])
            if left <= set(serials):
                worth[number] += self.receipts[number].rounding
        return worth


def cost(serials: list[str]) -> int:
    return sum(PRICES[serial.partition("-")[0]] for serial in serials)


class Day:
    """A day in the shop, drawn from a seed."""

    def __init__(self, shop: Shop, seed: int) -> None:
        self.random, self.shop, self.truth = random.Random(seed), shop, Truth()
        shop.counter = replace(shop.counter, refund_limit=10**9, rounding=Rounding(100))
        shop.list_products(*((code, code.title(), str(price)) for code, price in PRICES.items()))
        for product in PRICES:
            serials = [f"{product}-{number:03}" for number in range(6)]
            shop.receive(product, *serials)
            self.truth.states |= dict.fromkeys(serials, "in_stock")
        self.customer = Customer(shop)

    def step(self) -> None:
        ways = [self.sell, self.sell, self.give_back, self.exchange, self.void, self.leave, self.restock, self.cheat]
        self.random.choice(ways)()

    def sell(self) -> None:
        new = self.truth.some(self.random, "in_stock")
        if new:
            self.customer.take(*new)
            self.sold(self.pay(cost(new)), new)

    def give_back(self) -> None:
        back = self.truth.some(self.random, "paid", "departed")
        if back:
            self.bring(back)
            self.came_back(self.settle(), back, "returned")

    def exchange(self) -> None:
        back, new = self.truth.some(self.random, "paid", "departed"), self.truth.some(self.random, "in_stock")
        if back and new:
            self.bring(back)
            self.customer.take(*new)
            rest = cost(new) - sum(self.truth.value(back).values())
            receipt = self.pay(rest) if rest > 0 else self.settle()
            self.came_back(receipt, back, "returned")
            self.sold(receipt, new)

    def void(self) -> None:
        numbers = sorted({self.truth.of[serial] for serial, state in self.truth.states.items() if state == "paid"})
        if numbers:
            number = self.random.choice(numbers)
            sold = self.truth.receipts[number]
            can = sold.is_whole and all(self.truth.states[serial] == "paid" for serial in sold.left)
            try:
                bringing.void(self.shop.database, self.shop.counter, number)
            except SaleRefusedError:
                assert not can
            else:
                assert can
                self.came_back(self.settle(), sorted(sold.left), "in_stock")

    def leave(self) -> None:
        for serial in self.truth.some(self.random, "paid"):
            self.shop.move(serial, "departed", "departed")
            self.truth.states[serial] = "departed"

    def restock(self) -> None:
        for serial in self.truth.some(self.random, "returned"):
            self.shop.move(serial, "restocked", "in_stock")
            self.truth.states[serial] = "in_stock"

    def cheat(self) -> None:
        for serial in self.truth.some(self.random, "in_stock", "returned"):
            assert self.customer.bring(serial).level == "hard"

    def bring(self, serials: list[str]) -> None:
        for serial in serials:
            assert self.customer.bring(serial).level == "good"

    def pay(self, due: int) -> dict[str, Any]:
        """Some of it by card, the rest in cash."""
        by_card = self.random.choice([0, due // 3, due])
        card = [Paid("card", by_card, "A1")] if by_card else []
        cash = [Paid("cash", self.random.choice([due - by_card, 10**6]))] if by_card < due else []
        return self.customer.pay(*card, *cash)

    def settle(self) -> dict[str, Any]:
        return self.customer.settle(
            as_credit=self.random.random() < 0.2, references=dict.fromkeys((Method.CARD, Method.QRIS), "R1")
        )

    def sold(self, receipt: dict[str, Any], new: list[str]) -> None:
        paid = sum(one["amount"] for one in receipt["payments"]) - receipt["change"]
        assert paid == receipt["total"] + receipt["rounding"] == cost(new) + receipt["rounding"]
        self.truth.receipts[receipt["number"]] = Sold(set(new), receipt["rounding"], paid)
        for serial in new:
            self.truth.states[serial], self.truth.of[serial] = "paid", receipt["number"]

    def came_back(self, receipt: dict[str, Any], back: list[str], state: str) -> None:
        worth = self.truth.value(back)
        returned = receipt["returned"]
        assert returned["total"] == sum(worth.values())
        refunded = sum(one["amount"] for one in returned["refunds"])
        exchanged = sum(one["amount"] for one in receipt["payments"] if one["method"] == "exchange")
        assert refunded + exchanged == returned["total"] + returned["rounding"]
        for number, value in worth.items():
            sold = self.truth.receipts[number]
            sold.back, sold.is_whole = sold.back + value, False
            sold.left -= set(back)
        self.truth.states |= dict.fromkeys(back, state)

    def check(self) -> None:
        assert {serial: self.shop.state(serial) for serial in self.truth.states} == self.truth.states
        for sold in self.truth.receipts.values():
            assert sold.back <= sold.paid
            assert sold.left or sold.back == sold.paid
        assert self.shop.broken() == []


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_comes_and_goes_the_rows_the_ledger_and_the_money_agree(shop: Shop, seed: int) -> None:
    day = Day(shop, seed)
    for _ in range(STEPS):
        day.step()
    day.check()


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 200))
def test_on_a_hundred_days_too(shop: Shop, seed: int) -> None:
    day = Day(shop, seed)
    for _ in range(10 * STEPS):
        day.step()
    day.check()
