"""The real programs under a supervisor: what it hears while they work, hang and end."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gate.pulse import HANG_SECONDS
from tests.gate.running_gate import OFF, ON, RunningGate
from tests.servers.postgres import PostgresCluster
from tests.servers.program import Program
from tests.servers.supervisor import Supervisor
from tests.shop import WATCH, Shop
from tests.shops import on_sqlite

Start = Callable[..., Program]
QUIET_SECONDS = 4.0  # longer than any pause between two beats of a program that works


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    with Supervisor(tmp_path) as listening:
        yield listening


@pytest.fixture
def start(start_program: Start, supervisor: Supervisor) -> Start:
    def started(*arguments: str) -> Program:
        return start_program(*arguments, environment=supervisor.environment)

    return started


@pytest.fixture
def gate(shop: Shop, tmp_path: Path, free_port: Callable[[], int], start: Start) -> RunningGate:
    running = RunningGate(tmp_path, shop.url, f"127.0.0.1:{free_port()}", start)
    running.start(healthy=False)
    return running


@pytest.fixture
def till(shop: Shop, tmp_path: Path, free_port: Callable[[], int], start: Start) -> Program:
    return start("--config", str(shop.write_settings(tmp_path, free_port())), "till")


def falls_silent(supervisor: Supervisor) -> bool:
    """Whether nothing more is said, but for what was on its way."""
    list(supervisor.hears(0.5))
    return not list(supervisor.hears(QUIET_SECONDS))


def hangs_and_goes_on(supervisor: Supervisor, program: Program) -> bool:
    os.kill(program.pid, signal.SIGSTOP)
    has_hung = falls_silent(supervisor)
    os.kill(program.pid, signal.SIGCONT)
    supervisor.wait_for("WATCHDOG=1")
    return has_hung


@on_sqlite
def test_a_gate_says_that_it_watches_that_it_lives_and_that_it_ends(gate: RunningGate, supervisor: Supervisor) -> None:
    supervisor.wait_for("READY=1")
    for _ in range(3):
        supervisor.wait_for("WATCHDOG=1")
    assert hangs_and_goes_on(supervisor, gate.program)
    assert gate.program.terminate() == 0
    supervisor.wait_for("STOPPING=1")


@on_sqlite
def test_a_till_says_that_it_answers_and_that_it_ends(till: Program, supervisor: Supervisor) -> None:
    supervisor.wait_for("READY=1")
    supervisor.wait_for("WATCHDOG=1")
    assert hangs_and_goes_on(supervisor, till)
    assert till.terminate() == 0
    supervisor.wait_for("STOPPING=1")


@on_sqlite
def test_a_scanner_and_a_relay_that_are_not_there_are_no_hang(gate: RunningGate, supervisor: Supervisor) -> None:
    gate.scanner.unplug()
    gate.relay.unplug()
    gate.wait_for("lost", "scanners", "left", "state")
    list(supervisor.hears(0.5))
    assert len(list(supervisor.hears(QUIET_SECONDS))) >= 2


@pytest.mark.long
def test_a_database_that_hangs_is_told_and_costs_the_gate_no_life(
    own_postgres: PostgresCluster, tmp_path: Path, free_port: Callable[[], int], start: Start, supervisor: Supervisor
) -> None:
    with Shop(own_postgres.create_database()) as shop:
        shop.list_products((WATCH, "Arloji", "150000"))
        shop.receive(WATCH, "WATCH-1")
        gate = RunningGate(tmp_path, shop.url, f"127.0.0.1:{free_port()}", start)
        gate.start()
        with own_postgres.hanging():
            gate.wait_for("gone", "database", "state", seconds=30)
            time.sleep(HANG_SECONDS - 5)  # ten have gone by already
            list(supervisor.hears(0.5))
            assert len(list(supervisor.hears(QUIET_SECONDS))) >= 2
            gate.scan("WATCH-1")
            gate.wait_for_frame(ON)
        gate.wait_for("ok", "database", "state", seconds=30)


@on_sqlite
def test_after_a_gate_that_was_killed_the_relay_can_be_switched_off(gate: RunningGate, start: Start) -> None:
    gate.program.wait_until_healthy(gate.address)
    gate.scan("WATCH-1")
    gate.wait_for_frame(ON)
    gate.program.kill()
    assert gate.frames(0.2) == []
    assert start("--config", str(gate.file), "gate", "--relay-off").wait() == 0
    gate.wait_for_frame(OFF)


@on_sqlite
def test_a_relay_that_is_not_there_cannot_be_switched_off_and_that_is_said(gate: RunningGate, start: Start) -> None:
    gate.program.kill()
    gate.relay.unplug()
    switching = start("--config", str(gate.file), "gate", "--relay-off")
    assert switching.wait() == 1
    assert "gate.relay: cannot open" in switching.output
