"""Three readers flooded with 10,000 scans a second for a minute, and unpaid units among them.

Beside it: a bare reader of the same ptys, which says what they and this machine can carry. Of the 5,000 paid units,
read again and again, each must be recorded as departed; scattered among them are own serials that nobody registered,
each read once, and each must be recorded too: so a lost scan shows.
"""

import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from hardware.cable import Cable
from tests.bench.bare_loop import ON
from tests.bench.row import Check, Row, Timing
from tests.bench.rows.sale import cpu_seconds, disk
from tests.bench.running_gate import RunningGate
from tests.bench.scan_line import ScanLine, flood
from tests.shop import BAG, Shop

READERS = ("left", "middle", "right")
RATE, SECONDS, SECONDS_BARE = 10_000, 60, 10
PAID, UNPAID = 5_000, 25
CATCH_UP = 120.0
MEGABYTES_FLAT = 5


class Watch:
    """What is noted during a flood.

    `alarms`: how long each took for an unpaid unit, and `pauses`: how long each step of the flood took, in seconds;
    `memory`: the gate's, in MB, each second.
    """

    def __init__(self, gate: RunningGate, lines: list[ScanLine]) -> None:
        self.alarms: list[float] = []
        self.pauses: list[float] = []
        self.memory: list[float] = []
        self._looked_at = time.monotonic()
        self._gate = gate
        self._lines = lines
        self._scanned_at: float | None = None
        self._relay = b""

    def look(self, gone: float) -> None:
        """Scan the next unpaid unit when it is time, hear whether the relay is on, weigh the gate each second."""
        now = time.monotonic()
        self.pauses.append(now - self._looked_at)
        self._looked_at = now
        if len(self.memory) <= gone:
            self.memory.append(self._gate.memory())
        if self._scanned_at is not None:
            self._listen(self._scanned_at)
        elif gone > len(self.alarms) * (SECONDS - 5) / UNPAID:
            self._lines[len(self.alarms) % len(self._lines)].scan_one(unpaid(len(self.alarms)))
            self._scanned_at = time.monotonic()

    def _listen(self, scanned_at: float) -> None:
        self._relay += self._gate.relay.receive(0)
        if ON in self._relay:
            self.alarms.append(time.monotonic() - scanned_at)
            self._scanned_at, self._relay = None, b""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured: the bare reader's scans a second; the gate's scans, in `seconds`, which computed for `busy` s.

    `empty`: the gate's memory before, in MB; `recorded` of `wanted` entries reached the ledger.
    """

    bare: float
    scans: int
    seconds: float
    busy: float
    empty: float
    recorded: int
    wanted: int
    watch: Watch


def run() -> Row:
    """Measure on SQLite."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=disk()) as name, ExitStack() as stack:
        measured = measure(Path(name), stack)
    watch = measured.watch
    pauses = Timing("this machine: the flood's own steps of 2 ms", watch.pauses)
    alarms = Timing("an unpaid unit among them: line to relay", watch.alarms)
    most = max(watch.memory) - measured.empty
    slowest = max(watch.alarms) * 1e3
    checks = [
        Check("the ptys and a bare reader, scans", measured.bare, RATE * 0.99, "a second"),
        Check("the gate, scans", measured.scans / measured.seconds, RATE * 0.99, "a second"),
        Check("the gate, CPU a scan", measured.busy / measured.scans * 1e6, 1e6 / RATE, "us", is_ceiling=True),
        Check("recorded, of what was to be", measured.recorded / measured.wanted, 1),
        Check("memory over empty, at most", most, 100, "MB", is_ceiling=True),
        Check("memory, what the second half added", growth(watch.memory), MEGABYTES_FLAT, "MB", is_ceiling=True),
        Check("an unpaid unit, the slowest alarm", slowest, 500, "ms", is_ceiling=True),
        Check("unpaid units that alarmed", len(watch.alarms), UNPAID),
    ]
    return Row(f"gate: a flood of {RATE:,} scans a second", [pauses, alarms], checks)


def measure(folder: Path, stack: ExitStack) -> Measured:
    """Flood a bare reader, then a gate, and wait until the gate has recorded what it saw."""
    bare = rate_of_bare_reader(folder)
    shop = stack.enter_context(shop_of_paid_units(folder))
    gate = stack.enter_context(RunningGate(folder / "gate", shop.url, READERS, alarm_seconds=1))
    gate.start()
    gate.wait_for_items(PAID + UNPAID)
    gate.relay.receive(1.0)
    lines = scan_lines(gate.scanners)
    watch, empty = Watch(gate, lines), gate.memory()
    began, busy = time.monotonic(), -cpu_seconds(gate.program.pid)
    for gone in flood(lines, RATE, SECONDS):
        watch.look(gone)
    scans, seconds = sum(line.sent for line in lines), time.monotonic() - began
    wanted = PAID + len(watch.alarms) + sum(len(line.once) for line in lines)
    recorded = wait_until_recorded(shop, wanted)
    busy += cpu_seconds(gate.program.pid)
    return Measured(bare, scans, seconds, busy, empty, recorded, wanted, watch)


def growth(memory: list[float]) -> float:
    """Tell how much more the second half took at most than the first."""
    half = len(memory) // 2
    return max(memory[half:]) - max(memory[:half])


def shop_of_paid_units(folder: Path) -> Shop:
    """Make a shop whose units were paid, but for a few."""
    shop = Shop(f"sqlite:///{folder / 'shop.db'}")
    shop.list_products((BAG, "Bag", "150000"))
    shop.receive(BAG, *map(paid, range(PAID)))
    shop.receive(BAG, *map(unpaid, range(UNPAID)))
    shop.alter("UPDATE item SET state = 'paid' WHERE serial LIKE 'PAID-%'")
    return shop


def paid(number: int) -> str:
    """Name a unit that was paid."""
    return f"PAID-{number:06d}"


def unpaid(number: int) -> str:
    """Name a unit that was not."""
    return f"SHELF-{number:06d}"


def scan_lines(cables: list[Cable]) -> list[ScanLine]:
    """Give each reader its share of the paid units, to be read again and again."""
    return [ScanLine(cable, cycle(map(paid, range(n, PAID, len(cables))))) for n, cable in enumerate(cables)]


def rate_of_bare_reader(folder: Path) -> float:
    """Flood a process that only reads; scans a second."""
    with ExitStack() as stack:
        cables = [stack.enter_context(Cable(folder / f"bare-{reader}")) for reader in READERS]
        ports = [str(cable.path) for cable in cables]
        process = stack.enter_context(subprocess.Popen([sys.executable, "-m", "tests.bench.bare_reader", *ports]))
        stack.callback(process.kill)
        time.sleep(1.0)
        lines, began = scan_lines(cables), time.monotonic()
        for _ in flood(lines, RATE, SECONDS_BARE):
            pass
        return sum(line.sent for line in lines) / (time.monotonic() - began)


def wait_until_recorded(shop: Shop, wanted: int) -> int:
    """Wait for the journal's way into the database; gives how many of the wanted entries came."""
    deadline, found = time.monotonic() + CATCH_UP, 0
    while found < wanted and time.monotonic() < deadline:
        time.sleep(0.5)
        found = shop.count("delivery", "outcome IN ('departed', 'unregistered', 'alarm')")
    return found
