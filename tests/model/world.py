"""A shop and its gates, run by the real code on a clock of the model's own, beside what is simply true.

The truth is one state for each unit, and whether it has a permit. What a gate may get wrong is stated once, in
`Exit.may_not_know`: what changed since the gate last followed the shop. Everything else is a fault.
"""

import copy
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gate import strays
from gate.bypass import BYPASS_SECONDS
from gate.replica import Replica
from pos.office import permits
from pos.till.basket import SaleRefusedError
from shared import journal
from shared.backup import back_up
from shared.badge import new_badge
from shared.items import NOT_PAID, ItemState
from shared.journal import Entry
from shared.restore import restore
from tests.gate.guarded_exit import GuardedExit
from tests.shop import WATCH, Shop

GATES = ("gate-1", "gate-2")
PRICE = 250_000
LEADER = 1  # of the staff
NOBODYS = new_badge()
TEN_YEARS = 315_000_000_000_000  # µs
PASSABLE = frozenset({ItemState.PAID, ItemState.DEPARTED, ItemState.IN_TRANSIT})
BETWEEN_PASSAGES = 3.5  # seconds after which the same label is another passage


@dataclass(slots=True)
class Unit:
    """What is true of one unit; `state` None: nobody received it. `changed`: the model's tick of its last change.

    `permit` is the id of the one that lets it out, "" for none.
    """

    state: ItemState | None = None
    version: int = 0
    changed: int = 0
    permit: str = ""

    @property
    def may_pass(self) -> bool:
        """Whether it may leave in silence: what nobody received is not the shop's."""
        return self.state is None or self.state in PASSABLE or self.is_permitted

    @property
    def is_permitted(self) -> bool:
        """Whether it needs a permit, and has one."""
        return bool(self.permit) and self.state in NOT_PAID


@dataclass(slots=True)
class Badge:
    """A leader's, the one that was printed before it, and the tick at which they changed."""

    text: str
    void: str = ""
    changed: int = 0


@dataclass(slots=True)
class Record:
    """What a gate wrote down, and what was true of the unit then."""

    entry: Entry
    was_window: bool = False

    @property
    def facts(self) -> Mapping[str, Any]:
        """The entry's facts."""
        return self.entry.facts()


@dataclass(slots=True)
class Exit:
    """One gate: the real one, and whether it can reach the shop.

    `followed`: the tick up to which it knows the shop; `delivered`: how many of its records the ledger has, in `epoch`.
    `latest`: the furthest that its wall clock ever was; `bypass_until`: how long a badge counts, on its steady clock.
    """

    gate: GuardedExit
    link: Path
    records: list[Record]
    followed: int = -1
    delivered: int = 0
    epoch: int = 0
    passages: int = 0
    latest: float = 0.0
    bypass_until: float = 0.0
    alarms: dict[str, list[float]] = field(default_factory=dict)  # of each serial, when

    @property
    def is_connected(self) -> bool:
        """Whether the gate reaches the shop's database."""
        return self.link.exists()

    @property
    def kept(self) -> list[Record]:
        """What its journal still holds."""
        return self.records[-journal.SLOTS :]

    def may_be_stray(self, serial: str) -> bool:
        """Whether the unit alarmed here so often lately that it may be told as a stray instead."""
        return sum(self.gate.now - at <= strays.WITHIN_SECONDS for at in self.alarms.get(serial, ())) >= strays.ALARMS

    def may_not_know(self, what: Unit | Badge) -> bool:
        """The stated window: what changed since the gate last followed the shop."""
        return what.changed > self.followed

    def look_at_the_clock(self) -> bool:
        """Whether its wall clock is behind what it was once: then it may go by no permit."""
        wall = self.gate.wall + self.gate.now
        self.latest = max(self.latest, wall)
        return wall < self.latest

    @property
    def is_bypassed(self) -> bool:
        """Whether somebody carries things out by a badge just now."""
        return self.gate.now < self.bypass_until


