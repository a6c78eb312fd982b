"""One racer: a till's process that tries to sell units which others want too."""

import json
import random
import sys

from pos.till import sale
from pos.till.sale import Paid
from tests.shop import CASHIER, Shop


def race(url: str, till: str, attempts: str, units: str) -> None:
    """Try again and again to sell one to three units; print what happened as JSON."""
    dice = random.Random(till)
    sold: list[str] = []
    refused: list[str] = []
    sales = 0
    shop = Shop(url, is_ready=True, till=till)
    print("ready", flush=True)  # noqa: T201 - the race begins when all racers have said so
    sys.stdin.readline()
    for _ in range(int(attempts)):
        serials = [f"RACE-{number:04d}" for number in dice.sample(range(int(units)), dice.choice((1, 2, 3)))]
        request = shop.request(*serials, paid=[Paid("cash", 10**6)])
        try:
            sale.sell(shop.database, shop.counter, CASHIER, request)
        except sale.SaleRefusedError as refusal:
            refused.append(refusal.reason)
        else:
            sales += 1
            sold += serials
    print(json.dumps({"sales": sales, "sold": sold, "refused": refused}))  # noqa: T201 - its parent reads it
