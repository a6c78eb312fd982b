"""The real gate, on real bytes, with things going wrong around it."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.gate.running_gate import OFF, ON, RunningGate
from tests.servers.disk import fill_up, mounted
from tests.servers.postgres import PostgresCluster
from tests.servers.program import Program
from tests.servers.waiting import wait_until
from tests.shop import WATCH, Shop

OpenGate = Callable[[Shop, Path], RunningGate]
BACK_SECONDS = 15.0  # what the gate saw is in the ledger so soon after the database is back


def fill(shop: Shop, units: int = 100) -> Shop:
    shop.list_products((WATCH, "Watch", "250000"))
    shop.receive(WATCH, *(f"SN-{number:04d}" for number in range(units)))
    return shop


@pytest.fixture
def shop(sqlite_url: str) -> Iterator[Shop]:
    with Shop(sqlite_url) as opened:
        yield fill(opened)


@pytest.fixture
def open_gate(start_program: Callable[..., Program], free_port: Callable[[], int]) -> OpenGate:
    def opened(shop: Shop, folder: Path) -> RunningGate:
        return RunningGate(folder, shop.url, f"127.0.0.1:{free_port()}", start_program)

    return opened


@pytest.fixture
def gate(shop: Shop, open_gate: OpenGate, tmp_path: Path) -> RunningGate:
    running = open_gate(shop, tmp_path)
    running.start()
    return running


def wait_for_alarms(shop: Shop, count: int, seconds: float = BACK_SECONDS) -> None:
    wait_until(
        lambda: shop.count("alarm") == count, f"{count} alarms in the ledger, not {shop.count('alarm')}", seconds
    )


def test_scan_do_not_pay_alarm_then_pay_and_leave(shop: Shop, gate: RunningGate) -> None:
    gate.scan("SN-0001")
    gate.wait_for_frame(ON)
    assert 0.5 < gate.wait_for_frame(OFF) < 2.0
    wait_for_alarms(shop, 1)
    shop.sell("SN-0001", cash=250000)
    time.sleep(3.2)
    gate.scan("SN-0001")
    assert gate.frames(0.5) == []
    wait_until(lambda: shop.state("SN-0001") == "departed", "the paid unit has left")
    assert gate.program.terminate() == 0
    assert not shop.broken()


@pytest.mark.long
def test_every_scan_after_each_of_a_hundred_replugs_is_seen(shop: Shop, gate: RunningGate) -> None:
    descriptors: list[int] = []
    for number in range(100):
        gate.scanner.unplug()
        gate.wait_for("lost", "scanners", "left", "state")
        gate.scanner.replug()
        gate.wait_for("ok", "scanners", "left", "state")
        gate.scan(f"SN-{number:04d}")
        gate.wait_for_frame(ON)
        descriptors.append(len(list(Path(f"/proc/{gate.program.pid}/fd").iterdir())))
    wait_for_alarms(shop, 100)
    assert max(descriptors[10:]) <= max(descriptors[:10]) + 2


def test_a_relay_that_is_gone_is_a_fault_within_2_s_and_on_when_it_is_back(gate: RunningGate) -> None:
    text = gate.file.read_text().replace("seconds = 1", "seconds = 20")
    gate.program.terminate()
    gate.file.write_text(text)
    gate.start()
    gate.scan("SN-0001")
    gate.wait_for_frame(ON)
    gate.relay.unplug()
    gate.wait_for("lost", "relay", "state", seconds=2.0)
    assert gate.health()["status"] == "down"
    gate.relay.replug()
    gate.wait_for_frame(ON)
    gate.wait_for("ok", "relay", "state", seconds=2.0)


def test_the_relay_is_off_when_the_gate_ends_in_the_middle_of_an_alarm(gate: RunningGate) -> None:
    gate.scan("SN-0001")
    gate.wait_for_frame(ON)
    assert gate.program.terminate() == 0
    gate.wait_for_frame(OFF)


def test_with_the_database_gone_it_alarms_and_everything_arrives_once_it_is_back(
    shop: Shop, open_gate: OpenGate, tmp_path: Path, sqlite_url: str
) -> None:
    gate = open_gate(shop, tmp_path)
    gate.start()
    shop.sell("SN-0002", cash=250000)
    gate.wait_for("ok", "database", "state")
    time.sleep(0.5)
    database = Path(sqlite_url.removeprefix("sqlite:///"))
    moved = [(path, path.with_name("away-" + path.name)) for path in database.parent.glob(database.name + "*")]
    for path, away in moved:
        path.rename(away)
    gate.wait_for("gone", "database", "state")
    assert gate.health()["status"] == "degraded"
    gate.scan("SN-0001", "SN-0002")
    gate.wait_for_frame(ON)
    # The alarm comes first; what is killed in the instant between it and its record could not have told of it.
    gate.wait_for(2, "journal", "waiting")
    gate.program.kill()
    gate.start()
    gate.wait_for("gone", "database", "state")
    gate.scan("SN-0003")
    gate.wait_for_frame(ON)
    assert not database.exists()
    for path, away in moved:
        away.rename(path)
    wait_for_alarms(shop, 2)
    wait_until(lambda: shop.state("SN-0002") == "departed", "the passage arrived", BACK_SECONDS)
    assert shop.count("alarm", "reason = 'unconfirmed'") == 2
    time.sleep(1.5)
    assert shop.count("alarm") == 2
    assert not shop.broken()


def test_the_same_with_a_postgresql_server_that_is_killed(
    own_postgres: PostgresCluster, open_gate: OpenGate, tmp_path: Path
) -> None:
    with Shop(own_postgres.create_database()) as shop:
        fill(shop)
        shop.sell("SN-0002", cash=250000)
        gate = open_gate(shop, tmp_path)
        gate.start()
        gate.scan("SN-0000")
        gate.wait_for_frame(ON)
        wait_for_alarms(shop, 1)
        own_postgres.kill()
        gate.wait_for("gone", "database", "state")
        gate.scan("SN-0001", "SN-0002")
        gate.wait_for_frame(ON)
        gate.wait_for(2, "journal", "waiting")
        gate.program.kill()
        gate.start()
        gate.scan("SN-0003")
        gate.wait_for_frame(ON)
        own_postgres.start()
        began = time.monotonic()
        wait_until(lambda: _alarms_or_none(shop) == 3, "all alarms arrived", BACK_SECONDS)
        wait_until(lambda: shop.state("SN-0002") == "departed", "the passage arrived", BACK_SECONDS)
        assert time.monotonic() - began < BACK_SECONDS
        assert not shop.broken()


def _alarms_or_none(shop: Shop) -> int:
    try:
        return shop.count("alarm")
    except Exception:  # noqa: BLE001 - the server is still starting
        return -1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 40 MB of its own, for everything that the gate and the shop keep."""
    with mounted(tmp_path / "disk", megabytes=40) as folder:
        yield folder


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk of its own")
def test_with_the_disk_full_it_alarms_and_everything_arrives_when_there_is_room(
    small_disk: Path, open_gate: OpenGate
) -> None:
    with Shop(f"sqlite:///{small_disk / 'shop.db'}") as shop:
        gate = open_gate(fill(shop), small_disk)
        gate.start()
        filler = small_disk / "filler"
        fill_up(filler)
        for number in range(1, 11):
            gate.scan(f"SN-{number:04d}")
        gate.wait_for_frame(ON)
        time.sleep(1.0)
        assert gate.health()["journal"]["state"] == "ok"
        filler.unlink()
        wait_for_alarms(shop, 10)
        assert not shop.broken()


