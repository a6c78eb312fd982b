"""The gate: from a label's last byte on one pty to the relay's bytes on another; screen, feed and journal live.

Beside it, turn by turn, a bare loop in another process: read, one SQLite look-up, write.
"""

import os
import select
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from hardware.cable import Cable
from tests.bench.row import Check, Row, Timing
from tests.bench.rows.sale import disk
from tests.bench.running_gate import RunningGate
from tests.shop import WATCH, Shop

SCANS, WARM_UP = 1500, 50
PAUSE = 0.012  # seconds between scans: one a person could not beat, and the gate is idle again
SALE_EVERY = 0.2


def run() -> Row:
    """Measure on SQLite."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=disk()) as name, ExitStack() as stack:
        folder = Path(name)
        shop = stack.enter_context(Shop(f"sqlite:///{folder / 'shop.db'}"))
        shop.list_products((WATCH, "Watch", "250000"))
        shop.receive(WATCH, *(label(number) for number in range(SCANS + WARM_UP)))
        shop.receive(WATCH, *(f"FEED-{number:06d}" for number in range(2000)))
        gate = stack.enter_context(running_gate(folder, shop))
        bare = stack.enter_context(running_bare_loop(folder))
        stack.enter_context(sales(shop))
        ways = {"bare loop: read, look up, write": bare, "gate: scan to relay": gate}
        samples: dict[str, list[float]] = {way: [] for way in ways}
        for number in range(SCANS + WARM_UP):
            for way, cables in ways.items():
                time.sleep(PAUSE)
                seconds = measure(cables, label(number).encode() + b"\r")
                if number >= WARM_UP:
                    samples[way].append(seconds)
    floor, measured = (Timing(what, values) for what, values in samples.items())
    checks = [
        Check("gate: p99, ms", measured.p99 * 1e3, 1.0, "ms", is_ceiling=True),
        Check("gate: median against the bare loop's", measured.median / floor.median, 1.5, "times", is_ceiling=True),
    ]
    return Row("gate: last byte in to relay bytes out, on ptys", [floor, measured], checks)


def label(number: int) -> str:
    """Name a unit that nobody pays for."""
    return f"HG24{number:06d}"


def measure(cables: tuple[int, int], frame: bytes) -> float:
    """Seconds until the relay's bytes are there."""
    scanner, relay = cables
    began = time.perf_counter()
    os.write(scanner, frame)
    ready, _, _ = select.select([relay], [], [], 5.0)
    seconds = time.perf_counter() - began
    if not ready:
        raise RuntimeError(f"no relay frame within 5 s of {frame!r}")
    os.read(relay, 100)
    return seconds


@contextmanager
def running_gate(folder: Path, shop: Shop) -> Iterator[tuple[int, int]]:
    """A real `lunas gate` with its screen open in a browser's stead; gives the far ends of scanner and relay."""
    with RunningGate(folder / "gate", shop.url) as gate:
        gate.start()
        gate.program.wait_until_healthy(gate.address, seconds=120)
        threading.Thread(target=_watch_screen, args=(gate.address,), daemon=True).start()
        while gate.relay.receive(0.2):
            pass
        yield gate.scanners[0].far_end, gate.relay.far_end


@contextmanager
def running_bare_loop(folder: Path) -> Iterator[tuple[int, int]]:
    """The floor as a process; gives the far ends of its scanner and relay."""
    with Cable(folder / "bare-scanner") as scanner, Cable(folder / "bare-relay") as relay:
        arguments = [str(folder / "shop.db"), str(scanner.path), str(relay.path)]
        with subprocess.Popen([sys.executable, "-m", "tests.bench.bare_loop", *arguments]) as process:
            time.sleep(1.0)
            yield scanner.far_end, relay.far_end
            process.kill()


@contextmanager
def sales(shop: Shop) -> Iterator[None]:
    """Other units are sold meanwhile, by another process, so that the feed is alive."""
    script = (
        "import sys, time; from tests.shop import Shop\n"
        "shop = Shop(sys.argv[1])\n"
        "for number in range(2000):\n"
        "    shop.sell(f'FEED-{number:06d}', cash=250000)\n"
        f"    time.sleep({SALE_EVERY})\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, shop.url]) as process:
        yield
        process.kill()


def _watch_screen(address: str) -> None:
    """Hold the screen's event stream, as its page does."""
    try:
        with urllib.request.urlopen(f"http://{address}/events", timeout=10) as stream:
            while stream.readline():
                pass
    except OSError:
        return  # the gate ended
