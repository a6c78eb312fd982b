"""A sale of five units, committed: as bare SQL, as the shop's transaction, over HTTP; alone and with four tills."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path

import psycopg

from shared import sqlite
from shared.roles import Role
from tests.bench.baskets import Sell, by_bare_sql, by_http, by_transaction, stock
from tests.bench.row import Check, Row, Timing
from tests.conftest import unused_port
from tests.servers.postgres import PostgresCluster
from tests.servers.program import Program
from tests.shop import Shop

WARM_UP, SALES = 60, 600
TILLS, SALES_OF_EACH = 4, 250
TICK = os.sysconf("SC_CLK_TCK")


def run() -> Row:
    """Measure on SQLite and on PostgreSQL."""
    timings: list[Timing] = []
    checks: list[Check] = []
    with tempfile.TemporaryDirectory(prefix="bench-", dir=disk()) as name:
        folder = Path(name)
        alone("SQLite", lambda part: f"sqlite:///{folder}/{part}.db", folder, 0.2, (timings, checks))
        four_tills(folder, timings, checks)
        cluster = PostgresCluster(durable=True)
        try:
            cluster.start()
            alone("PostgreSQL", lambda _: cluster.create_database(), folder, 0.4, (timings, checks))
            with psycopg.connect(cluster.url("postgres")) as connection:
                number = connection.info.server_version
        finally:
            cluster.remove()
    server = f"{number // 10000}.{number % 10000}"
    return Row("sale of a 5-item basket, committed", timings, checks, {"postgresql": server})


def disk() -> Path:
    """Give a folder on a real disk: /tmp may be memory."""
    folder = Path("build")
    folder.mkdir(exist_ok=True)
    return folder.resolve()


def alone(
    engine: str,
    url: Callable[[str], str],
    folder: Path,
    share_of_http: float,
    into: tuple[list[Timing], list[Check]],
) -> None:
    """One till: the three ways in turn, a sale each, so that whatever else goes on meets all of them."""
    baskets = WARM_UP + SALES
    with ExitStack() as stack:
        shops = {part: stack.enter_context(Shop(url(part))) for part in ("bare", "transaction", "http")}
        for shop in shops.values():
            stock(shop, baskets)
        till, address = start_till(stack, shops["http"], folder, "till-1")
        ways: dict[str, Sell] = {
            "bare": stack.enter_context(by_bare_sql(shops["bare"])),
            "transaction": by_transaction(shops["transaction"]),
            "http": stack.enter_context(by_http(address, shops["http"].token(Role.CASHIER))),
        }
        samples: dict[str, list[float]] = {part: [] for part in ways}
        for way in ways.values():
            time_block(way, WARM_UP)
        busy = -cpu_seconds(till.pid)
        for _ in range(SALES):
            for part, way in ways.items():
                samples[part] += time_block(way, 1)
        busy += cpu_seconds(till.pid)
    timings = {part: Timing(f"{engine}, {part}", took) for part, took in samples.items()}
    # Of the medians: a mean belongs to whatever else the machine did.
    rate = {part: 1 / timing.median for part, timing in timings.items()}
    into[0].extend(timings.values())
    into[1].extend(
        [
            Check(f"{engine}, transaction, of the rate of bare SQL", rate["transaction"] / rate["bare"], 0.5),
            Check(f"{engine}, http, of the rate of bare SQL", rate["http"] / rate["bare"], share_of_http),
            Check(f"{engine}, http, CPU of the till a sale", busy / SALES * 1e3, 7, "ms", is_ceiling=True),
        ]
    )


def four_tills(folder: Path, timings: list[Timing], checks: list[Check]) -> None:
    """Four real tills on one SQLite file, each sold at as fast as it answers."""
    with ExitStack() as stack:
        shop = stack.enter_context(Shop(f"sqlite:///{folder}/four.db"))
        stock(shop, TILLS * (SALES_OF_EACH + WARM_UP))
        tills = [start_till(stack, shop, folder, f"till-{number}")[1] for number in range(1, TILLS + 1)]
        token = shop.token(Role.CASHIER)
        with get_context("spawn").Pool(TILLS) as pool:
            work = [(address, token, n * (SALES_OF_EACH + WARM_UP)) for n, address in enumerate(tills)]
            took = pool.starmap(sell_at, work, chunksize=1)
    timings.append(Timing("SQLite, a raw commit", raw_commits(folder / "raw.db")))
    four = Timing(f"SQLite, {TILLS} tills over http at once", [seconds for each in took for seconds in each])
    timings.append(four)
    checks.append(Check(f"SQLite, {TILLS} tills, p99", four.p99 * 1e3, 25, "ms", is_ceiling=True))


def sell_at(address: str, token: str, first: int) -> list[float]:
    """Sell at one till; give how long each sale took."""
    with by_http(address, token, first) as sell:
        time_block(sell, WARM_UP)
        return time_block(sell, SALES_OF_EACH)


def start_till(stack: ExitStack, shop: Shop, folder: Path, name: str) -> tuple[Program, str]:
    """Start `lunas till`; give it and its address."""
    port = unused_port()
    settings = shop.write_settings(folder, port, name)
    till = Program("--config", str(settings), "till", log=folder / f"{name}.log")
    stack.callback(till.kill)
    address = f"127.0.0.1:{port}"
    till.wait_until_healthy(address, seconds=120)
    return till, address


def time_block(sell: Sell, times: int) -> list[float]:
    """Sell some baskets; give how long each took."""
    took = []
    for _ in range(times):
        started = time.perf_counter()
        sell()
        took.append(time.perf_counter() - started)
    return took


def cpu_seconds(pid: int) -> float:
    """Tell how long a process has computed, in itself and for itself in the kernel."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


@contextmanager
def raw_database(file: Path) -> Iterator[Callable[[], None]]:
    """Make a database of one table, and commit one small row to it."""
    connection = sqlite.connect(file, journal_mode="WAL", create=True)
    connection.execute("CREATE TABLE raw (n INTEGER)")

    def commit() -> None:
        connection.execute("INSERT INTO raw VALUES (1)")

    yield commit
    connection.close()


def raw_commits(file: Path) -> list[float]:
    """Time small commits: what the disk takes."""
    with raw_database(file) as commit:
        return time_block(commit, SALES)
