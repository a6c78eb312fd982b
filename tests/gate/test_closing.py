"""After-closing mode: from a person's word until its time or another word; what is paid passes all the while."""

import pytest

from gate.closing import ASKED, after_closing
from gate.incidents import Escalation
from gate.output import Output
from gate.pattern import Role as OutputRole
from gate.signing import Close
from hardware.relays.virtual import VirtualRelay, VirtualRelayOptions
from shared import gate_rules, staff
from shared.closing_choices import CHOICES, FOREVER, HOUR, OFF, UNTIL_ENDED, until
from shared.gate_policy import DEFAULT_POLICY, Outcome
from shared.gate_rules import Closed
from shared.roles import Role
from tests.gate.conftest import OpenExit
from tests.gate.guarded_exit import GuardedExit
from tests.servers.waiting import wait_until
from tests.shop import Shop

PIN = "2468"
LOUDER = Escalation(at_once=False, items=3, seconds=15.0)


@pytest.fixture
def guard(shop: Shop) -> str:
    """Somebody who may put it on."""
    return f"staff:{shop.in_office(lambda turn: staff.add_person(turn, 'Rina', Role.SECURITY, PIN))}"


def a_chime() -> Output:
    return Output(VirtualRelay(VirtualRelayOptions(name="bell")), OutputRole.CHIME)


@pytest.fixture
def gate(open_exit: OpenExit, guard: str) -> GuardedExit:
    """A gate whose chime becomes a siren after 15 seconds."""
    assert guard
    opened = open_exit(rule=LOUDER, more=[a_chime()])
    opened.follow()
    return opened


def wall(gate: GuardedExit) -> int:
    return round((gate.wall + gate.now) * 1_000_000)


def close(gate: GuardedExit, person: str, end: int = FOREVER, pin: str = PIN) -> str:
    """Ask for it at the screen, and hear what became of it."""
    ask = f"ask {gate.now}"
    gate.gate.take(Close(ask, end, person, pin, wall(gate)))

    def hears() -> bool:
        gate.settle()
        gate.wait(0.6)
        return ask in gate.shown["replies"]

    wait_until(hears, "the gate replies")
    return str(gate.shown["replies"][ask])


def in_office(shop: Shop, end: int, at: int) -> None:
    shop.in_office(lambda turn: gate_rules.close(turn, "gate-1", Closed(end, at), turn.actor))


def is_loud_at_once(gate: GuardedExit, serial: str) -> bool:
    gate.wait(11.0)
    gate.scan(serial)
    return gate.sounds()


def test_what_it_changes_is_that_unknown_labels_want_a_look() -> None:
    closed = after_closing(DEFAULT_POLICY)
    assert {row for row in closed if closed[row] is not DEFAULT_POLICY[row]} <= ASKED
    assert all(closed[row] is Outcome.CHECK for row in ASKED)


def test_a_row_that_is_strict_already_stays_so() -> None:
    strict = dict.fromkeys(DEFAULT_POLICY, Outcome.ALARM)
    assert after_closing(strict) == strict


@pytest.mark.parametrize("choice", CHOICES)
def test_each_choice_has_its_end(choice: str) -> None:
    expected = {OFF: 0, UNTIL_ENDED: FOREVER}.get(choice) if choice in {OFF, UNTIL_ENDED} else 5 + int(choice) * HOUR
    assert until(choice, 5) == expected


def test_from_the_screen_it_makes_the_siren_at_once_and_is_told_and_recorded(
    shop: Shop, gate: GuardedExit, guard: str
) -> None:
    assert not is_loud_at_once(gate, "SN-0001")
    assert close(gate, guard, wall(gate) + HOUR) == "done"
    gate.wait(1.0)
    assert gate.shown["closed_until"] > 0
    assert is_loud_at_once(gate, "SN-0002")
    gate.scan("SOMEBODYS-1")
    assert gate.journal.undelivered(99)[-1].facts()["outcome"] == "check"
    gate.deliver()
    assert shop.count("gate", f"closed_by = '{guard}' AND closed_until > 0") == 1
    assert shop.count("event", "kind = 'gate' AND what = 'closing'") == 1
    assert not shop.broken()


def test_what_is_paid_passes_all_the_while(shop: Shop, gate: GuardedExit, guard: str) -> None:
    close(gate, guard)
    shop.sell("SN-0001", cash=250000)
    gate.follow()
    gate.scan("SN-0001")
    assert not gate.sounds()
    gate.deliver()
    assert shop.state("SN-0001") == "departed"


def test_it_ends_at_its_time_by_itself_unless_the_clock_is_wrong(gate: GuardedExit, guard: str) -> None:
    close(gate, guard, wall(gate) + HOUR)
    gate.wall += 2 * HOUR / 1_000_000
    gate.wait(1.0)
    assert gate.shown["closed_until"] == 0
    close(gate, guard, wall(gate) + HOUR)
    gate.wall -= 10 * HOUR / 1_000_000
    gate.wait(1.0)
    assert gate.shown["closed_until"] > 0


def test_from_the_office_it_holds_with_the_database_gone_and_after_a_restart(
    shop: Shop, gate: GuardedExit, open_exit: OpenExit
) -> None:
    in_office(shop, FOREVER, wall(gate))
    gate.follow()
    gate.close()
    again = open_exit(rule=LOUDER, more=[a_chime()])
    with again.cut_off():
        again.wait(1.0)
        assert again.shown["closed_until"] == FOREVER


def test_the_last_word_holds_wherever_it_was_said(shop: Shop, gate: GuardedExit, guard: str) -> None:
    close(gate, guard)
    in_office(shop, 0, wall(gate) + 1)
    gate.deliver()
    gate.follow()
    gate.wait(1.0)
    assert gate.shown["closed_until"] == 0
    assert shop.count("gate", "closed_until = 0") == 1
    assert not shop.broken()


def test_a_wrong_pin_changes_nothing(shop: Shop, gate: GuardedExit, guard: str) -> None:
    assert close(gate, guard, pin="1357") == "wrong_pin"
    assert gate.shown["closed_until"] == 0
    assert gate.journaled("kind") == []


def test_unsigned_it_can_be_put_on_but_not_off(gate: GuardedExit, guard: str) -> None:
    with gate.cut_off():
        assert close(gate, guard) == "done"
        assert close(gate, guard, end=0) == "no_signature"
        gate.wait(1.0)
        assert gate.shown["closed_until"] == FOREVER


def test_what_was_said_during_an_outage_holds_after_a_restart_in_it(
    gate: GuardedExit, guard: str, open_exit: OpenExit
) -> None:
    with gate.cut_off():
        close(gate, guard)
    gate.close()
    again = open_exit(rule=LOUDER, more=[a_chime()])
    again.wait(1.0)
    assert again.shown["closed_until"] == FOREVER
