"""A gate with a chime, a lamp, a siren and a fault lamp: who acts when, and who stands in for whom."""

from collections.abc import Callable
from typing import Any

import pytest

from gate.alarm import CHECK_SECONDS, Alarm
from gate.output import RENEWED_SECONDS, Output
from gate.pattern import CHIME_SECONDS, TEST_SECONDS, Level, Role
from tests.gate.failing_relay import FailingRelay
from tests.gate.guarded_exit import GuardedExit
from tests.shop import Shop

OpenExit = Callable[..., GuardedExit]


class Door:
    """The outputs by their roles, and the alarm that switches them."""

    def __init__(self) -> None:
        self.relays = {role: FailingRelay(role.value) for role in Role}
        self.alarm = Alarm([Output(relay, role) for role, relay in self.relays.items()], seconds=10.0)
        self.alarm.tick(0.0)

    def on(self) -> set[Role]:
        """Those that are on."""
        return {role for role, relay in self.relays.items() if relay.state}

    def run(self, start: float, end: float) -> None:
        """Tick as the loop does, from one moment to another."""
        now = start
        while now < end:
            now = min(max(self.alarm.tick(now), now + 0.01), end)
        self.alarm.tick(end)


@pytest.fixture
def door() -> Door:
    return Door()


def test_a_chime_is_a_chime_and_a_lamp(door: Door) -> None:
    assert door.alarm.sound(0.0, Level.CHIME)
    assert door.on() == {Role.CHIME, Role.LAMP}
    door.run(0.0, CHIME_SECONDS)
    assert door.on() == {Role.LAMP}
    door.run(CHIME_SECONDS, 10.0)
    assert door.on() == set()


def test_a_siren_is_all_that_tell_of_an_alarm(door: Door) -> None:
    door.alarm.sound(0.0, Level.CHIME)
    door.run(0.0, 1.0)
    door.alarm.sound(1.0, Level.SIREN)
    assert door.on() == {Role.CHIME, Role.LAMP, Role.SIREN}
    door.run(1.0, 10.9)
    assert door.on() == {Role.CHIME, Role.LAMP, Role.SIREN}
    door.run(10.9, 11.0)
    assert door.on() == set()


def test_a_test_is_a_moment_of_all_that_tell_of_an_alarm_and_cuts_no_alarm_short(door: Door) -> None:
    door.alarm.sound(0.0, Level.TEST)
    assert door.on() == {Role.CHIME, Role.LAMP, Role.SIREN}
    door.run(0.0, TEST_SECONDS)
    assert door.on() == set()
    door.alarm.sound(1.0, Level.SIREN)
    door.alarm.sound(1.1, Level.TEST)
    door.run(1.1, 10.9)
    assert door.on() == {Role.CHIME, Role.LAMP, Role.SIREN}


def test_silence_is_for_all_and_leaves_the_fault_lamp(door: Door) -> None:
    door.alarm.watch(0.0, is_watching=True)
    door.alarm.sound(0.0, Level.SIREN)
    door.alarm.silence(1.0)
    assert door.on() == {Role.FAULT}


def test_the_fault_output_is_on_while_the_gate_watches_and_drops_when_it_does_not(door: Door) -> None:
    assert door.on() == set()
    door.alarm.watch(1.0, is_watching=True)
    door.run(1.0, 100.0)
    assert door.on() == {Role.FAULT}
    door.alarm.watch(100.0, is_watching=False)
    assert door.on() == set()


def test_closing_leaves_every_output_off(door: Door) -> None:
    door.alarm.watch(0.0, is_watching=True)
    door.alarm.sound(0.0, Level.SIREN)
    door.alarm.close()
    assert door.on() == set()


def test_a_fault_output_on_a_board_with_a_timer_is_renewed_so_that_it_drops_if_the_gate_dies(door: Door) -> None:
    lamp = door.relays[Role.FAULT]
    lamp.is_timed = True
    door.alarm.watch(0.0, is_watching=True)
    door.run(0.0, 10.0)
    assert set(lamp.pulses) == {RENEWED_SECONDS}
    assert len(lamp.pulses) >= 10 / CHECK_SECONDS


def test_a_siren_on_a_board_with_a_timer_is_told_how_long_once_for_each_alarm(door: Door) -> None:
    siren = door.relays[Role.SIREN]
    siren.is_timed = True
    door.alarm.sound(0.0, Level.SIREN)
    door.run(0.0, 4.0)
    door.alarm.sound(4.0, Level.SIREN)
    door.run(4.0, 20.0)
    assert siren.pulses == [10.0, 10.0]
    assert not siren.state


def test_a_switching_that_fails_once_is_tried_again_at_once(door: Door) -> None:
    siren = door.relays[Role.SIREN]
    siren.failing = 1
    assert door.alarm.sound(0.0, Level.SIREN)
    assert (siren.state, siren.tried, door.alarm.fault) == (True, 2, "")


def test_where_the_chime_fails_all_others_stand_in_for_as_long_as_it_should_sound(door: Door) -> None:
    door.relays[Role.CHIME].failing = 1000
    assert door.alarm.sound(0.0, Level.CHIME)
    assert door.relays[Role.CHIME].tried == 2
    assert door.on() == {Role.LAMP, Role.SIREN}
    assert "chime" in door.alarm.fault
    door.run(0.0, CHIME_SECONDS)
    assert door.on() == {Role.LAMP}


