"""Receiving ten thousand and a million units by `lunas receive`, and a till that sells beside it.

Beside the receive: the same rows by bare SQL, with the ledger's hashes; what each computes says more on a busy machine
than how long it takes. Beside the till: a raw commit on the same disk.
"""

import json
import resource
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from shared import sqlite
from shared.roles import Role
from tests.bench import baskets
from tests.bench.row import Check, Row, Timing
from tests.bench.rows.sale import disk, raw_database, start_till, time_block
from tests.servers.program import Program
from tests.shop import BAG, Shop

FEW, MANY = 10_000, 1_000_000
BARE, CHUNK = 100_000, 1000
WARM_UP, ALONE, MOST_BESIDE = 60, 200, 4000
PAUSE = 0.05  # seconds between sales
LONGEST = 1800.0
ADD_ITEM = "INSERT INTO item (id, product_id, serial, state, version, batch) VALUES (?, 1, ?, 'in_stock', 1, '')"
ADD_CODE = f"INSERT INTO code VALUES (?, 'maker', '{BAG}', ?)"
ADD_EVENT = "INSERT INTO event VALUES ('main', 'bare', ?, 'item', ?, 1, 'received', 'in_stock', 'command', 0, ?, ?)"


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured, in seconds. `alone` and `beside` a receive: how long each sale took, and each raw commit."""

    bare: list[float]
    few: float
    many: float
    computed: float
    alone: tuple[list[float], list[float]]
    beside: tuple[list[float], list[float]]


def run() -> Row:
    """Measure on SQLite."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=disk()) as name, ExitStack() as stack:
        measured = measure(Path(name), stack)
    timings = [
        Timing(f"CPU of {CHUNK:,} units, bare SQL", measured.bare),
        Timing(f"CPU of {CHUNK:,} units, lunas receive", [measured.computed * CHUNK / MANY]),
        Timing("a raw commit, nothing else", measured.alone[1]),
        Timing("sale of 5 over http, nothing else", measured.alone[0]),
        Timing(f"a raw commit, beside a receive of {MANY:,}", measured.beside[1]),
        Timing(f"sale of 5 over http, beside a receive of {MANY:,}", measured.beside[0]),
    ]
    checks = [
        Check(f"receive {FEW:,}, the program's start included", measured.few, 1, "s", is_ceiling=True),
        Check(f"receive {MANY:,}, a till selling", measured.many, 60, "s", is_ceiling=True),
        Check(f"receive {MANY:,}, what it computed", measured.computed, 60, "s", is_ceiling=True),
        Check("sale of 5 beside it, p99", timings[-1].p99 * 1e3, 100, "ms", is_ceiling=True),
    ]
    return Row("receive, and a till beside it", timings, checks)


def measure(folder: Path, stack: ExitStack) -> Measured:
    """Receive a few units, then many while a till sells."""
    bare = receive_bare(stack.enter_context(shop_of_bags(folder / "bare.db")))
    shop = stack.enter_context(shop_of_bags(folder / "shop.db"))
    baskets.stock(shop, WARM_UP + ALONE + MOST_BESIDE)
    few = seconds_until_done(receiving(shop, folder, 0, FEW))
    _, till = start_till(stack, shop, folder, "till-1")
    sell = stack.enter_context(baskets.by_http(till, shop.token(Role.CASHIER)))
    pair = (sell, stack.enter_context(raw_database(folder / "raw.db")))
    time_block(sell, WARM_UP)
    alone = in_turn(pair, ALONE, lambda: True)
    program = receiving(shop, folder, FEW, MANY)
    stack.callback(program.kill)
    began, before = time.perf_counter(), cpu_of_children()
    beside = in_turn(pair, MOST_BESIDE, lambda: program.exit_status is None)
    seconds_until_done(program)
    many, computed = time.perf_counter() - began, cpu_of_children() - before
    shop_knows(shop, MANY + FEW)
    return Measured(bare, few, many, computed, alone, beside)


def shop_of_bags(file: Path) -> Shop:
    """Make a shop that lists one product."""
    shop = Shop(f"sqlite:///{file}")
    shop.list_products((BAG, "Bag", "150000"))
    return shop


def receiving(shop: Shop, folder: Path, first: int, units: int) -> Program:
    """Write the delivery's file, and start `lunas receive` on it."""
    settings, file = shop.write_settings(folder, till="office"), folder / f"{units}.csv"
    with file.open("w") as lines:
        lines.write("serial,product\n")
        lines.writelines(f"SN-{number:010d},{BAG}\n" for number in range(first, first + units))
    return Program("--config", str(settings), "receive", str(file), log=folder / "receive.log")


def seconds_until_done(program: Program) -> float:
    """Wait for a program's good end; seconds from now."""
    began = time.perf_counter()
    if program.wait(LONGEST) != 0:
        raise RuntimeError(f"{program} failed:\n{program.output}")
    return time.perf_counter() - began


def in_turn(
    pair: tuple[Callable[[], None], Callable[[], None]], most: int, goes_on: Callable[[], bool]
) -> tuple[list[float], list[float]]:
    """Do both again and again, one after the other, for as long as it goes on; seconds for each."""
    took: tuple[list[float], list[float]] = ([], [])
    while len(took[0]) < most and goes_on():
        for samples, one in zip(took, pair, strict=True):
            time.sleep(PAUSE)
            samples.extend(time_block(one, 1))
    return took


def shop_knows(shop: Shop, units: int) -> None:
    """Make sure that what was timed was done."""
    found = shop.count("code", "text LIKE 'SN-%'")
    if found != units:
        raise RuntimeError(f"expected {units} units to be received, found {found}")


def cpu_of_children() -> float:
    """Tell how long all processes have computed that were started here and have ended, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def receive_bare(shop: Shop) -> list[float]:
    """Write what a receive writes, by the driver alone; seconds of computing for each `CHUNK` of units."""
    connection = sqlite.connect(Path(shop.url.removeprefix("sqlite:///")), journal_mode="WAL")
    hashed, computed = bytes(32), []
    for first in range(0, BARE, CHUNK):
        began = time.process_time()
        hashed = write_chunk(connection, range(first + 1, first + CHUNK + 1), hashed)
        computed.append(time.process_time() - began)
    connection.close()
    return computed


def write_chunk(connection: Any, numbers: range, hashed: bytes) -> bytes:
    """Write some units' rows in one transaction; gives the last event's hash."""
    units = [(number, f"SN-{number:010d}") for number in numbers]
    events = []
    for number, text in units:
        details = json.dumps({"codes": [["maker", BAG, text]], "product": 1, "serial": text})
        hashed = sha256(hashed + details.encode()).digest()
        events.append((number, str(number), details, hashed))
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(ADD_ITEM, units)
    connection.executemany(ADD_CODE, [(text, number) for number, text in units])
    connection.executemany(ADD_EVENT, events)
    connection.execute("COMMIT")
    return hashed
