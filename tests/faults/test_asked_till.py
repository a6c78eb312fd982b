"""A real gate that loses its way to the database, and a real till that keeps its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import make_url

from shared.journal import Journal
from shared.roles import Role
from tests.gate.following import token_file
from tests.gate.running_gate import ON, RunningGate
from tests.servers.bad_network import BadNetwork
from tests.servers.postgres import PostgresCluster
from tests.servers.program import Program
from tests.servers.waiting import wait_until
from tests.shop import Shop

GATE = "gate-1"
PATIENCE = 60.0  # for a busy machine


@pytest.mark.parametrize("shop_url", ["postgresql"], indirect=True)
def test_the_till_is_asked_within_the_gate_s_deadline(
    shop: Shop,
    postgres: PostgresCluster,
    tmp_path: Path,
    free_port: Callable[[], int],
    start_program: Callable[..., Program],
) -> None:
    port, door = free_port(), f"127.0.0.1:{free_port()}"
    till = f"127.0.0.1:{port}"
    start_program("--config", str(shop.write_settings(tmp_path, port)), "till").wait_until_healthy(till, PATIENCE)
    token_file(tmp_path, GATE, shop.token(Role.GATE, GATE))
    with BadNetwork(postgres.folder / ".s.PGSQL.5432", seed=1) as network:
        url = f"postgresql://postgres@{network.address}/{make_url(shop.url).database}"
        gate = RunningGate(tmp_path, url, door, start_program, f"http://{till}")
        gate.start()
        gate.wait_for({f"http://{till}": {"state": "ok"}}, "tills", seconds=PATIENCE)
        wait_until(lambda: gate.part("replica", "items") == 5, "the gate knows the shop", PATIENCE)
        gate.wait_for(0, "journal", "waiting", seconds=PATIENCE)  # it has told that it started
    gate.wait_for("gone", "database", "state", seconds=PATIENCE)
    shop.sell("WATCH-1", cash=150_000)
    gate.scan("WATCH-1")
    assert ON not in gate.frames(1.0)
    gate.scan("WATCH-2")
    gate.wait_for_frame(ON)
    gate.wait_for(2, "journal", "waiting", seconds=PATIENCE)
    gate.program.kill()
    with Journal(tmp_path / f"{GATE}.journal", GATE) as journal:
        seen = [entry.facts() for entry in journal.undelivered(10)]
    assert [(facts["serial"], facts["reason"]) for facts in seen] == [("WATCH-1", "paid"), ("WATCH-2", "unpaid")]
