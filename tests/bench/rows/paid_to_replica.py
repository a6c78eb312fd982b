"""Paid at the till until the gate's replica knows: a real till, a real gate, one SQLite file between them."""

import random
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from shared import sqlite
from shared.roles import Role
from tests.bench import baskets
from tests.bench.row import Check, Row, Timing
from tests.bench.rows.sale import disk, start_till
from tests.bench.running_gate import RunningGate
from tests.shop import Shop

SALES, WARM_UP = 300, 10
LONGEST_PAUSE = 0.25  # seconds; random pauses, so that sales fall anywhere between two of the gate's questions
KNOWN = (
    "SELECT count(*) FROM code JOIN item ON item.id = code.item"
    " WHERE item.state = 'paid' AND code.text IN (?, ?, ?, ?, ?)"
)
PATIENCE = 30.0


def run() -> Row:
    """Measure on SQLite."""
    chance = random.Random(7)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=disk()) as name, ExitStack() as stack:
        folder = Path(name)
        shop = stack.enter_context(Shop(f"sqlite:///{folder / 'shop.db'}"))
        baskets.stock(shop, SALES + WARM_UP)
        _, till = start_till(stack, shop, folder, "till-1")
        gate = stack.enter_context(RunningGate(folder / "gate", shop.url))
        gate.start()
        gate.wait_for_items((SALES + WARM_UP) * baskets.UNITS)
        replica = sqlite.connect(gate.replica, journal_mode="WAL")
        stack.callback(replica.close)
        sell = stack.enter_context(baskets.by_http(till, shop.token(Role.CASHIER)))
        took = []
        for number in range(SALES + WARM_UP):
            time.sleep(chance.uniform(0, LONGEST_PAUSE))
            sell()
            took.append(seconds_until_known(replica, number))
    timing = Timing("the till's answer to the replica's five paid units", took[WARM_UP:])
    return Row("paid at the till, known at the gate", [timing], [Check("p99", timing.p99, 1, "s", is_ceiling=True)])


def seconds_until_known(replica: Any, number: int) -> float:
    """Look into the replica until it holds all units of a basket as paid."""
    began = time.perf_counter()
    while replica.execute(KNOWN, baskets.basket(number)).fetchone()[0] < baskets.UNITS:
        if time.perf_counter() - began > PATIENCE:
            raise TimeoutError(f"basket {number} was sold, and the gate does not know it after {PATIENCE} s")
        time.sleep(0.001)
    return time.perf_counter() - began
