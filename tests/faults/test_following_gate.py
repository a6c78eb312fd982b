"""A gate that follows a till's server over HTTP, while the server, its database or the network goes and comes back."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from gate.http_source import HttpSource
from gate.replica import Replica
from shared.backup import back_up
from shared.database import DatabaseError
from shared.gate_name import GateName
from shared.restore import restore
from shared.roles import Role
from shared.source import DatabaseSource
from shared.table_reader import Address
from tests.gate.following import following, token_file
from tests.gate.guarded_exit import GuardedExit
from tests.gate.running_gate import ON, RunningGate
from tests.servers.bad_network import BadNetwork
from tests.servers.program import Program
from tests.servers.till_thread import serving
from tests.servers.waiting import wait_until
from tests.shop import STORE, WATCH, Shop
from tests.shops import on_sqlite

HEALED_SECONDS = 10.0
PATIENCE = 60.0  # for a busy machine
GATE = "gate-1"


class Door:
    """A real till and a real gate that knows only the till's address, or a network's on the way there."""

    def __init__(self, shop: Shop, folder: Path, free_port: Callable[[], int], start: Callable[..., Program]) -> None:
        self.shop, self._folder, self._start = shop, folder, start
        self.port = free_port()
        self._settings = shop.write_settings(folder, self.port)
        self._gate_address = f"127.0.0.1:{free_port()}"
        token_file(folder, GATE, shop.token(Role.GATE, GATE))
        self.open_till()
        self.gate: RunningGate

    def open_till(self) -> None:
        self.till = self._start("--config", str(self._settings), "till")
        self.till.wait_until_healthy(f"127.0.0.1:{self.port}", PATIENCE)

    def open_gate(self, address: str = "") -> None:
        url = f"http://{address or f'127.0.0.1:{self.port}'}"
        self.gate = RunningGate(self._folder, url, self._gate_address, self._start)
        self.gate.start()
        self.wait_until_level()

    def wait_until_level(self, seconds: float = PATIENCE) -> None:
        wait_until(lambda: is_level(self.shop, self._folder), "the gate knows what the database holds", seconds)

    def wait_for_alarms(self, count: int) -> None:
        wait_until(
            lambda: self.shop.count("alarm") == count, f"{count} alarms, not {self.shop.count('alarm')}", PATIENCE
        )


@pytest.fixture
def door(
    shop: Shop, tmp_path: Path, free_port: Callable[[], int], start_program: Callable[..., Program]
) -> Iterator[Door]:
    opened = Door(shop, tmp_path, free_port, start_program)
    yield opened
    assert "Traceback" not in opened.till.output + opened.gate.program.output
    assert "lunas_" not in opened.till.output + opened.gate.program.output
    assert shop.broken() == []


def is_level(shop: Shop, folder: Path) -> bool:
    """Whether the gate's replica is what a copy of the database would be now."""
    truth, known = Replica(folder / "true.replica", GATE), Replica(folder / f"{GATE}.replica", GATE)
    with closing(truth), closing(known):
        with DatabaseSource(shop.database, GateName(STORE, GATE)).copy() as copy:
            truth.fill(copy)
        return list(truth.rows()) == list(known.rows())


def test_what_is_not_paid_alarms_what_is_leaves_and_both_are_recorded_once(door: Door) -> None:
    door.open_gate()
    door.gate.scan("WATCH-1")
    door.gate.wait_for_frame(ON)
    door.wait_for_alarms(1)
    door.shop.sell("WATCH-2", cash=150_000)
    door.wait_until_level()
    door.gate.scan("WATCH-2")
    wait_until(lambda: door.shop.state("WATCH-2") == "departed", "the paid unit has left", PATIENCE)
    door.wait_until_level()
    assert door.shop.count("alarm", "reason = 'unpaid'") == 1
    assert door.shop.delivered() == 2


def test_a_unit_that_is_paid_as_it_is_read_is_asked_for_over_the_network(door: Door) -> None:
    """The replica does not know yet: the till's server does, and answers within the gate's deadline."""
    door.open_gate()
    door.shop.sell("WATCH-1", cash=150_000)
    door.gate.scan("WATCH-1")
    wait_until(lambda: door.shop.delivered() == 1, "the passage arrives", PATIENCE)
    assert door.shop.count("alarm", "reason = 'unpaid'") == 0


