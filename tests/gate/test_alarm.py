"""The alarm of a gate with one siren: on at once, off in time, never too long, and on again when the board is back."""

import pytest

from gate.alarm import CHECK_SECONDS, Alarm
from gate.output import Output
from gate.pattern import GENTLE_SECONDS, HARD_MAXIMUM, Level, Role
from hardware.relays.virtual import VirtualRelay, VirtualRelayOptions


@pytest.fixture
def relay() -> VirtualRelay:
    return VirtualRelay(VirtualRelayOptions(name="siren"))


@pytest.fixture
def alarm(relay: VirtualRelay) -> Alarm:
    alarm = Alarm([Output(relay, Role.SIREN)], seconds=10.0)
    alarm.tick(0.0)
    return alarm


def is_on(relay: VirtualRelay) -> bool:
    return relay.state


def run(alarm: Alarm, start: float, end: float) -> None:
    """Tick as the loop does, from one moment to another."""
    now = start
    while now < end:
        now = min(max(alarm.tick(now), now + 0.01), end)
    alarm.tick(end)


def test_it_is_off_at_the_start(alarm: Alarm, relay: VirtualRelay) -> None:
    assert not alarm.is_lost
    assert not is_on(relay)


def test_it_is_on_at_once_and_off_when_its_seconds_are_over(alarm: Alarm, relay: VirtualRelay) -> None:
    alarm.sound(1.0, Level.SIREN)
    assert is_on(relay)
    run(alarm, 1.0, 10.99)
    assert is_on(relay)
    run(alarm, 10.99, 11.0)
    assert not is_on(relay)


def test_a_further_alarm_makes_it_last(alarm: Alarm, relay: VirtualRelay) -> None:
    alarm.sound(0.0, Level.SIREN)
    alarm.sound(6.0, Level.SIREN)
    run(alarm, 6.0, 15.9)
    assert is_on(relay)
    run(alarm, 15.9, 16.0)
    assert not is_on(relay)


def test_the_gentle_pattern_is_a_short_pulse_and_never_shortens_an_alarm(alarm: Alarm, relay: VirtualRelay) -> None:
    alarm.sound(0.0, Level.CHIME)
    assert is_on(relay)
    run(alarm, 0.0, GENTLE_SECONDS)
    assert not is_on(relay)
    alarm.sound(5.0, Level.SIREN)
    alarm.sound(6.0, Level.CHIME)
    run(alarm, 6.0, 14.9)
    assert is_on(relay)


def test_nothing_keeps_it_on_beyond_the_hard_maximum(alarm: Alarm, relay: VirtualRelay) -> None:
    now = 0.0
    while now < HARD_MAXIMUM - 1:
        alarm.sound(now, Level.SIREN)
        now += 1.0
        run(alarm, now - 1.0, now)
    assert is_on(relay)
    run(alarm, now, HARD_MAXIMUM)
    assert not is_on(relay)


def test_silence_is_at_once(alarm: Alarm, relay: VirtualRelay) -> None:
    alarm.sound(0.0, Level.SIREN)
    alarm.silence(0.5)
    assert not is_on(relay)


def test_a_board_that_is_gone_is_a_fault_within_a_check_and_on_again_when_it_is_back_in_time(
    alarm: Alarm, relay: VirtualRelay
) -> None:
    alarm.sound(0.0, Level.SIREN)
    relay.unplug()
    run(alarm, 0.0, 2 * CHECK_SECONDS)
    assert alarm.is_lost
    assert "siren" in alarm.fault
    relay.replug()
    run(alarm, 2 * CHECK_SECONDS, 4 * CHECK_SECONDS)
    assert (alarm.fault, is_on(relay)) == ("", True)


def test_a_board_that_comes_back_after_the_alarm_is_over_stays_off(alarm: Alarm, relay: VirtualRelay) -> None:
    alarm.sound(0.0, Level.SIREN)
    relay.unplug()
    run(alarm, 0.0, 11.0)
    relay.replug()
    run(alarm, 11.0, 13.0)
    assert not alarm.is_lost
    assert not is_on(relay)


def test_an_alarm_while_the_board_is_gone_sounds_when_it_is_there(relay: VirtualRelay) -> None:
    relay.unplug()
    alarm = Alarm([Output(relay, Role.SIREN)], seconds=10.0)
    alarm.tick(0.0)
    alarm.sound(1.0, Level.SIREN)
    assert alarm.is_lost
    relay.replug()
    run(alarm, 1.0, 2.0)
    assert is_on(relay)


def test_closing_switches_off(alarm: Alarm, relay: VirtualRelay) -> None:
    alarm.sound(0.0, Level.SIREN)
    alarm.close()
    assert not is_on(relay)
