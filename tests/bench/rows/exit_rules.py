"""What the rules of an exit cost the gate's loop: permits, lanes, receipts, and alarms that a till confirms over HTTP.

The gate runs in this process and is stepped by hand, from a scan to its decision and the journal; the till is a program
of its own. Beside them, as their floor, units that are paid.
"""

import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from gate.http_source import HttpSource
from hardware.scanner import Scan
from shared.roles import Role
from shared.scanner_ways import ScannerWays, Side
from shared.table_reader import Address
from tests.bench.row import Check, Row, Timing
from tests.bench.rows.sale import disk, start_till
from tests.gate.following import following, token_file
from tests.gate.guarded_exit import GuardedExit
from tests.shop import WATCH, Shop

UNITS, WARM_UP = 1000, 50
ON_A_RECEIPT, PRICE = 5, 250_000
ENDS = {"inner": ("main", Side.INSIDE), "outer": ("main", Side.OUTSIDE)}
APART = 30.0  # seconds of the gate's clock: each unit is a passage, and each alarm an incident, of its own
TEN_DAYS = 864_000_000_000  # µs
DEADLINE = 150  # ms that the loop waits for a confirmation


def run() -> Row:
    """Measure on SQLite."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=disk()) as name, ExitStack() as stack:
        folder = Path(name)
        shop = stack.enter_context(Shop(f"sqlite:///{folder / 'shop.db'}"))
        receipts = furnish(shop)
        gate = stack.enter_context(GuardedExit(shop.url, folder, ways=ScannerWays(ends=ENDS)))
        gate.follow()
        paid = Timing("a paid unit", decide(gate, labels("PAID")))
        permit = Timing(f"a unit with one of {UNITS:,} permits", decide(gate, labels("PERMIT")))
        lane = Timing("a paid unit, read at both ends of a lane", decide(gate, labels("LANE"), tuple(ENDS)))
        receipt = Timing(f"a receipt of {ON_A_RECEIPT} units, shown and verified", decide(gate, receipts))
        alarm = Timing("an alarm that a till confirms over HTTP", confirm(shop, folder))
    checks = [
        Check("a permit against a paid unit, median", permit.median / paid.median, 2, "times", is_ceiling=True),
        Check("a lane against a paid unit, median", lane.median / paid.median, 2, "times", is_ceiling=True),
        Check("a receipt, p99", receipt.p99 * 1e3, 10, "ms", is_ceiling=True),
        Check("an alarm confirmed over HTTP, p99", alarm.p99 * 1e3, DEADLINE, "ms", is_ceiling=True),
    ]
    return Row("the rules of an exit", [paid, permit, lane, receipt, alarm], checks)


def furnish(shop: Shop) -> list[str]:
    """Receive units of each kind, sell some, give permits to others; the codes of the receipts."""
    shop.know_key()
    shop.list_products((WATCH, "Watch", str(PRICE)))
    for kind in ("PAID", "PERMIT", "LANE", "ALARM"):
        shop.receive(WATCH, *labels(kind))
    until = time.time_ns() // 1000 + TEN_DAYS
    for label in labels("PERMIT"):
        shop.permit(label, until)
    sold = labels("PAID") + labels("LANE")
    baskets = [sold[first : first + ON_A_RECEIPT] for first in range(0, len(sold), ON_A_RECEIPT)]
    return [shop.sell(*basket, cash=PRICE * ON_A_RECEIPT).receipt["signed"][0] for basket in baskets]


def labels(kind: str) -> list[str]:
    """Name units of a kind."""
    return [f"{kind}-{number:06d}" for number in range(UNITS)]


def decide(gate: GuardedExit, texts: Sequence[str], scanners: Sequence[str] = ("left",)) -> list[float]:
    """Let the scanners read each text, one after the other; seconds for each text."""
    took = []
    for text in texts:
        scans = [Scan(text.encode(), text, None, name, gate.now, gate.wall + gate.now) for name in scanners]
        began = time.perf_counter()
        for scan in scans:
            gate.gate.take(scan)
        took.append(time.perf_counter() - began)
        gate.now += APART
    expect_no_alarm(gate)
    return took[WARM_UP:]


def confirm(shop: Shop, folder: Path) -> list[float]:
    """Let a gate that follows a till's server alarm for unit after unit; seconds until each is confirmed and sounds."""
    with ExitStack() as stack:
        _, address = start_till(stack, shop, folder, "till-1")
        host, _, port = address.partition(":")
        token_file(folder, "gate-2", shop.token(Role.GATE, "gate-2"))
        settings = following(Address(host, int(port)), folder, "gate-2")
        source = stack.enter_context(closing(HttpSource(settings, "gate-2")))
        gate = stack.enter_context(GuardedExit(shop.url, folder, name="gate-2", source=source))
        gate.follow()
        took = []
        for text in labels("ALARM"):
            scan = Scan(text.encode(), text, None, "left", gate.now, gate.wall + gate.now)
            began = time.perf_counter()
            gate.gate.take(scan)
            while gate.gate.is_waiting:
                gate.gate.take(gate.news.get(timeout=10))
            took.append(time.perf_counter() - began)
            gate.now += APART
        expect_all_confirmed(gate)
    return took[WARM_UP:]


def expect_no_alarm(gate: GuardedExit) -> None:
    """Everything so far has passed, or nothing of it was measured. Raises RuntimeError."""
    if gate.sounds():
        raise RuntimeError("expected that all of it passes, and the siren is on")


def expect_all_confirmed(gate: GuardedExit) -> None:
    """Each unit was an alarm that the till confirmed. Raises RuntimeError."""
    reasons = [entry.facts()["reason"] for entry in gate.journal.undelivered(UNITS + 1)]
    if reasons != ["unpaid"] * UNITS:
        raise RuntimeError(f"expected {UNITS} confirmed alarms, got {len(reasons)}, of them {reasons.count('unpaid')}")
