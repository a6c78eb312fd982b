"""What people answer at a gate, on both databases: it is quiet, it is recorded, and it is signed."""

import time
from typing import Any

import pytest

from gate.confirming import Confirmer
from gate.incidents import Escalation
from gate.output import Output
from gate.pattern import Role as OutputRole
from gate.response import Silence
from gate.signing import Resolve
from hardware.relays.virtual import VirtualRelay, VirtualRelayOptions
from pos.office import alarms
from pos.office.alarm_filter import AlarmFilter
from pos.till import cart
from shared import staff
from shared.incidents import Fact
from shared.roles import Role
from tests.gate.conftest import OpenExit
from tests.gate.guarded_exit import GuardedExit
from tests.servers.waiting import wait_until
from tests.shop import Shop

PIN = "2468"
LOUDER = Escalation(at_once=False, items=3, seconds=15.0)
QUIET = Escalation(at_once=True, items=3, seconds=15.0, quiet_over=100_000)  # a watch costs more, another one less


@pytest.fixture
def guard(shop: Shop) -> str:
    """Somebody who may say what an alarm was."""
    return f"staff:{shop.in_office(lambda turn: staff.add_person(turn, 'Rina', Role.SECURITY, PIN))}"


@pytest.fixture
def gate(open_exit: OpenExit, guard: str) -> GuardedExit:
    """A gate whose chime becomes a siren."""
    assert guard
    opened = open_exit(rule=LOUDER)
    opened.follow()
    return opened


def resolve(gate: GuardedExit, person: str, pin: str = PIN, fact: Fact = Fact.GIVEN_BACK, note: str = "") -> str:
    """Say at the screen what the incident that waits was, and hear what became of it."""
    gate.wait(0.6)
    (waiting,) = gate.shown["waiting"]
    gate.gate.take(Resolve("ask-1", waiting["incident"], fact, note, person, pin, 9_000_000))
    wait_until(lambda: hears(gate), "the gate replies")
    return str(gate.shown["replies"]["ask-1"])


def hears(gate: GuardedExit, ask: str = "ask-1") -> bool:
    gate.settle()
    gate.wait(0.6)
    return ask in gate.shown["replies"]


def said(shop: Shop) -> list[tuple[Any, ...]]:
    with shop.database.reading() as connection:
        query = "SELECT fact, note, resolved_by, silenced_at, resolved_at FROM incident"
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def test_the_screen_is_told_who_may_say_what_it_was(shop: Shop, open_exit: OpenExit, guard: str) -> None:
    shop.in_office(lambda turn: staff.add_person(turn, "Sari", Role.CASHIER, PIN))
    gate = open_exit()

    def people() -> list[dict[str, str]]:
        gate.settle()
        gate.wait(0.6)
        return list(gate.shown["people"])

    wait_until(lambda: bool(people()), "the source tells who there is")
    assert people() == [{"id": guard, "name": "Rina"}]


def test_the_alarm_tells_which_till_had_the_unit_last_and_when(shop: Shop, gate: GuardedExit) -> None:
    cart.scan(shop.database, shop.counter, "SN-0001", "")
    gate.wait(0.6)
    gate.scan("SN-0001", "SN-0002")
    gate.wait(0.6)
    never, had = gate.shown["alarm"]["items"]
    assert (had["last_till"], never["last_till"], never["last_till_at"]) == ("till-1", "", 0)
    assert abs(had["last_till_at"] - time.time()) < 60.0
    gate.deliver()
    with shop.database.snapshot() as connection:
        (logged,) = alarms.incidents(connection, AlarmFilter(), 1)[0]
    assert [(item.last_till, item.last_till_at / 1_000_000) for item in logged.items] == [
        ("till-1", had["last_till_at"]),
        ("", 0.0),
    ]


def test_silence_is_recorded_once_for_each_incident(shop: Shop, gate: GuardedExit) -> None:
    gate.scan("SN-0001")
    for at in (7, 8):
        gate.gate.take(Silence(at))
    assert not gate.sounds()
    gate.deliver()
    assert said(shop) == [("", "", "", 7, None)]
    assert not shop.broken()


def test_what_it_was_is_recorded_under_the_name_of_whoever_signed(shop: Shop, gate: GuardedExit, guard: str) -> None:
    gate.scan("SN-0001")
    assert resolve(gate, guard, note="in the other bag") == "resolved"
    assert not gate.sounds()
    assert gate.shown["waiting"] == []
    gate.deliver()
    assert said(shop) == [("given_back", "in the other bag", guard, None, 9_000_000)]
    assert not shop.broken()


