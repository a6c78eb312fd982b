"""PostgreSQL stopped under a real gate: 500 units, paid and unpaid in turn, and then the server started again.

A unit that is not paid is decided when the relay is switched on; one that is paid, when the journal says that it passed
and nothing was heard. Beside it, the same while the server was there, where each alarm is confirmed first.
"""

import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.bench.door import Door
from tests.bench.row import Check, Row, Timing
from tests.bench.rows.sale import disk
from tests.bench.running_gate import RunningGate
from tests.servers.postgres import PostgresCluster
from tests.servers.program import health
from tests.servers.waiting import wait_until
from tests.shop import WATCH, Shop

EACH = 250  # units of a kind: as many are paid as are not
PRICE, BASKET = 250_000, 5
PAUSE = 0.012  # seconds between scans: one a person could not beat, and the gate is idle again
CATCH_UP = 60.0
LATER = 3.0  # seconds after which nothing may have come a second time
PAID, UNPAID, PAID_GONE, UNPAID_GONE = KINDS = ("PAID", "SHELF", "GONE-PAID", "GONE-SHELF")


def run() -> Row:
    """Measure on PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=disk()) as name, ExitStack() as stack:
        cluster = PostgresCluster(durable=True)
        stack.callback(cluster.remove)
        cluster.start()
        shop = stack.enter_context(stocked(cluster.create_database()))
        gate = stack.enter_context(RunningGate(Path(name) / "gate", shop.url))
        gate.start()
        gate.wait_for_items(EACH * len(KINDS))
        gate.relay.receive(1.0)
        door = stack.enter_context(Door(gate, gate.folder / "gate.journal"))
        there = carry_out(door, PAID, UNPAID, "unpaid")
        wait_for(gate, 0, "journal", "waiting")
        cluster.stop()
        wait_for(gate, "gone", "database", "state")
        gone = carry_out(door, PAID_GONE, UNPAID_GONE, "unconfirmed")
        cluster.start()
        began = time.perf_counter()
        wait_for(gate, 0, "journal", "waiting")
        caught_up = time.perf_counter() - began
        time.sleep(LATER)
        with Shop(shop.url, is_ready=True) as opened:
            once, entries, broken = recorded_once(opened), recorded(opened), len(opened.broken())
    timings = [
        *(Timing(f"server there: {what}", samples) for what, samples in there.items()),
        *(Timing(f"server stopped: {what}", samples) for what, samples in gone.items()),
        Timing("server started: until all was delivered", [caught_up]),
    ]
    checks = [
        Check("server stopped: decided as they had to be", sum(map(len, gone.values())), 2 * EACH),
        *(Check(f"{timing.what}, p99", timing.p99 * 1e3, 100, "ms", is_ceiling=True) for timing in timings[2:4]),
        Check("units in the ledger once", once, len(KINDS) * EACH),
        Check("passages and alarms in the ledger, at most", entries, len(KINDS) * EACH, is_ceiling=True),
        Check("faults of the ledger", broken, 0, is_ceiling=True),
    ]
    return Row("gate: its PostgreSQL stopped and started", timings, checks)


def serials(kind: str) -> list[str]:
    """Name the units of a kind."""
    return [f"{kind}-{number:04d}" for number in range(EACH)]


def stocked(url: str) -> Shop:
    """Open a shop in which half of the units are paid."""
    shop = Shop(url)
    shop.list_products((WATCH, "Watch", str(PRICE)))
    for kind in KINDS:
        shop.receive(WATCH, *serials(kind))
    for kind in (PAID, PAID_GONE):
        for first in range(0, EACH, BASKET):
            shop.sell(*serials(kind)[first : first + BASKET], cash=PRICE * BASKET)
    return shop


def carry_out(door: Door, paid: str, unpaid: str, reason: str) -> dict[str, list[float]]:
    """Carry units of two kinds out in turn; seconds until each was decided, by what was seen."""
    passed, stopped = [], []
    for one, other in zip(serials(paid), serials(unpaid), strict=True):
        time.sleep(PAUSE)
        passed.append(door.pass_paid(one))
        time.sleep(PAUSE)
        stopped.append(door.stop_unpaid(other, reason))
    return {"paid, scan to journal": passed, "unpaid, scan to relay": stopped}


def wait_for(gate: RunningGate, expected: Any, part: str, fact: str) -> None:
    """Wait until the gate says so of a part of it."""
    wait_until(
        lambda: health(gate.address)[1].get(part, {}).get(fact) == expected, f"{part} {fact} {expected}", CATCH_UP
    )


def recorded_once(shop: Shop) -> int:
    """Count the units whose passage or alarm is in the ledger exactly once."""
    passed = sum(shop.history(serial).count("departed") == 1 for kind in (PAID, PAID_GONE) for serial in serials(kind))
    stopped = sum(
        shop.count("alarm", f"serial = '{serial}'") == 1 for kind in (UNPAID, UNPAID_GONE) for serial in serials(kind)
    )
    return passed + stopped


def recorded(shop: Shop) -> int:
    """Count all passages and alarms in the ledger, of whatever unit."""
    return shop.count("event", "what = 'departed'") + shop.count("alarm")
