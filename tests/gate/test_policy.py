"""What a shop decides otherwise: rows of the decision table, and scanners that only what comes in passes."""

import itertools

import pytest

from gate.decision import Outcome, Reason, Sighting, decide
from gate.policy import read_policy
from hardware.errors import OptionMistake
from shared import gate_rules
from shared.gate_policy import ROWS
from shared.items import ItemState
from shared.scanner_ways import ScannerWays
from tests.gate.conftest import OpenExit
from tests.gate.guarded_exit import GuardedExit
from tests.shop import Shop


def test_nothing_said_is_the_default() -> None:
    assert read_policy({}) == {}


@pytest.mark.parametrize(("row", "outcome"), [(row, outcome) for row, allowed in ROWS.items() for outcome in allowed])
def test_each_row_may_be_decided_and_no_other_changes(row: Reason, outcome: Outcome) -> None:
    assert read_policy({row.value: outcome.value}) == {row: outcome}


def test_every_mistake_is_told_with_what_was_meant() -> None:
    with pytest.raises(OptionMistake) as told:
        read_policy({"unkown": "check", "paid": "alarm", "unknown": "alarm", "again": 3})
    assert dict(told.value.mistakes) == {
        "unkown": "unknown; did you mean 'unknown'?",
        "paid": "unknown; did you mean 'unpaid'?",
        "unknown": "expected one of ignore, pass, check, got 'alarm'",
        "again": "expected one of pass, check, alarm, got 3",
    }


@pytest.mark.parametrize("states", list(itertools.product(ItemState, repeat=2)) + [(state,) for state in ItemState])
def test_whatever_comes_in_sets_off_nothing(states: tuple[ItemState, ...]) -> None:
    verdict = decide(Sighting(states, is_entering=True))
    assert (verdict.outcome, verdict.reason) == (Outcome.PASS, Reason.ENTERED)


@pytest.fixture
def follow() -> None:
    """The database itself: a till's server gives a gate the same facts, which tests of their own show."""


@pytest.fixture
def gate(open_exit: OpenExit) -> GuardedExit:
    opened = open_exit(ways=ScannerWays(entrances=frozenset({"entrance"})))
    opened.follow()
    return opened


def test_an_unpaid_unit_that_comes_in_is_recorded_and_the_same_going_out_alarms(shop: Shop, gate: GuardedExit) -> None:
    gate.scan("SN-0001", scanner="entrance")
    assert not gate.sounds()
    assert gate.journaled("reason", "outcome", "scanner") == [("entered", "pass", "entrance")]
    gate.scan("SN-0001")
    assert gate.sounds()
    gate.deliver()
    assert not shop.broken()


def chosen(shop: Shop, outcome: Outcome | None) -> None:
    shop.in_office(lambda turn: gate_rules.choose(turn, "gate-1", Reason.UNKNOWN, outcome))


def outcomes(gate: GuardedExit) -> list[str]:
    """What the gate does about somebody else's label, again and again."""
    gate.wait(4.0)
    gate.scan("SOMEBODYS-1")
    return [outcome for (outcome,) in gate.journaled("outcome")]


def test_what_a_person_chooses_goes_before_the_settings_and_holds_with_the_database_gone(
    shop: Shop, open_exit: OpenExit
) -> None:
    gate = open_exit(policy={"unknown": "check"})
    gate.follow()
    assert outcomes(gate) == ["check"]
    chosen(shop, Outcome.PASS)
    gate.follow()
    assert outcomes(gate) == ["check"]
    gate.close()
    again = open_exit(policy={"unknown": "check"})
    with again.cut_off():
        assert outcomes(again) == ["check"]
    chosen(shop, None)
    again.follow()
    assert outcomes(again) == ["check", "check"]
    assert not shop.broken()


def test_the_office_knows_what_the_settings_say_and_a_settings_line_that_went_is_forgotten(
    shop: Shop, open_exit: OpenExit
) -> None:
    def told() -> tuple[Outcome, bool, str]:
        with shop.database.reading() as connection:
            rule = gate_rules.rules(connection, "gate-1")[Reason.UNKNOWN]
        return rule.outcome, rule.is_set, rule.chosen_by

    for policy, expected in [
        ({"unknown": "check"}, (Outcome.CHECK, True, "")),
        ({"unknown": "check"}, (Outcome.CHECK, True, "")),
        ({}, (Outcome.PASS, False, "")),
    ]:
        gate = open_exit(policy=policy)
        gate.follow()
        gate.close()
        assert told() == expected
    chosen(shop, Outcome.IGNORE)
    assert told() == (Outcome.IGNORE, False, "command")
    assert shop.count("event", "kind = 'gate' AND what = 'policy'") == 3
    assert not shop.broken()


def test_a_paid_unit_that_comes_in_has_not_left(shop: Shop, gate: GuardedExit) -> None:
    shop.sell("SN-0001", cash=250000)
    gate.follow()
    gate.scan("SN-0001", scanner="entrance")
    gate.deliver()
    assert shop.state("SN-0001") == "paid"