def test_a_wrong_pin_says_nothing_and_the_incident_waits_on(shop: Shop, gate: GuardedExit, guard: str) -> None:
    gate.scan("SN-0001")
    assert resolve(gate, guard, pin="1357") == "wrong_pin"
    assert len(gate.shown["waiting"]) == 1
    gate.deliver()
    assert said(shop) == []


def test_a_cashier_cannot_sign(shop: Shop, gate: GuardedExit) -> None:
    cashier = shop.in_office(lambda turn: staff.add_person(turn, "Sari", Role.CASHIER, PIN))
    gate.scan("SN-0001")
    assert resolve(gate, f"staff:{cashier}") == "wrong_pin"


def test_without_the_database_the_word_counts_unsigned(shop: Shop, gate: GuardedExit, guard: str) -> None:
    gate.scan("SN-0001")
    with gate.cut_off():
        assert resolve(gate, guard) == "unsigned"
    gate.deliver()
    assert said(shop) == [("given_back", "", "", None, 9_000_000)]


def test_what_was_said_already_is_not_said_twice(gate: GuardedExit, guard: str) -> None:
    gate.scan("SN-0001")
    assert resolve(gate, guard) == "resolved"
    gate.gate.take(Resolve("ask-2", "nowhere", Fact.TEST, "", guard, PIN, 9))
    wait_until(lambda: hears(gate, "ask-2"), "the gate replies")
    assert gate.shown["replies"]["ask-2"] == "not_waiting"


def test_a_chime_that_nobody_answers_becomes_a_siren(gate: GuardedExit) -> None:
    gate.scan("SN-0001")
    assert gate.sounds()
    gate.wait(2.0)
    assert not gate.sounds()
    gate.wait(12.9)
    assert not gate.sounds()
    gate.wait(0.2)
    assert gate.sounds()
    gate.wait(5.0)
    assert gate.sounds()


def test_a_chime_that_was_answered_stays_quiet(gate: GuardedExit) -> None:
    gate.scan("SN-0001")
    gate.gate.take(Silence(7))
    gate.wait(60.0)
    assert not gate.sounds()


def test_several_items_are_a_siren_at_once(gate: GuardedExit) -> None:
    gate.scan("SN-0001", "SN-0002", "SN-0003")
    gate.wait(5.0)
    assert gate.sounds()


def test_a_quiet_alarm_lights_the_lamp_alone_is_written_down_as_one_and_becomes_a_siren(
    shop: Shop, open_exit: OpenExit
) -> None:
    lamp = VirtualRelay(VirtualRelayOptions(name="lamp"))
    gate = open_exit(rule=QUIET, more=[Output(lamp, OutputRole.LAMP)])
    gate.follow()
    gate.wait(0.6)
    gate.scan("SN-0001")
    assert (gate.sounds(), lamp.state) == (False, True)
    gate.wait(14.0)
    assert not gate.sounds()
    assert (gate.shown["alarm"]["quiet"], gate.shown["alarm"]["sounding"]) == (True, False)
    gate.wait(1.5)
    assert gate.sounds()
    assert gate.shown["alarm"]["quiet"] is False
    assert gate.journaled("serial", "quiet", "sounded") == [("SN-0001", True, True)]
    gate.deliver()
    assert shop.count("alarm", "quiet") == 1
    assert not shop.broken()
    shop.alter("UPDATE alarm SET quiet = false")
    assert shop.broken()


def test_a_quiet_alarm_that_is_answered_stays_one(open_exit: OpenExit) -> None:
    gate = open_exit(rule=QUIET)
    gate.follow()
    gate.scan("SN-0001")
    gate.gate.take(Silence(7))
    gate.wait(60.0)
    assert not gate.sounds()
    assert gate.journaled("kind") == [("alarm",), ("silenced",)]


def test_what_nobody_confirms_is_heard_at_once(open_exit: OpenExit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Confirmer, "glance", lambda *_: None)
    monkeypatch.setattr(Confirmer, "ask", lambda *_: False)
    gate = open_exit(rule=QUIET)
    gate.follow()
    gate.scan("SN-0001")
    assert gate.sounds()
    assert gate.journaled("reason", "quiet") == [("unconfirmed", False)]


def test_after_closing_nothing_is_quiet(open_exit: OpenExit) -> None:
    gate = open_exit(rule=QUIET)
    gate.follow()
    gate.gate._response.is_after_closing = True
    gate.scan("SN-0001")
    assert gate.sounds()