def test_with_its_screen_killed_it_alarms_and_the_screen_comes_back(shop: Shop, gate: RunningGate) -> None:
    children = subprocess.run(["pgrep", "-P", str(gate.program.pid)], capture_output=True, text=True, check=True)
    (screen,) = [int(line) for line in children.stdout.split()]
    os.kill(screen, signal.SIGKILL)
    gate.scan("SN-0001")
    gate.wait_for_frame(ON)
    wait_for_alarms(shop, 1)
    gate.program.wait_until_healthy(gate.address)


def test_with_its_screen_hanging_it_alarms(shop: Shop, gate: RunningGate) -> None:
    children = subprocess.run(["pgrep", "-P", str(gate.program.pid)], capture_output=True, text=True, check=True)
    (screen,) = [int(line) for line in children.stdout.split()]
    os.kill(screen, signal.SIGSTOP)
    time.sleep(3.0)
    gate.scan("SN-0001")
    gate.wait_for_frame(ON)
    wait_for_alarms(shop, 1)
    os.kill(screen, signal.SIGCONT)
    gate.program.wait_until_healthy(gate.address)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that is dead and that nobody has asked about yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_killed_it_leaves_no_child_and_a_free_port(gate: RunningGate) -> None:
    children = subprocess.run(["pgrep", "-P", str(gate.program.pid)], capture_output=True, text=True, check=True)
    gate.program.kill()
    pids = [int(line) for line in children.stdout.split()]
    wait_until(lambda: not any(is_alive(pid) for pid in pids), "the screen died too", 1.0)
    gate.start()


def sounds_for(gate: RunningGate, serial: str) -> bool:
    gate.scan(serial)
    return ON in gate.frames(0.5)


def test_a_port_that_is_taken_costs_the_screen_and_not_the_gate(
    shop: Shop, open_gate: OpenGate, tmp_path: Path
) -> None:
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    first = open_gate(shop, tmp_path / "first")
    first.start()
    second = open_gate(shop, tmp_path / "second")
    second.file.write_text(
        second.file.read_text().replace(second.address, first.address).replace("[gate]", '[gate]\nname = "gate-2"')
    )
    second.start(healthy=False)
    wait_until(lambda: "gate.screen ended" in second.program.output, "its screen finds no port", 20)
    # Without a screen it cannot say when it knows the unit: the label is held up until it does.
    wait_until(lambda: sounds_for(second, "SN-0001"), "the relay is on", 20)


def test_a_journal_or_a_replica_full_of_rubbish_is_begun_anew(shop: Shop, gate: RunningGate, tmp_path: Path) -> None:
    gate.program.kill()
    shutil.copy(__file__, tmp_path / "gate-1.journal")
    shutil.copy(__file__, tmp_path / "gate-1.replica")
    gate.start()
    gate.scan("SN-0001")
    gate.wait_for_frame(ON)
    wait_for_alarms(shop, 1)


def test_settings_with_mistakes_are_all_told_at_once(tmp_path: Path, start_program: Callable[..., Program]) -> None:
    file = tmp_path / "lunas.toml"
    file.write_text(
        '[gate]\narmd = true\n[[gate.scanner]]\nname = "left"\nkind = "seriell"\n[[gate.scanner]]\nname = "right"\n'
        'kind = "serial"\nbaud = "fast"\n[gate.relay]\nkind = "lcus"\nchannel = 99\n'
    )
    program = start_program("--config", str(file), "gate")
    assert program.wait() == 2
    assert "armd: unknown; did you mean 'armed'?" in program.output
    file.write_text(file.read_text().replace("armd", "armed"))
    program = start_program("--config", str(file), "gate")
    assert program.wait() == 2
    for expected in ("serial", "port", "baud", "channel"):
        assert expected in program.output
    assert "Traceback" not in program.output
