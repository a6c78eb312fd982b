"""The truth table of the gate's decision."""

from itertools import product

import pytest

from gate.decision import DEFAULT_POLICY, Outcome, Reason, Sighting, Word, decide
from shared.codes import Miss
from shared.items import ItemState

S, R = ItemState, Reason
ONE_UNIT = [
    (S.PAID, R.PAID, Outcome.PASS),
    (S.DEPARTED, R.AGAIN, Outcome.PASS),
    (S.IN_TRANSIT, R.PERMIT, Outcome.PASS),
    (S.IN_STOCK, R.UNPAID, Outcome.ALARM),
    (S.RETURNED, R.UNPAID, Outcome.ALARM),
    (S.QUARANTINED, R.UNPAID, Outcome.ALARM),
    (S.WRITTEN_OFF, R.WRITTEN_OFF, Outcome.ALARM),
]
NO_UNIT = [
    (Miss.DAMAGED, R.DAMAGED, Outcome.CHECK),
    (Miss.UNREGISTERED, R.UNREGISTERED, Outcome.CHECK),
    (Miss.UNKNOWN, R.UNKNOWN, Outcome.PASS),
    (Miss.PRODUCT_CODE, R.FOREIGN, Outcome.IGNORE),
    (Miss.FOREIGN, R.FOREIGN, Outcome.IGNORE),
    (None, R.UNREADABLE, Outcome.IGNORE),
]


def test_the_table_names_every_state_miss_and_reason() -> None:
    assert {state for state, _, _ in ONE_UNIT} == set(ItemState)
    assert {miss for miss, _, _ in NO_UNIT} == {*Miss, None}
    assert set(DEFAULT_POLICY) == set(Reason)


@pytest.mark.parametrize(("state", "reason", "outcome"), ONE_UNIT)
def test_one_unit_is_decided_by_its_state(state: ItemState, reason: Reason, outcome: Outcome) -> None:
    for word in (Word.NOT_ASKED, Word.CONFIRMED):
        verdict = decide(Sighting((state,), None, word))
        assert (verdict.reason, verdict.outcome) == (reason, outcome)


@pytest.mark.parametrize(("miss", "reason", "outcome"), NO_UNIT)
def test_what_names_no_unit_never_alarms(miss: Miss | None, reason: Reason, outcome: Outcome) -> None:
    verdict = decide(Sighting((), miss))
    assert (verdict.reason, verdict.outcome) == (reason, outcome)


@pytest.mark.parametrize("state", [S.IN_STOCK, S.RETURNED, S.QUARANTINED])
def test_an_unpaid_unit_that_nobody_could_confirm_is_an_alarm_of_its_own_kind(state: ItemState) -> None:
    verdict = decide(Sighting((state,), None, Word.SILENT))
    assert (verdict.reason, verdict.outcome) == (R.UNCONFIRMED, Outcome.ALARM)


@pytest.mark.parametrize("state", [S.PAID, S.DEPARTED, S.IN_TRANSIT])
def test_a_silent_database_never_stops_what_is_paid(state: ItemState) -> None:
    assert decide(Sighting((state,), None, Word.SILENT)).outcome is Outcome.PASS


@pytest.mark.parametrize("states", list(product(ItemState, repeat=2)))
def test_a_serial_of_two_units_passes_if_both_may_alarms_if_neither_may_else_wants_a_look(
    states: tuple[ItemState, ItemState],
) -> None:
    may_pass = [state in {S.PAID, S.DEPARTED, S.IN_TRANSIT} for state in states]
    expected = Outcome.PASS if all(may_pass) else (Outcome.CHECK if any(may_pass) else Outcome.ALARM)
    assert decide(Sighting(states)).outcome is expected


@pytest.mark.parametrize("state", ItemState)
def test_a_unit_that_left_before_and_was_not_seen_to_come_back_wants_a_look_where_it_would_pass_again(
    state: ItemState,
) -> None:
    verdict = decide(Sighting((state,), has_left=True))
    assert verdict.reason is (R.TWICE if state is S.DEPARTED else decide(Sighting((state,))).reason)


def test_the_shop_decides_what_an_unknown_code_is_worth() -> None:
    strict = {**DEFAULT_POLICY, Reason.UNKNOWN: Outcome.CHECK}
    assert decide(Sighting((), Miss.UNKNOWN), strict).outcome is Outcome.CHECK


def test_verdicts_are_ordered_from_harmless_to_alarm() -> None:
    sightings = [
        Sighting((), Miss.FOREIGN),
        Sighting((S.PAID,)),
        Sighting((), Miss.DAMAGED),
        Sighting((S.IN_STOCK,), None, Word.SILENT),
        Sighting((S.IN_STOCK,)),
    ]
    severities = [decide(sighting).severity for sighting in sightings]
    assert severities == sorted(set(severities))