def test_where_one_of_two_sirens_fails_the_other_is_enough() -> None:
    relays = [FailingRelay("left"), FailingRelay("right"), FailingRelay("bell")]
    roles = [Role.SIREN, Role.SIREN, Role.CHIME]
    alarm = Alarm([Output(relay, role) for relay, role in zip(relays, roles, strict=True)], seconds=10.0)
    alarm.tick(0.0)
    relays[2].unplug()
    relays[0].failing = 1000
    assert alarm.sound(0.0, Level.SIREN)
    assert [relay.state for relay in relays] == [False, True, False]


def test_a_thousand_failures_are_a_fault_each_second_and_an_alarm_at_every_one(door: Door) -> None:
    siren, chime = door.relays[Role.SIREN], door.relays[Role.CHIME]
    siren.failing = 1000
    now = 0.0
    while siren.failing:
        assert door.alarm.sound(now, Level.SIREN)
        assert chime.state
        assert not siren.state
        door.run(now, now + 2.0)
        assert "'siren' does not take it" in door.alarm.fault or not siren.failing
        door.alarm.silence(now + 2.0)
        now += 3.0
    assert siren.tried >= 1000
    door.run(now, now + 1.0)
    assert door.alarm.sound(now + 1.0, Level.SIREN)
    assert siren.state
    assert door.alarm.fault == ""


def test_an_alarm_that_no_output_takes_has_not_sounded(door: Door) -> None:
    for relay in door.relays.values():
        relay.failing = 1000
    assert not door.alarm.sound(0.0, Level.SIREN)
    assert door.alarm.is_lost
    assert door.on() == set()


def test_who_stood_in_is_off_when_the_siren_is_back() -> None:
    bell, siren = FailingRelay("bell"), FailingRelay("siren")
    alarm = Alarm([Output(bell, Role.LAMP), Output(siren, Role.SIREN)], seconds=10.0)
    alarm.tick(0.0)
    siren.failing = 2
    alarm.sound(0.0, Level.CHIME)
    assert (bell.state, siren.state) == (True, False)
    alarm.tick(CHECK_SECONDS)
    assert siren.state


def test_an_output_that_another_hand_switched_on_is_a_fault_within_two_seconds(door: Door) -> None:
    siren = door.relays[Role.SIREN]
    siren.reads = True
    door.run(0.0, 2.0)
    assert door.alarm.fault == "relay 'siren' was told off and reads back on"
    siren.reads = None
    door.run(2.0, 3.0)
    assert door.alarm.fault == ""


def test_a_siren_that_dropped_by_itself_is_switched_on_again(door: Door) -> None:
    siren = door.relays[Role.SIREN]
    door.alarm.sound(0.0, Level.SIREN)
    siren.state = False
    door.run(0.0, CHECK_SECONDS)
    assert siren.state
    assert siren.tried == 2


class TestTheGate:
    def test_tells_of_a_lost_output_within_two_seconds_and_watches_on(self, open_exit: OpenExit) -> None:
        lamp = FailingRelay("lamp")
        gate = open_exit(more=[Output(lamp, Role.LAMP)])
        gate.follow()
        lamp.unplug()
        gate.wait(2.0)
        assert outputs(gate)["lamp"]["state"] == "lost"
        assert "unplugged" in outputs(gate)["lamp"]["why"]
        assert gate.shown["health"]["relay"]["state"] == "ok"
        assert "relay" not in gate.shown["health"]["down"]
        assert gate.shown["health"]["status"] != "ok"

    def test_says_of_each_alarm_whether_an_output_was_switched_on(self, shop: Shop, open_exit: OpenExit) -> None:
        gate = open_exit()
        gate.follow()
        gate.scan("SN-0001")
        gate.relay.unplug()
        gate.wait(1.0)
        gate.scan("SN-0002")
        assert gate.journaled("serial", "sounded") == [("SN-0001", True), ("SN-0002", False)]
        gate.deliver()
        for serial, sounded in [("SN-0001", "true"), ("SN-0002", "false")]:
            told = f'what = \'raised\' AND details LIKE \'%%"serial":"{serial}","sounded":{sounded}%%\''
            assert shop.count("event", told) == 1
        assert not shop.broken()

    def test_in_trial_says_that_nothing_sounded(self, open_exit: OpenExit) -> None:
        gate = open_exit(armed=False)
        gate.follow()
        gate.scan("SN-0001")
        assert gate.journaled("sounded") == [(False,)]

    def test_drops_its_fault_output_within_two_seconds_when_nobody_would_hear_an_alarm(
        self, open_exit: OpenExit
    ) -> None:
        fault = FailingRelay("fault")
        gate = open_exit(more=[Output(fault, Role.FAULT)])
        gate.follow()
        gate.see_scanner()
        gate.wait(1.0)
        assert fault.state
        gate.relay.unplug()
        gate.wait(2.0)
        assert not fault.state


def outputs(gate: GuardedExit) -> dict[str, Any]:
    found: dict[str, Any] = gate.shown["health"]["outputs"]
    return found