def test_with_the_till_killed_and_the_gate_killed_too_nothing_is_lost_or_doubled(door: Door) -> None:
    door.open_gate()
    door.shop.sell("WATCH-2", cash=150_000)
    door.wait_until_level()
    door.till.kill()
    door.gate.wait_for("gone", "database", "state", seconds=PATIENCE)
    assert door.gate.health()["status"] == "degraded"
    door.gate.scan("WATCH-1", "WATCH-2")
    door.gate.wait_for_frame(ON)
    door.gate.wait_for(2, "journal", "waiting", seconds=PATIENCE)
    door.gate.program.kill()
    door.gate.start()
    door.gate.wait_for("gone", "database", "state", seconds=PATIENCE)
    door.gate.scan("WATCH-3")
    door.gate.wait_for_frame(ON)
    door.open_till()
    door.wait_for_alarms(2)
    wait_until(lambda: door.shop.state("WATCH-2") == "departed", "the passage arrives", PATIENCE)
    door.wait_until_level()
    assert door.shop.count("alarm", "reason = 'unconfirmed'") == 2
    assert door.shop.delivered() == 3


@on_sqlite
def test_with_the_till_s_database_silent_the_gate_alarms_and_says_why(door: Door, tmp_path: Path) -> None:
    door.open_gate()
    moved = [(file, file.with_name("away-" + file.name)) for file in tmp_path.glob("shop.db*")]
    for file, away in moved:
        file.rename(away)
    door.gate.wait_for("gone", "database", "state", seconds=PATIENCE)
    wait_until(lambda: "503" in door.gate.part("database", "why"), "the gate says why", PATIENCE)
    door.gate.scan("WATCH-1")
    door.gate.wait_for_frame(ON)
    for file, away in moved:
        away.rename(file)
    door.wait_for_alarms(1)


def test_a_database_that_was_put_back_is_copied_afresh_and_gets_again_what_it_lost(door: Door, tmp_path: Path) -> None:
    door.open_gate()
    door.shop.sell("WATCH-2", cash=150_000)
    back_up(door.shop.database, tmp_path / "yesterday.backup")
    door.wait_until_level()
    door.gate.scan("WATCH-1", "WATCH-2")
    door.wait_for_alarms(1)
    wait_until(lambda: door.shop.state("WATCH-2") == "departed", "the paid unit has left", PATIENCE)
    restore(door.shop.url, tmp_path / "yesterday.backup", tmp_path / "aside")
    assert (door.shop.state("WATCH-2"), door.shop.count("alarm")) == ("paid", 0)
    door.wait_for_alarms(1)
    wait_until(lambda: door.shop.state("WATCH-2") == "departed", "it has left again", PATIENCE)
    door.wait_until_level()
    assert door.shop.history("WATCH-2") == ["received", "sold", "departed"]


@on_sqlite
def test_a_token_that_does_not_hold_is_told_in_the_gate_s_status_and_log(door: Door, tmp_path: Path) -> None:
    token_file(tmp_path, GATE, "lunas_nobody-s")
    door.gate = RunningGate(tmp_path, f"http://127.0.0.1:{door.port}", door._gate_address, door._start)
    door.gate.start(healthy=False)
    wait_until(lambda: "nobody holds this token" in str(door.gate.part("database", "why")), "it is told", PATIENCE)
    assert "nobody holds this token" in door.gate.program.output


@pytest.mark.timeout(300)
@on_sqlite
def test_ten_seconds_after_a_bad_network_heals_the_gate_knows_what_the_database_holds(door: Door) -> None:
    with BadNetwork(door.port, seed=5) as network:
        door.open_gate(network.address)
        network.is_bad = True
        for number in range(20):
            door.shop.receive(WATCH, f"MORE-{number}")
            door.shop.sell(f"MORE-{number}", cash=150_000)
            time.sleep(0.25)
        assert network.met > 5
        network.is_bad = False
        door.wait_until_level(HEALED_SECONDS)
        door.gate.program.terminate()


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_network_that_cuts_delays_halves_and_garbles_a_hundred_times_loses_and_doubles_nothing(
    shop: Shop, tmp_path: Path
) -> None:
    token_file(tmp_path, GATE, shop.token(Role.GATE, GATE))
    serials = [f"MORE-{number:03d}" for number in range(300)]
    shop.receive(WATCH, *serials)
    with (
        serving(shop, tmp_path) as till,
        BadNetwork(till.port, seed=11) as network,
        closing(HttpSource(following(_at(network), tmp_path, GATE), GATE)) as source,
        GuardedExit(shop.url, tmp_path, source=source) as gate,
    ):
        gate.follow()
        network.is_bad = True
        for paid, unpaid in zip(serials[::2], serials[1::2], strict=True):
            shop.sell(paid, cash=150_000)
            gate.scan(paid, unpaid)
            for attempt in (gate.follow, gate.deliver, gate.follower._copy):
                with suppress(DatabaseError):
                    attempt()
            if network.met >= 100:
                break
        assert network.met >= 100
        network.is_bad = False
        network.drop()
        gate.follow()
        gate.deliver()
        gate.follow()
        assert is_level(shop, tmp_path)
        assert shop.delivered() == shop.count("event", "kind IN ('passage', 'alarm', 'item') AND register = 'gate-1'")
    assert shop.broken() == []


def _at(network: BadNetwork) -> Address:
    host, _, port = network.address.partition(":")
    return Address(host, int(port))
