"""PostgreSQL is stopped and killed, and the till too, while somebody sells: nothing is lost, and nothing sold twice."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from shared.roles import Role
from tests.gate.following import token_file
from tests.gate.running_gate import ON, RunningGate
from tests.servers.postgres import PostgresCluster
from tests.servers.program import Program, health
from tests.servers.waiting import wait_until
from tests.shop import WATCH, Shop

PRICE = 150_000
PATIENCE = 60.0  # for a busy machine
JSON = {"Accept": "application/json", "Content-Type": "application/json"}


class Cashier:
    """Sells unit after unit at the till's page, and tries again whatever got no answer."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._cookie = ""
        self.receipts: dict[str, str] = {}  # by serial

    def sign_in(self) -> None:
        connection = http.client.HTTPConnection(self._address, timeout=20)
        form = urlencode({"who": "staff:1", "pin": "2468"})
        connection.request("POST", "/sign-in", form, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        self._cookie = (answer.headers["Set-Cookie"] or "").partition(";")[0]
        connection.close()

    def ask(self, path: str, content: Any = None) -> tuple[int, dict[str, Any]]:
        """The status and the answer; (0, {}) where none came."""
        connection = http.client.HTTPConnection(self._address, timeout=20)
        try:
            body = None if content is None else json.dumps(content)
            connection.request("GET" if body is None else "POST", path, body, JSON | {"Cookie": self._cookie})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException):
            return 0, {}
        finally:
            connection.close()

    def sell(self, serial: str) -> None:
        """Until it is sold."""
        deadline = time.monotonic() + PATIENCE
        while True:
            assert time.monotonic() < deadline, f"{serial} was not sold"
            status, told = self.ask("/till/scan", {"text": serial, "beside": ""})
            if status == 200 and told["reason"] in {"", "in_cart"} and self._pay(serial, told):
                return
            if status == 200 and told["reason"] == "already_paid":
                return
            time.sleep(0.02)

    def sell_all(self, serials: list[str]) -> None:
        for serial in serials:
            self.sell(serial)

    def _pay(self, serial: str, cart: dict[str, Any]) -> bool:
        paid = {"tender": str(uuid4()), "cart": cart["cart_id"], "method": "cash", "amount": cart["due_cash"]}
        status, told = self.ask("/till/pay", {**paid, "reference": "", "expected_total": cart["total"]})
        if status == 200 and "receipt" in told:
            self.receipts[serial] = told["receipt"]
            return True
        return False


class LonelyTill:
    """A shop on a PostgreSQL of its own, and a till that is killed and started again."""

    def __init__(self, postgres: PostgresCluster, folder: Path, port: int, start: Callable[..., Program]) -> None:
        self.postgres = postgres
        self.address = f"127.0.0.1:{port}"
        self.shop = Shop(postgres.create_database())
        self.shop.list_products((WATCH, "Arloji", str(PRICE)))
        self.shop.person(Role.CASHIER)
        self._command = ("--config", str(self.shop.write_settings(folder, port)), "till")
        self._start = start
        self.cashier = Cashier(self.address)
        self.start()

    def start(self) -> None:
        self.program = self._start(*self._command)
        self.program.wait_until_healthy(self.address, PATIENCE)

    def kill(self) -> None:
        self.program.kill()
        self.start()

    def receive(self, *serials: str) -> None:
        """Receive units, and wait until the till's copy has them."""
        self.shop.receive(WATCH, *serials)
        time.sleep(2.0)

    def is_alone(self) -> bool:
        return bool(health(self.address)[1].get("alone"))

    def wait_until_back(self) -> None:
        wait_until(lambda: health(self.address)[1].get("alone") is False, "the till is back", PATIENCE)


@pytest.fixture
def lonely(
    own_postgres: PostgresCluster, tmp_path: Path, free_port: Callable[[], int], start_program: Callable[..., Program]
) -> Iterator[LonelyTill]:
    till = LonelyTill(own_postgres, tmp_path, free_port(), start_program)
    with till.shop:
        yield till


def test_everything_dies_while_somebody_sells(lonely: LonelyTill) -> None:
    serials = [f"LONELY-{number:04}" for number in range(120)]
    lonely.receive(*serials)
    lonely.cashier.sign_in()
    seller = threading.Thread(target=lonely.cashier.sell_all, args=(serials,))
    seller.start()
    time.sleep(0.5)
    lonely.postgres.kill()
    wait_until(lonely.is_alone, "the till sells alone", PATIENCE)
    time.sleep(0.4)
    lonely.kill()
    time.sleep(0.4)
    lonely.postgres.start()
    lonely.kill()
    lonely.postgres.stop()
    time.sleep(0.4)
    lonely.postgres.start()
    seller.join(2 * PATIENCE)
    assert not seller.is_alive()
    lonely.wait_until_back()
    shop = lonely.shop
    shop.database.close()
    with shop.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT id, number FROM sale WHERE reply <> ''").all()
        sold: dict[str, str] = {row[0]: row[1] for row in rows}
        disputed = connection.exec_driver_sql("SELECT sale_id FROM dispute").scalars().all()
        money = int(connection.exec_driver_sql("SELECT sum(amount) FROM payment").scalar_one())
    assert {receipt for receipt in lonely.cashier.receipts.values() if receipt not in sold} == set()
    assert any("-L-" in number for number in sold.values())
    assert len(set(sold.values())) == len(sold) == len(serials) + len(disputed)
    assert money == len(sold) * PRICE
    assert [shop.history(serial) for serial in serials] == [["received", "sold"]] * len(serials)
    assert shop.broken() == []


def test_a_gate_asks_the_till_that_sold_it_alone(
    lonely: LonelyTill, tmp_path: Path, free_port: Callable[[], int], start_program: Callable[..., Program]
) -> None:
    token_file(tmp_path, "gate-1", lonely.shop.token(Role.GATE, "gate-1"))
    lonely.receive("LONELY-1", "LONELY-2")
    lonely.cashier.sign_in()
    gate = RunningGate(tmp_path, lonely.shop.url, f"127.0.0.1:{free_port()}", start_program, f"http://{lonely.address}")
    gate.start()
    wait_until(lambda: gate.part("replica", "items") == 2, "the gate knows the shop", PATIENCE)
    gate.wait_for({f"http://{lonely.address}": {"state": "ok"}}, "tills", seconds=PATIENCE)
    lonely.postgres.stop()
    lonely.cashier.sell("LONELY-1")
    gate.wait_for("gone", "database", "state", seconds=PATIENCE)
    gate.scan("LONELY-1")
    assert ON not in gate.frames(1.0)
    gate.scan("LONELY-2")
    gate.wait_for_frame(ON)
    gate.program.kill()
    lonely.postgres.start()
    lonely.wait_until_back()
    assert [lonely.shop.state(serial) for serial in ("LONELY-1", "LONELY-2")] == ["paid", "in_stock"]
