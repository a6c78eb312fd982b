"""A day in a shop with four tills and two gates: real gates, replicas, journals and ledger, a clock nobody waits for.

Counted is what no maker of gates publishes: how often a gate was wrong, how often it asked in vain, and for how long it
watched without its database.
"""

import random
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gate.response import Silence
from gate.signing import Resolve
from shared import journal, staff
from shared.gate_name import GateName
from shared.incidents import Fact
from shared.roles import Role
from shared.source import DatabaseSource
from tests.gate.guarded_exit import GuardedExit
from tests.servers.waiting import wait_until
from tests.shop import STORE, WATCH, Shop
from tests.simulation.plan import HOUR, Step, plan

GATES = ("gate-1", "gate-2")
TILLS = 4
PRICE = 250_000
PIN = "2468"
ANSWER_SECONDS = 8.0


@dataclass
class Told:
    """What came of a day. Times are seconds."""

    passages: int = 0
    passages_online: int = 0
    sold: int = 0
    left_paid: int = 0
    carried_unpaid: int = 0
    stopped: int = 0
    missed: int = 0
    false_alarms: int = 0  # of a gate that had its database
    asked_for_receipt: int = 0  # of a gate that had none: a chime, and "please show the receipt"
    stray_reads: int = 0
    stray_alarms: int = 0
    offline: float = 0.0
    late: int = 0  # what arrived in the ledger after an outage
    broken: int = 0  # places where the ledger does not hold at the end
    unresolved: int = 0
    departed: int = 0
    facts: Counter[str] = field(default_factory=Counter)


