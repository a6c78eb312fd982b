"""A gate in a shop of a million units: its first copy, its memory, and from its start to the alarm for a held label.

Beside the copy: the same rows copied by SQL alone. Beside memory and start: a gate in a shop of one unit.
"""

import shutil
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from gate.replica import Replica
from shared.database import file_url
from tests.bench.large_shop import copy_bare, large_shop, serial
from tests.bench.page_cache import chill
from tests.bench.row import Check, Row, Timing
from tests.bench.rows.sale import disk
from tests.bench.running_gate import RunningGate

UNITS = 1_000_000
STARTS = 7


def run() -> Row:
    """Measure on SQLite."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=disk()) as name, ExitStack() as stack:
        folder = Path(name)
        bare_copy = time_bare_copy(folder)
        empty = stack.enter_context(gate_in(folder / "empty", 1))
        full = stack.enter_context(gate_in(folder / "full", UNITS))
        first_copy_of(empty, 1)
        first_copy = first_copy_of(full, UNITS)
        copied, at_most = (full.memory(what) - empty.memory(what) for what in ("VmRSS", "VmHWM"))
        starts = {gate: [0.0] * 0 for gate in (empty, full)}
        for _ in range(STARTS):
            for gate, samples in starts.items():
                samples.append(start_to_alarm(gate))
        started = full.memory() - empty.memory()
    timings = [
        Timing("first copy, by SQL alone", [bare_copy]),
        Timing("first copy, by the gate", [first_copy]),
        Timing("cold start to alarm, 1 item", starts[empty]),
        Timing("cold start to alarm, 1,000,000 items", starts[full]),
    ]
    checks = [
        Check("first copy", first_copy, 60, "s", is_ceiling=True),
        Check("memory over empty, after the copy", copied, 60, "MB", is_ceiling=True),
        Check("memory over empty, at most during the copy", at_most, 60, "MB", is_ceiling=True),
        Check("memory over empty, started again", started, 60, "MB", is_ceiling=True),
        Check("cold start to alarm, median", timings[-1].median, 3, "s", is_ceiling=True),
    ]
    return Row("gate: a million items", timings, checks)


def gate_in(folder: Path, units: int) -> RunningGate:
    """Make a gate in a shop of its own with so many units; it is not started."""
    folder.mkdir()
    shop = folder / "shop.db"
    shutil.copy(large_shop(units), shop)
    return RunningGate(folder, file_url(shop))


def time_bare_copy(folder: Path) -> float:
    """Copy the shop's rows by SQL alone; seconds, until they are on the disk."""
    replica = folder / "bare.replica"
    Replica(replica, "gate-1").close()
    began = time.perf_counter()
    copy_bare(large_shop(UNITS), replica)
    chill(replica)
    return time.perf_counter() - began


def first_copy_of(gate: RunningGate, units: int) -> float:
    """Start a gate that knows nothing; seconds until it knows the shop."""
    began = time.perf_counter()
    gate.start()
    gate.wait_for_items(units)
    return time.perf_counter() - began


def start_to_alarm(gate: RunningGate) -> float:
    """Start a gate whose files the machine has forgotten, a label held up to it; seconds until the relay is on."""
    gate.stop()
    chill(*gate.folder.glob("*.db"), *gate.folder.glob("gate.*"))
    while gate.relay.receive(0.1):
        pass
    gate.scanners[0].send(serial(0).encode() + b"\r")
    began = time.perf_counter()
    gate.start()
    gate.wait_for_relay()
    return time.perf_counter() - began