class World:
    """One shop, two gates, some units. Methods are what happens; each compares what it saw with what is true."""

    def __init__(self, shop: Shop, folder: Path, serials: list[str]) -> None:
        self.shop = shop
        self.folder = folder
        self.units = {serial: Unit() for serial in serials}
        self.receipts: dict[str, str] = {}  # the last one that names a unit
        self.tick = 0
        self._known: set[str] = set()  # the keys of the journals' entries that the ledger has
        self.badge = Badge(shop.badge(LEADER))
        self._backup: tuple[Path, dict[str, Unit], set[str], Badge] | None = None
        self._asides = 0
        self.epoch = 0
        self.exits = [self._open(name) for name in GATES]

    # what happens in the shop

    def receive(self, serial: str) -> None:
        """Receive a unit: a new one, or one that comes back."""
        unit = self.units[serial]
        refused = self.shop.receive(WATCH, serial)
        may = unit.state in {None, ItemState.DEPARTED, ItemState.RETURNED, ItemState.WRITTEN_OFF}
        assert (not refused) == may, (unit, refused)
        if may:
            self._move(unit, ItemState.IN_STOCK)

    def sell(self, serial: str) -> None:
        """Sell a unit; only what is in stock can be."""
        unit = self.units[serial]
        try:
            receipt = self.shop.sell(serial, cash=PRICE).receipt
        except SaleRefusedError:
            assert unit.state is not ItemState.IN_STOCK, unit
        else:
            assert unit.state is ItemState.IN_STOCK, unit
            self._move(unit, ItemState.PAID)
            (self.receipts[serial],) = receipt["signed"]

    def bring(self, serial: str, what: str, before: set[ItemState], after: ItemState) -> None:
        """Let something else happen to a unit, if it may happen to one in its state."""
        unit = self.units[serial]
        if unit.state in before:
            self.shop.move(serial, what, after)
            self._move(unit, after)

    def give_permit(self, serial: str) -> None:
        """Let a unit out for as long as the model runs, if it has no permit yet."""
        unit = self.units[serial]
        if unit.state is not None and not unit.permit:
            unit.permit = self.shop.permit(serial, round(time.time() * 1_000_000) + TEN_YEARS)
            self._change(unit)

    def end_permit(self, serial: str) -> None:
        """Take its permit back."""
        unit = self.units[serial]
        if unit.permit:
            self.shop.in_office(lambda turn: permits.end(turn, unit.permit))
            unit.permit = ""
            self._change(unit)

    def print_badge(self) -> None:
        """The leader gets a new badge, and the old one is void."""
        self.badge = Badge(self.shop.badge(LEADER), void=self.badge.text)
        self._change(self.badge)

    # what happens at the exits

    def show_badge(self, number: int, *, is_void: bool) -> None:
        """Somebody shows the leader's badge, or the one before it: for half a minute all passes, written down."""
        exit_ = self.exits[number]
        exit_.gate.wait(BETWEEN_PASSAGES)
        exit_.look_at_the_clock()
        known = len(exit_.records)
        exit_.gate.scan(self.badge.void or NOBODYS if is_void else self.badge.text)
        (record,) = exit_.records[known:]
        counts = record.facts["outcome"] == "pass"
        assert counts is not is_void or exit_.may_not_know(self.badge), f"a badge that is void: {is_void}"
        if counts:
            exit_.bypass_until = exit_.gate.now + BYPASS_SECONDS

    def pass_by(self, number: int, serial: str) -> None:
        """Carry a unit past a gate, and judge what it does."""
        exit_, unit = self.exits[number], self.units[serial]
        if exit_.gate.journal.waiting > journal.SLOTS // 2:
            self.reconnect(number)
            self.deliver(number)
        exit_.gate.wait(BETWEEN_PASSAGES)
        exit_.look_at_the_clock()
        known = len(exit_.records)
        exit_.gate.scan(serial)
        exit_.passages += 1
        reasons = [record.facts["reason"] for record in exit_.records[known:] if _is_told(record)]
        raised = [reason for reason in reasons if reason != "stray"]
        self._judge(exit_, unit, reasons)
        if reasons:
            assert raised or exit_.may_be_stray(serial), "told as a stray too soon"
            # A stray stays one for as long as it is seen.
            exit_.alarms.setdefault(serial, []).extend([exit_.gate.now] * (1 if raised else strays.ALARMS))
        if raised:
            assert exit_.gate.sounds()
        for record in exit_.records[known:]:
            record.was_window = not unit.may_pass and not reasons

    def read_again(self, number: int, serial: str) -> None:
        """Hold the label before the scanner a moment longer: the same passage."""
        self.pass_by(number, serial)
        exit_ = self.exits[number]
        known = len(exit_.records)
        exit_.gate.scan(serial)
        again = exit_.records[known:]
        # A unit that is paid leaves even in the middle of a passage; nothing else of one passage is told twice.
        assert [record for record in again if record.facts["reason"] != "paid"] == []

    def show_receipt(self, number: int, serial: str) -> None:
        """Show a gate the last receipt that names a unit, whatever has become of that since."""
        exit_ = self.exits[number]
        known = len(exit_.records)
        if serial in self.receipts:
            exit_.gate.scan(self.receipts[serial])
        for facts in (record.facts for record in exit_.records[known:]):
            if facts["kind"] == "passage":
                assert (facts["reason"], facts["serial"]) == ("receipt", serial)
                unit = self.units[serial]
                assert unit.may_pass or exit_.may_not_know(unit), f"{unit} was let go by its receipt"

    def follow(self, number: int) -> None:
        """Let a gate come level with the shop, if it can reach it."""
        exit_ = self.exits[number]
        if exit_.is_connected:
            exit_.gate.follow()
            exit_.gate.settle()
            exit_.followed = self.tick

    def deliver(self, number: int) -> None:
        """Let a gate bring what it saw into the ledger, if it can reach it."""
        exit_ = self.exits[number]
        if not exit_.is_connected:
            return
        exit_.gate.deliver()
        # To a database that was put back, everything that the journal still holds is delivered again.
        for record in exit_.kept if exit_.epoch != self.epoch else exit_.records[exit_.delivered :]:
            if record.entry.key not in self._known:
                self._known.add(record.entry.key)
                self._depart(record.facts)
        exit_.epoch, exit_.delivered = self.epoch, len(exit_.records)

    def cut_off(self, number: int) -> None:
        """Take the shop's database from a gate."""
        self.exits[number].link.unlink(missing_ok=True)

    def reconnect(self, number: int) -> None:
        """Give it back."""
        link = self.exits[number].link
        if not link.exists():
            link.symlink_to(self._file)

    def restart(self, number: int, *, loses_replica: bool) -> None:
        """Stop a gate and start it again."""
        exit_ = self.exits[number]
        exit_.gate.close()
        if loses_replica:
            for part in self.folder.glob(f"{exit_.gate.name}.replica*"):
                part.unlink()
            exit_.followed = -1
        exit_.gate = self._start(exit_.gate.name, exit_.link, exit_.records, exit_.gate.now)
        exit_.bypass_until = 0.0

    def shift_clock(self, number: int, seconds: float) -> None:
        """Move a gate's wall clock; nothing may come of it but for permits."""
        self.exits[number].look_at_the_clock()
        self.exits[number].gate.wall += seconds

    # what happens to the database

    def back_up(self) -> None:
        """Back the shop up."""
        file = self.folder / f"day-{self.tick}.backup"
        if not file.exists():
            back_up(self.shop.database, file)
        self._backup = (file, copy.deepcopy(self.units), set(self._known), copy.copy(self.badge))

    def restore(self) -> None:
        """Put the last backup back."""
        if self._backup is None:
            return
        file, units, known, badge = self._backup
        self._asides += 1
        restore(self.shop.url, file, self.folder / f"aside-{self._asides}")
        self.tick += 1
        self.epoch += 1
        self.units, self._known, self.badge = copy.deepcopy(units), set(known), replace(badge, changed=self.tick)
        self.receipts.clear()  # what was sold since was never sold
        for unit in self.units.values():
            unit.changed = self.tick
        # What was unpaid then may be paid again now: no false pass is left to be told of.
        for exit_ in self.exits:
            for record in exit_.records:
                record.was_window = False

    # what must hold at the end

    def settle(self) -> None:
        """Reconnect everything and let it come to rest."""
        for number in range(len(self.exits)):
            self.reconnect(number)
        for _ in range(2):
            for number in range(len(self.exits)):
                self.follow(number)
                self.deliver(number)

    def check(self) -> None:
        """Nothing lost, nothing doubled, all of one mind; and nothing slips through any more."""
        self.settle()
        assert self.shop.broken() == []
        for serial, unit in self.units.items():
            if unit.state is not None:
                assert self.shop.state(serial) == unit.state, serial
        self._check_records()
        self._check_replicas()
        for number in range(len(self.exits)):
            for serial in self.units:
                self.follow(number)
                self.pass_by(number, serial)

    def close(self) -> None:
        """Let everything go."""
        for exit_ in self.exits:
            exit_.gate.close()

    @property
    def _file(self) -> Path:
        file = self.shop.database.file
        assert file is not None
        return file

    def _open(self, name: str) -> Exit:
        link, records = self.folder / f"{name}.db", list[Record]()
        link.symlink_to(self._file)
        return Exit(self._start(name, link, records), link, records)

    def _start(self, name: str, link: Path, records: list[Record], now: float = 1000.0) -> GuardedExit:
        gate = GuardedExit(f"sqlite:///{link}", self.folder, name=name, now=now)
        append = gate.journal.append

        def note(facts: Mapping[str, Any]) -> Entry:
            entry = append(facts)
            records.append(Record(entry))
            return entry

        gate.journal.append = note  # type: ignore[method-assign] # the model looks over the gate's shoulder
        return gate

    def _move(self, unit: Unit, state: ItemState) -> None:
        unit.state = state
        unit.version += 1
        self._change(unit)

    def _change(self, what: Unit | Badge) -> None:
        self.tick += 1
        what.changed = self.tick

    def _depart(self, facts: Mapping[str, Any]) -> None:
        if facts["kind"] != "passage" or facts["reason"] not in {"paid", "receipt"}:
            return
        unit = self.units[facts["serial"]]
        if unit.state is ItemState.PAID and unit.version == facts["version"]:
            self._move(unit, ItemState.DEPARTED)

    def _judge(self, exit_: Exit, unit: Unit, raised: list[str]) -> None:
        doubts_clock = exit_.look_at_the_clock()
        assert not (raised and exit_.is_bypassed), f"{raised} for {unit}, which somebody carries out by a badge"
        if doubts_clock and raised in (["unconfirmed"], ["stray"]) and (unit.permit or exit_.may_not_know(unit)):
            return
        if raised and unit.may_pass:
            assert exit_.may_not_know(unit), f"false alarm {raised} for {unit}"
            if not unit.is_permitted:  # the shop is asked about the unit's state alone
                assert not exit_.is_connected or unit.state is None, f"false alarm {raised} for {unit}, unasked"
                assert unit.state is None or raised[0] in {"unconfirmed", "written_off", "stray"}, raised
        if not raised and not unit.may_pass:
            assert exit_.may_not_know(unit) or exit_.is_bypassed, f"false pass of {unit}"
        if "unconfirmed" in raised:
            assert not exit_.is_connected, "the shop would have answered"

    def _check_records(self) -> None:
        """What the gates still hold arrived once; each alarm is in the log once, and a false pass is told of."""
        held = {record.entry.key: record for exit_ in self.exits for record in exit_.kept}
        noted = {record.entry.key for exit_ in self.exits for record in exit_.records}
        delivered = dict(self._rows("SELECT device || '/' || boot || '/' || n, outcome FROM delivery"))
        logged = [key for (key,) in self._rows("SELECT id FROM alarm")]
        told = [key for (key,) in self._rows("SELECT subject FROM event WHERE kind IN ('passage', 'alarm')")]
        assert held.keys() <= delivered.keys() <= noted
        assert set(logged) <= noted
        assert {key for key, record in held.items() if record.facts["kind"] == "alarm"} <= set(logged)
        # A late passage is told of, and so is the alarm that it became; so is what was let out by a badge.
        times = Counter(told)
        for key, record in held.items():
            assert times[key] <= (2 if delivered[key] in {"late", "bypass"} else 1), (key, times[key])
            if record.was_window and record.facts["reason"] in {"paid", "receipt"}:
                assert delivered[key] == "late", (key, delivered[key])

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.shop.database.reading() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query)]

    def _check_replicas(self) -> None:
        """A gate that followed by events holds what a gate would hold that copied afresh."""
        for exit_ in self.exits:
            fresh = Replica(self.folder / "fresh.replica", exit_.gate.name)
            with exit_.gate.source.copy() as everything:
                fresh.fill(everything)
            assert list(fresh.rows()) == list(exit_.gate.replica.rows())
            fresh.close()


def _is_told(record: Record) -> bool:
    """Whether people at the gate are told of it: an alarm, or a stray to be moved."""
    return record.facts["kind"] == "alarm" or record.facts.get("reason") == "stray"
