"""Paid at the till until the gate's replica knows: a real till and a real gate that follows the database, or the till.

Both on SQLite. Beside it: what a gate's questions cost the till.
"""

import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared import sqlite
from shared.roles import Role
from tests.bench import baskets
from tests.bench.row import Check, Row, Timing
from tests.bench.rows.sale import cpu_seconds, disk, start_till
from tests.bench.running_gate import RunningGate
from tests.gate.following import token_file
from tests.servers.program import Program
from tests.shop import Shop

SALES, WARM_UP = 300, 10
LONGEST_PAUSE = 0.25  # seconds; random pauses, so that sales fall anywhere between two of the gate's questions
KNOWN = (
    "SELECT count(*) FROM code JOIN item ON item.id = code.item"
    " WHERE item.state = 'paid' AND code.text IN (?, ?, ?, ?, ?)"
)
PATIENCE = 30.0
QUIET = 30.0  # s


def run() -> Row:
    """Measure on SQLite."""
    timings = [time_sales(over_http=False), time_sales(over_http=True)]
    checks = [Check(f"p99, {timing.what}", timing.p99, 1, "s", is_ceiling=True) for timing in timings]
    checks.append(Check("till's processor time for a gate's questions", questions_cost(), 5, "%", is_ceiling=True))
    return Row("paid at the till, known at the gate", timings, checks)


@dataclass(frozen=True, slots=True)
class Street:
    """A shop, its till's program and address, and a gate that knows every unit."""

    shop: Shop
    till: Program
    address: str
    gate: RunningGate


def time_sales(*, over_http: bool) -> Timing:
    """Sell basket after basket; from the till's answer until the replica holds its five units as paid."""
    chance = random.Random(7)
    with opened(SALES + WARM_UP, over_http=over_http) as street, ExitStack() as stack:
        replica = sqlite.connect(street.gate.replica, journal_mode="WAL")
        stack.callback(replica.close)
        sell = stack.enter_context(baskets.by_http(street.address, street.shop.token(Role.CASHIER)))
        took = []
        for number in range(SALES + WARM_UP):
            time.sleep(chance.uniform(0, LONGEST_PAUSE))
            sell()
            took.append(seconds_until_known(replica, number))
    return Timing("a gate that follows the till" if over_http else "a gate at the database", took[WARM_UP:])


def questions_cost() -> float:
    """Give the till's processor time while nothing happens but a gate's questions, in percent of one processor."""
    with opened(1, over_http=True) as street:
        busy = -cpu_seconds(street.till.pid)
        time.sleep(QUIET)
        return 100 * (busy + cpu_seconds(street.till.pid)) / QUIET


@contextmanager
def opened(stock: int, *, over_http: bool) -> Iterator[Street]:
    """Open a shop with so many baskets in stock."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=disk()) as name, ExitStack() as stack:
        folder = Path(name)
        shop = stack.enter_context(Shop(f"sqlite:///{folder / 'shop.db'}"))
        baskets.stock(shop, stock)
        till, address = start_till(stack, shop, folder, "till-1")
        token_file(folder, "gate-1", shop.token(Role.GATE, "gate-1"))
        gate = stack.enter_context(RunningGate(folder, f"http://{address}" if over_http else shop.url))
        gate.start()
        gate.wait_for_items(stock * baskets.UNITS)
        yield Street(shop, till, address, gate)


def seconds_until_known(replica: Any, number: int) -> float:
    """Look into the replica until it holds all units of a basket as paid."""
    began = time.perf_counter()
    while replica.execute(KNOWN, baskets.basket(number)).fetchone()[0] < baskets.UNITS:
        if time.perf_counter() - began > PATIENCE:
            raise TimeoutError(f"basket {number} was sold, and the gate does not know it after {PATIENCE} s")
        time.sleep(0.001)
    return time.perf_counter() - began
