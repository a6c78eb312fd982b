"""A rush hour: four tills, basket after basket at a scanner's speed, with mistakes sprinkled in; nothing is lost."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.counter import Counter
from tests.shop import Shop

pytestmark = pytest.mark.browser

TILLS = ("till-1", "till-2", "till-3", "till-4")
PRICES = {"SHOE": 689_000, "WATCH": 1_250_000, "KETTLE": 315_000}
SCRIPT = Path(__file__).with_name("rush_hour.js").read_text()
# Begun on all pages at once; what becomes of it is asked for later.
START = f"(baskets) => {{ window.rush = ({SCRIPT})(baskets).catch((error) => String(error)); }}"


class Rush:
    """The baskets of one till, drawn from a seed, of units that no other till has."""

    def __init__(self, shop: Shop, till: str, baskets: int) -> None:
        self.random = random.Random(till)
        self.number = 0
        self.till, self.shop = till, shop
        self.units: list[str] = []
        self.sold: list[str] = []
        self.baskets = [self._basket() for _ in range(baskets)]
        for product in PRICES:
            shop.receive(product, *(serial for serial in self.units if serial.startswith(product)))

    def _unit(self) -> str:
        self.number += 1
        serial = f"{self.random.choice(list(PRICES))}-{self.till[-1]}{self.number:05}"
        self.units.append(serial)
        return serial

    def _basket(self) -> dict[str, Any]:
        units = [self._unit() for _ in range(self.random.randint(1, 5))]
        steps: list[tuple[str, Any]] = [("good", list(units))]
        if self.random.random() < 0.2:
            steps.append(("soft", units[0]))
        if self.random.random() < 0.2:
            steps.append(("half", "KETTLE-9"))
        if self.random.random() < 0.3:
            refused = self.random.choice(["NOBODY-KNOWS-THIS", *self.sold[-3:]])
            units.append(self._unit())
            steps.append(("hard", (refused, units[-1])))
        self.sold += units
        total = sum(PRICES[unit.partition("-")[0]] for unit in units)
        return {"steps": steps, "total": total, "given": total + self.random.choice([0, 1_000, 50_000])}


def rush(shop: Shop, start_till: Callable[..., Counter], baskets: int) -> None:
    hurries = [Rush(shop, till, baskets) for till in TILLS]
    pages = [start_till(shop, till=till).till(locale="id-ID") for till in TILLS]
    for page, hurry in zip(pages, hurries, strict=True):
        page.evaluate(START, hurry.baskets)
    receipts = 0
    for page, hurry in zip(pages, hurries, strict=True):
        told = page.evaluate("window.rush")
        assert isinstance(told, list), told
        for basket, receipt in zip(hurry.baskets, told, strict=True):
            assert receipt["change"] == basket["given"] - basket["total"]
        assert [receipt["number"] for receipt in told] == [
            f"{hurry.till}-{number:06}" for number in range(1, baskets + 1)
        ]
        receipts += len(told)
    units = [unit for hurry in hurries for unit in hurry.units]
    assert shop.count("item", "state = 'paid'") == len(units)
    assert shop.count("sale_line") == len(units)
    assert shop.count("item", "cart IS NOT NULL") == 0
    assert shop.count("sale", "reply <> ''") == receipts
    with shop.database.reading() as connection:
        taken = connection.exec_driver_sql("SELECT sum(total) FROM sale").scalar_one()
    assert taken == sum(basket["total"] for hurry in hurries for basket in hurry.baskets)
    assert shop.broken() == []


def test_four_tills_sell_at_once_and_nothing_is_lost_unpaid_or_paid_twice(
    shop: Shop, start_till: Callable[..., Counter]
) -> None:
    rush(shop, start_till, 4)


@pytest.mark.soak
def test_two_hundred_baskets_a_till(shop: Shop, start_till: Callable[..., Counter]) -> None:
    rush(shop, start_till, 200)
