"""The power goes in the middle of sales and alarms: what the shop was told is so when the machine is back.

What dies is the machine with all that its kernel had not written yet. A disk that says it has written and has not is
not emulated.
"""

import http.client
import random
import threading
import time
from uuid import uuid4

import pytest

from tests.servers.waiting import wait_until
from tests.vm.door import LCUS, Door, serial_scanner

PAIRS = 60  # of units to sell and to carry out, for each cut; more than there is time for
TILLS = 2


class Customer(threading.Thread):
    """Buys one unit after another, until the till does not answer any more."""

    def __init__(self, door: Door, serials: list[str]) -> None:
        super().__init__()
        self.receipts: dict[str, str] = {}
        self.last = ("", "")
        self._door, self._serials = door, serials

    def run(self) -> None:
        for serial in self._serials:
            sale = str(uuid4())
            self.last = (sale, serial)
            try:
                assert self._door.sell(sale, serial) == 201
            except (OSError, http.client.HTTPException):
                return
            self.receipts[sale] = serial


class Cuts:
    """One shop through many power cuts, and what it was ever told."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._receipts: dict[str, str] = {}
        self._alarms: set[str] = set()

    def cut(self, number: int, seconds: float) -> None:
        """Sell and alarm for so many seconds, cut the power, start again, and look."""
        machine, units = self._door.machine, range(PAIRS)
        customers = [Customer(self._door, [f"SOLD-{number}-{till}-{n}" for n in units]) for till in range(TILLS)]
        for customer in customers:
            customer.start()
        self._carry_out([f"SHELF-{number}-{n}" for n in units], time.monotonic() + seconds)
        machine.cut_power()
        for customer in customers:
            customer.join()
            self._receipts |= customer.receipts
        machine.start()
        self._door.wait_until_healthy()
        self._look([customer.last for customer in customers])

    def _carry_out(self, serials: list[str], end: float) -> None:
        """Let unpaid units be read, one every quarter of a second, and note which alarms the ledger tells of."""
        for serial in serials:
            if time.monotonic() > end:
                return
            self._door.machine.adapters["left"].send(f"{serial}\r".encode())
            time.sleep(0.25)
            self._alarms |= set(self._door.alarms())

    def _look(self, unanswered: list[tuple[str, str]]) -> None:
        for sale, serial in list(self._receipts.items())[-20:]:
            assert self._door.sell(sale, serial) == 200  # the same sale, told again
            assert self._door.state(serial) == "paid"
        for sale, serial in unanswered:
            assert self._door.sell(sale, serial) in {200, 201}
            self._receipts[sale] = serial
        alarms = self._door.all_alarms()
        assert len(alarms) == len(set(alarms))
        assert self._alarms - set(alarms) == set()
        assert "checked" in self._door.lunas("verify")

    def end(self) -> None:
        """At last, look at every receipt again."""
        assert len(self._receipts) > TILLS
        assert self._alarms
        for sale, serial in self._receipts.items():
            assert self._door.sell(sale, serial) == 200


def cut_often(door: Door, times: int) -> None:
    kinds = [f"SOLD-{number}-{till}" for number in range(times) for till in range(TILLS)]
    kinds += [f"SHELF-{number}" for number in range(times)]
    units = [f"{kind}-{n}" for kind in kinds for n in range(PAIRS)]
    door.open(*units, devices=serial_scanner("left") + LCUS, alarm_seconds=1.0)
    wait_until(lambda: door.health()["replica"]["items"] == len(units), "the gate knows every unit", 120)
    dice, cuts = random.Random(times), Cuts(door)
    for number in range(times):
        cuts.cut(number, dice.uniform(1.0, 12.0))
        print(f"power cut {number + 1} of {times} survived")  # noqa: T201 - it takes hours
    cuts.end()


def test_what_was_told_before_a_power_cut_is_so_after_it(door: Door) -> None:
    cut_often(door, 2)


@pytest.mark.soak
def test_what_was_told_before_any_of_a_hundred_power_cuts_is_so_after_them(door: Door) -> None:
    cut_often(door, 100)
