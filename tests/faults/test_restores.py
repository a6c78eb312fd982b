"""A backup is put back while tills sell and a gate delivers: nothing after it is lost, and nothing is there twice."""

import http.client
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shared.backup import back_up
from shared.restore import restore
from shared.roles import Role
from tests.faults.buying import Books, order, post
from tests.gate.running_gate import ON, RunningGate
from tests.servers.program import Program
from tests.servers.waiting import wait_until
from tests.shop import WATCH, Shop

BUYERS = 2
STOCK = 400  # units of one buyer, in each round
PAUSE = 0.1  # s between a buyer's sales, so that the stock outlasts a slow restore
BUSY, SOLD = 503, 201


@dataclass
class Bought:
    """One sale that was acknowledged, and when it was sent."""

    wanted: dict[str, Any]
    sent: float

    @property
    def serials(self) -> list[str]:
        """Its units."""
        return [line["serial"] for line in self.wanted["lines"]]


class Buyer(threading.Thread):
    """Buys one thing after the other; a till that asks for patience is asked again."""

    def __init__(self, address: str, token: str, serials: list[str]) -> None:
        super().__init__()
        self.bought: list[Bought] = []
        self.faults: list[str] = []
        self.stopped = threading.Event()
        self._address, self._token, self._serials = address, token, iter(serials)

    def run(self) -> None:
        connection = http.client.HTTPConnection(self._address, timeout=60)
        for serial in self._serials:
            wanted, sent, status = order([serial, next(self._serials)]), 0.0, BUSY
            while status == BUSY and not self.stopped.is_set():
                sent = time.monotonic()
                status, told = post(connection, self._token, wanted)
                if status == SOLD:
                    self.bought.append(Bought(wanted, sent))
                elif status != BUSY:
                    self.faults.append(f"{status} {told}")
            if self.stopped.is_set():
                break
            time.sleep(PAUSE)
        connection.close()


class Street:
    """A shop with a real till and a real gate, and a test that may put it back to an earlier moment."""

    def __init__(self, shop: Shop, folder: Path, till: str, gate: RunningGate) -> None:
        self.shop, self.folder, self.gate = shop, folder, gate
        self._till = till
        self._token = shop.token(Role.CASHIER)
        self._round = 0
        self.passed: list[str] = []

    def put_back_under_load(self) -> None:
        """Back up, sell, let units leave, put the backup back, sell on; then hold everything against the database."""
        self._round += 1
        buyers = self._open()
        kept = self._leave(buyers, 0)
        file = self.folder / f"{self._round}.backup"
        back_up(self.shop.database, file)
        begun = time.monotonic()
        lost = self._leave(buyers, begun)
        restore(self.shop.url, file, self.folder / f"{self._round}.aside")
        restored = time.monotonic()
        fresh = self._leave(buyers, restored)
        for buyer in buyers:
            buyer.stopped.set()
        for buyer in buyers:
            buyer.join()
            assert buyer.faults == []
        self._check_sales([bought for buyer in buyers for bought in buyer.bought if bought.sent > restored])
        self._check_gate(kept, lost, fresh)
        assert self.shop.broken() == []

    def _open(self) -> list[Buyer]:
        stock = [f"R{self._round:03d}-{number:05d}" for number in range(BUYERS * STOCK)]
        self.shop.receive(WATCH, *stock)
        shares = [stock[number * STOCK : (number + 1) * STOCK] for number in range(BUYERS)]
        buyers = [Buyer(self._till, self._token, share) for share in shares]
        for buyer in buyers:
            buyer.start()
        return buyers

    def _leave(self, buyers: list[Buyer], since: float) -> str:
        """A unit that was bought since then leaves by the gate, which tells the ledger."""
        before = [len(buyer.bought) for buyer in buyers]

        def bought() -> list[Bought]:
            new = [one for buyer, count in zip(buyers, before, strict=True) for one in buyer.bought[count:]]
            return [one for one in new if one.sent > since]

        wait_until(lambda: bool(bought()), "something is bought", 60)
        serial = bought()[0].serials[0]
        wait_until(lambda: (serial, "paid") in self._known("serial, state"), f"the gate knows of {serial}", 60)
        self.gate.scan(serial)
        self.passed.append(serial)
        wait_until(lambda: self.shop.state(serial) == "departed", f"{serial} has left", 60)
        return serial

    def _check_sales(self, after: list[Bought]) -> None:
        books = Books(self.shop, left=set(self.passed))
        assert after
        assert all(books.has(bought.wanted) for bought in after)

    def _check_gate(self, kept: str, lost: str, fresh: str) -> None:
        wait_until(self._is_delivered, "the gate has delivered all again", 60)
        assert (self.shop.state(kept), self.shop.state(lost), self.shop.state(fresh)) == (
            "departed",
            "in_stock",
            "departed",
        )
        assert self.shop.count("alarm", f"serial = '{lost}' AND reason = 'restored'") == 1
        wait_until(
            lambda: self._known("id, state, version") == self._true(), "the gate knows what the database holds", 60
        )

    def _is_delivered(self) -> bool:
        """Every passage there ever was, once each."""
        return self.shop.delivered("device = 'gate-1'") == len(self.passed)

    def _true(self) -> set[tuple[Any, ...]]:
        with self.shop.database.snapshot() as connection:
            return {tuple(row) for row in connection.exec_driver_sql("SELECT id, state, version FROM item")}

    def _known(self, columns: str) -> set[tuple[Any, ...]]:
        connection = sqlite3.connect(f"file:{self.folder}/gate-1.replica?mode=ro", uri=True)
        rows = set(connection.execute(f"SELECT {columns} FROM item"))
        connection.close()
        return rows


@pytest.fixture
def street(
    shop: Shop, tmp_path: Path, free_port: Callable[[], int], start_program: Callable[..., Program]
) -> Iterator[Street]:
    port = free_port()
    settings = str(shop.write_settings(tmp_path, port))
    till = start_program("--config", settings, "till")
    till.wait_until_healthy(f"127.0.0.1:{port}", seconds=60)
    gate = RunningGate(tmp_path, shop.url, f"127.0.0.1:{free_port()}", start_program)
    gate.start()
    yield Street(shop, tmp_path, f"127.0.0.1:{port}", gate)
    assert ON not in gate.frames(0.2)
    assert "Traceback" not in till.output + gate.program.output


@pytest.mark.timeout(300)
def test_a_backup_put_back_under_load_loses_nothing_after_it_and_doubles_nothing(street: Street) -> None:
    """Twice on each engine."""
    for _ in range(2):
        street.put_back_under_load()


@pytest.mark.soak
def test_fifty_backups_put_back_under_load_lose_nothing_after_them(street: Street) -> None:
    for _ in range(50):
        street.put_back_under_load()
