"""A gate that follows a till's server: its first copy of a million units over HTTP, and the memory of both programs.

Beside it: the same with one unit.
"""

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from shared.database import file_url
from shared.roles import Role
from tests.bench.large_shop import large_shop
from tests.bench.row import Check, Row, Timing
from tests.bench.rows.million_items import UNITS, first_copy_of
from tests.bench.rows.sale import disk, start_till
from tests.bench.running_gate import RunningGate, memory_of
from tests.gate.following import token_file
from tests.shop import Shop


def run() -> Row:
    """Measure on SQLite."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=disk()) as name:
        _, empty_gate, empty_till = copied(Path(name) / "empty", 1)
        took, full_gate, full_till = copied(Path(name) / "full", UNITS)
    checks = [
        Check("first copy", took, 60, "s", is_ceiling=True),
        Check("gate: memory over empty, at most", full_gate - empty_gate, 60, "MB", is_ceiling=True),
        Check("till: memory over empty, at most", full_till - empty_till, 60, "MB", is_ceiling=True),
    ]
    return Row("gate: a million items from a till", [Timing("first copy over HTTP", [took])], checks)


def copied(folder: Path, units: int) -> tuple[float, float, float]:
    """Let a gate copy a shop of so many units; seconds, and what gate and till held at most, in MB."""
    folder.mkdir()
    shutil.copy(large_shop(units), folder / "shop.db")
    with Shop(file_url(folder / "shop.db"), is_ready=True) as shop, ExitStack() as stack:
        till, address = start_till(stack, shop, folder, "till-1")
        token_file(folder, "gate-1", shop.token(Role.GATE, "gate-1"))
        gate = stack.enter_context(RunningGate(folder, f"http://{address}"))
        took = first_copy_of(gate, units)
        return took, gate.memory("VmHWM"), memory_of(till, "VmHWM")
