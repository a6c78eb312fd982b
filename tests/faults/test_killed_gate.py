"""The gate's process is killed at any moment, while labels are read: what it has written down arrives once."""

import random
import time
from collections import Counter as Tally
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.gate.running_gate import ON, RunningGate
from tests.servers.program import Program
from tests.shop import WATCH, Shop

PAIRS = 40  # a paid and an unpaid unit each, of each life; more than it can see
LONGEST_LIFE = 0.6  # seconds after the first alarm


class Exit:
    """A gate that is killed and started again, and what its siren has said of it.

    Labels are read in order and alarms come first. So once the siren sounds for a unit, the passage of the paid unit
    before it has been written down; and once it sounds again, so has the alarm before.
    """

    def __init__(self, shop: Shop, gate: RunningGate) -> None:
        self.shop, self._gate = shop, gate
        self.passed: list[str] = []
        self.alarmed: list[str] = []

    def live_and_die(self, life: int, seconds: float) -> None:
        """Start, let labels be read, and kill so many seconds after the first alarm."""
        paid = [f"PAID-{life}-{number}" for number in range(PAIRS)]
        unpaid = [f"SHELF-{life}-{number}" for number in range(PAIRS)]
        self.shop.receive(WATCH, *paid, *unpaid)
        for serial in paid:
            self.shop.sell(serial, cash=150_000)
        self._gate.start(healthy=False)
        self._gate.program.wait_until_healthy(self._gate.address, seconds=60)
        end, before = float("inf"), ""
        for passing, sounding in zip(paid, unpaid, strict=True):
            self._gate.scan(passing, sounding)
            if not self._sounds(end):
                break
            end = min(end, time.monotonic() + seconds)
            self.passed.append(passing)
            self.alarmed += [before] if before else []
            before = sounding
        self._gate.program.kill()
        self._gate.scanner.unplug()  # what was not read yet is nobody's
        self._gate.scanner.replug()
        self._gate.frames(0.05)

    def settle(self) -> None:
        """Let a last life deliver what the others have written down."""
        self._gate.start()
        self._gate.wait_for(0, "journal", "waiting", seconds=30)
        assert self._gate.program.terminate() == 0

    def _sounds(self, end: float) -> bool:
        while (left := min(30.0, end - time.monotonic())) > 0:
            if ON in self._gate.frames(min(left, 0.02)):
                return True
        assert end < float("inf"), f"no alarm in a life: {self._gate.health()}"
        return False


@pytest.fixture
def kill_often(
    shop: Shop, tmp_path: Path, free_port: Callable[[], int], start_program: Callable[..., Program]
) -> Callable[[int], None]:
    gate = RunningGate(tmp_path, shop.url, f"127.0.0.1:{free_port()}", start_program)

    def run(times: int) -> None:
        dice = random.Random(times)
        door = Exit(shop, gate)
        for life in range(times):
            door.live_and_die(life, dice.uniform(0.0, LONGEST_LIFE))
        door.settle()
        assert len(door.alarmed) > times
        with shop.database.snapshot() as connection:
            # A source that answers late turns a chime into an alarm: the unit alarms once unconfirmed, then unpaid.
            alarms = Tally(tuple(row) for row in connection.exec_driver_sql("SELECT serial, reason FROM alarm"))
        assert set(door.alarmed) <= {serial for serial, _ in alarms}
        assert [alarm for alarm, count in alarms.items() if count > 1] == []
        for serial in door.passed:
            assert shop.history(serial).count("departed") == 1
        assert shop.broken() == []

    return run


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_gate_killed_while_it_reads_loses_and_doubles_nothing(kill_often: Callable[[int], None]) -> None:
    """Five times on each engine; hundreds of times under `make soak`."""
    kill_often(5)


@pytest.mark.soak
def test_a_gate_killed_hundreds_of_times_loses_and_doubles_nothing(kill_often: Callable[[int], None]) -> None:
    kill_often(300)
