"""The till's process is killed at any moment, under load: what it said is so, and nothing is half."""

import http.client
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared.roles import Role
from tests.faults.buying import LINES, Books, order, post
from tests.servers.program import Program
from tests.shop import WATCH, Shop

BUYERS = 3
STOCK = 300  # of each buyer, in each round


class Buyer(threading.Thread):
    """Sends sales one after another; remembers each, and which were acknowledged."""

    def __init__(self, address: str, token: str, serials: list[str]) -> None:
        super().__init__()
        self.sent: list[dict[str, Any]] = []
        self.acknowledged: dict[str, Any] = {}
        self.faults: list[str] = []
        self.stopped = threading.Event()
        self._address, self._token, self._serials = address, token, iter(serials)

    def run(self) -> None:
        connection = http.client.HTTPConnection(self._address, timeout=20)
        while not self.stopped.is_set():
            wanted = order([next(self._serials) for _ in range(LINES)])
            self.sent.append(wanted)
            try:
                status, told = post(connection, self._token, wanted)
            except (OSError, http.client.HTTPException):
                break
            if status == 201:
                self.acknowledged[wanted["id"]] = told
            else:
                self.faults.append(f"{status} {told}")
        connection.close()


class Counter:
    """A till that is killed and started again, at one address."""

    def __init__(self, shop: Shop, start: Callable[[], Program], address: str) -> None:
        self.shop, self._start, self.address = shop, start, address
        self.token = shop.token(Role.CASHIER)
        self.till = self._healthy()

    def kill_under_load(self, life: float, round_: int) -> int:
        """Buy, kill the till after `life` seconds, hold what is there against what was said; count what was said."""
        stock = [f"KILL-{round_}-{number:04d}" for number in range(BUYERS * STOCK)]
        self.shop.receive(WATCH, *stock)
        buyers = [Buyer(self.address, self.token, stock[n * STOCK : (n + 1) * STOCK]) for n in range(BUYERS)]
        for buyer in buyers:
            buyer.start()
        time.sleep(life)
        self.till.kill()
        for buyer in buyers:
            buyer.stopped.set()
            buyer.join()
            assert buyer.faults == []
        books = Books(self.shop)
        for buyer in buyers:
            assert {wanted["id"] for wanted in buyer.sent if books.has(wanted)} >= buyer.acknowledged.keys()
        self.till = self._healthy()
        self._send_again(buyers)
        return sum(len(buyer.acknowledged) for buyer in buyers)

    def _send_again(self, buyers: list[Buyer]) -> None:
        """Each buyer's last requests again: the one sale, told as before."""
        books, fresh = Books(self.shop), 0
        connection = http.client.HTTPConnection(self.address, timeout=20)
        for buyer in buyers:
            for wanted in buyer.sent[-3:]:
                happened = books.has(wanted)
                status, told = post(connection, self.token, wanted)
                assert (status, told["id"]) == (200 if happened else 201, wanted["id"])
                assert buyer.acknowledged.get(wanted["id"], told) == told
                fresh += not happened
        connection.close()
        assert len(Books(self.shop).sales) == len(books.sales) + fresh
        assert self.shop.broken() == []

    def _healthy(self) -> Program:
        till = self._start()
        till.wait_until_healthy(self.address, seconds=60)
        return till


@pytest.fixture
def kill_often(
    shop: Shop, tmp_path: Path, free_port: Callable[[], int], start_program: Callable[..., Program]
) -> Callable[[int], None]:
    port = free_port()
    settings = str(shop.write_settings(tmp_path, port))

    def run(times: int) -> None:
        dice = random.Random(times)
        counter = Counter(shop, lambda: start_program("--config", settings, "till"), f"127.0.0.1:{port}")
        assert sum(counter.kill_under_load(dice.uniform(0.02, 0.4), round_) for round_ in range(times)) > times

    return run


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_till_killed_under_load_loses_and_halves_nothing(kill_often: Callable[[int], None]) -> None:
    """Five times on each engine; hundreds of times under `make soak`."""
    kill_often(5)


@pytest.mark.soak
def test_a_till_killed_hundreds_of_times_loses_and_halves_nothing(kill_often: Callable[[int], None]) -> None:
    kill_often(200)
