"""Run the rows (all, or those that are named), print a table and write build/bench.json."""

import importlib
import json
import os
import pkgutil
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from shared import sqlite
from tests.bench import rows
from tests.bench.row import Row

REPORT = Path("build/bench.json")
LIBRARIES = ("sqlalchemy", "psycopg", "flask", "waitress", "pyserial")


def main(wanted: list[str]) -> None:
    """Measure, print, write. A row that fails ends the run; a figure that is missed is shown as such."""
    known = sorted(module.name for module in pkgutil.iter_modules(rows.__path__))
    strange = set(wanted) - set(known)
    if strange:
        sys.exit(f"no such row: {', '.join(sorted(strange))}; there are {', '.join(known)}")
    measured = []
    for name in wanted or known:
        row: Row = importlib.import_module(f"tests.bench.rows.{name}").run()
        show(row)
        measured.append(row)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report(measured), indent=1) + "\n")
    say(f"\n{REPORT} written")


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def show(row: Row) -> None:
    """Print one row."""
    say(f"\n{row.name}")
    say(f"  {'':<58}{'median ms':>10}{'p99 ms':>10}{'a second':>10}")
    for timing in row.timings:
        say(f"  {timing.what:<58}{timing.median * 1e3:>10.3f}{timing.p99 * 1e3:>10.3f}{timing.rate:>10.1f}")
    for check in row.checks:
        facts = check.facts()
        word = "met" if check.is_met else "MISSED"
        say(f"  {check.what:<58}{check.value:>10.3g} {check.unit:<9}{facts['target']:>9}  {word}")


def report(measured: list[Row]) -> dict[str, Any]:
    """Gather what build/bench.json says."""
    versions = {name: version(name) for name in LIBRARIES}
    versions |= {"python": platform.python_version(), "sqlite": sqlite.driver().sqlite_version}
    for row in measured:
        versions |= row.versions
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": versions,
        "rows": [row.facts() for row in measured],
    }


def machine() -> dict[str, Any]:
    """Tell what it was measured on, and how busy that was."""
    described = Path("/proc/cpuinfo").read_text()
    models = [line.partition(":")[2].strip() for line in described.splitlines() if line.startswith("model name")]
    return {
        "processor": models[0] if models else platform.machine(),
        "cores": os.cpu_count(),
        "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
        "kernel": platform.release(),
        "load_1_min": round(os.getloadavg()[0], 2),
    }


if __name__ == "__main__":
    main(sys.argv[1:])