class Day:
    """One shop's day."""

    def __init__(
        self, folder: Path, seed: int, *, hours: int = 24, customers_an_hour: float = 60, asks_tills: bool = False
    ) -> None:
        """`asks_tills`: a gate that has lost the database asks the tills, which have it."""
        self.told = Told()
        self._asks_tills = asks_tills
        self._folder = folder
        self._steps, units = plan(random.Random(seed), hours, customers_an_hour, len(GATES), TILLS)
        self._end = hours * HOUR
        self._shop = Shop(f"sqlite:///{folder}/shop.db")
        self._stock(units)
        self._guard = f"staff:{self._shop.in_office(lambda turn: staff.add_person(turn, 'Rina', Role.SECURITY, PIN))}"
        self._tills = [self._shop.open_till(f"till-{number}") for number in range(1, TILLS + 1)]
        self._links = [folder / f"{name}.db" for name in GATES]
        self._gates = [self._open(number, 0.0) for number in range(len(GATES))]
        self._cut_at: dict[int, float] = {}
        self._paid: set[str] = set()
        self._asks = 0

    def run(self) -> Told:
        """Let it all happen."""
        for step in self._steps:
            for gate in self._gates:
                gate.wait(max(0.0, step.at - gate.now))
            self._do(step)
        for number in range(len(GATES)):
            self._mend(number, self._end)
        self._count()
        for gate in self._gates:
            gate.close()
        self._shop.database.close()
        return self.told

    def _stock(self, units: int) -> None:
        self._shop.list_products((WATCH, "Watch", str(PRICE)))
        refused = self._shop.receive(WATCH, *(f"SN-{number:06d}" for number in range(units)))
        assert not refused

    def _open(self, number: int, now: float) -> GuardedExit:
        if not self._links[number].exists() and now == 0.0:
            self._connect(number)
        name = GATES[number]
        tills = {"till-1": DatabaseSource(self._shop.database, GateName(STORE, name))} if self._asks_tills else {}
        return GuardedExit(f"sqlite:///{self._links[number]}", self._folder, name=name, now=now, tills=tills)

    def _connect(self, number: int) -> None:
        self._links[number].symlink_to(self._folder / "shop.db")

    def _do(self, step: Step) -> None:
        match step.what:
            case "sell":
                self._sell(step)
            case "cut":
                self._links[step.gate].unlink()
                self._cut_at[step.gate] = step.at
            case "mend":
                self._mend(step.gate, step.at)
            case "restart":
                gate = self._gates[step.gate]
                gate.close()
                self._gates[step.gate] = self._open(step.gate, gate.now)
            case _:
                self._pass_by(step)

    def _sell(self, step: Step) -> None:
        if step.serials:
            self._shop.counter = self._tills[step.till]
            self._shop.sell(*step.serials, cash=PRICE * len(step.serials))
            self._paid |= set(step.serials)
            self.told.sold += len(step.serials)

    def _mend(self, number: int, at: float) -> None:
        if number in self._cut_at:
            self.told.offline += at - self._cut_at.pop(number)
            self._connect(number)
            self.told.late += self._gates[number].journal.waiting
        self._gates[number].follow()
        self._gates[number].deliver()

    def _pass_by(self, step: Step) -> None:
        gate = self._gates[step.gate]
        if step.gate not in self._cut_at:
            gate.follow()
        for serial in step.serials:
            self._judge(step, serial, _reasons(gate, serial))
            gate.wait(0.7)
        if gate.sounds() or gate.shown["waiting"]:
            self._answer(gate, step)
        if step.gate not in self._cut_at:
            gate.deliver()

    def _judge(self, step: Step, serial: str, reasons: list[str]) -> None:
        told = self.told
        told.passages += 1
        told.passages_online += step.gate not in self._cut_at
        alarmed = bool(set(reasons) - {"stray"})
        if step.what == "stray":
            told.stray_reads += 1
            told.stray_alarms += alarmed
        elif serial not in self._paid:
            told.carried_unpaid += 1
            told.stopped += alarmed
            told.missed += not alarmed
        elif step.gate in self._cut_at:
            told.asked_for_receipt += alarmed
        else:
            told.false_alarms += alarmed
        told.left_paid += step.what == "leave" and serial in self._paid

    def _answer(self, gate: GuardedExit, step: Step) -> None:
        """The guard comes, asks, and says what it was."""
        gate.wait(ANSWER_SECONDS)
        gate.gate.take(Silence(round((gate.wall + gate.now) * 1e6)))
        for waiting in list(gate.shown["waiting"]):
            fact = self._fact(step)
            self.told.facts[fact] += 1
            self._asks += 1
            ask = f"ask-{self._asks}"
            at = round((gate.wall + gate.now) * 1e6)
            gate.gate.take(Resolve(ask, waiting["incident"], fact, "", self._guard, PIN, at))
            wait_until(lambda ask=ask: _is_answered(gate, ask), "the gate replies")  # type: ignore[misc] # mypy knows no such default

    def _fact(self, step: Step) -> Fact:
        if step.what == "stray":
            return Fact.STRAY
        return Fact.GIVEN_BACK if set(step.serials) - self._paid else Fact.WAS_PAID

    def _count(self) -> None:
        shop = self._shop
        self.told.broken = len(shop.broken())
        self.told.departed = shop.count("item", "state = 'departed'")
        answered = "incident IN (SELECT id FROM incident WHERE fact <> '')"
        self.told.unresolved = shop.count("alarm", f"NOT {answered}")


def _reasons(gate: GuardedExit, serial: str) -> list[str]:
    """Let a label be read, and give why people at the gate are told of it."""
    found: list[dict[str, Any]] = []
    append = gate.journal.append

    def note(facts: Any) -> journal.Entry:
        found.append(dict(facts))
        return append(facts)

    gate.journal.append = note  # type: ignore[method-assign] # the day looks over the gate's shoulder
    try:
        gate.scan(serial)
    finally:
        gate.journal.append = append  # type: ignore[method-assign] # as above
    return [facts["reason"] for facts in found if facts["kind"] == "alarm" or facts.get("reason") == "stray"]


def _is_answered(gate: GuardedExit, ask: str) -> bool:
    gate.settle()
    gate.wait(0.6)
    return ask in gate.shown["replies"]


def simulate(seed: int, **size: Any) -> Told:
    """One day in a folder of its own, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="lunas-day-", dir="/dev/shm") as folder:
        return Day(Path(folder), seed, **size).run()
