"""The truth table of the gate's decision."""

from itertools import product

import pytest

from gate.decision import DEFAULT_POLICY, Leave, Outcome, Reason, Sighting, Word, decide
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


LEAVES = {
    (Leave.NONE, Word.CONFIRMED): (R.UNPAID, Outcome.ALARM),
    (Leave.NONE, Word.SILENT): (R.UNCONFIRMED, Outcome.ALARM),
    (Leave.VALID, Word.CONFIRMED): (R.PERMIT, Outcome.PASS),
    (Leave.VALID, Word.SILENT): (R.PERMIT, Outcome.PASS),
    (Leave.UNSURE, Word.CONFIRMED): (R.UNCONFIRMED, Outcome.ALARM),
    (Leave.UNSURE, Word.SILENT): (R.UNCONFIRMED, Outcome.ALARM),
}


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


@pytest.mark.parametrize("state", list(ItemState))
@pytest.mark.parametrize("word", list(Word))
def test_a_receipt_vouches_for_what_nobody_could_confirm_and_for_nothing_else(state: ItemState, word: Word) -> None:
    without = decide(Sighting((state,), None, word))
    verdict = decide(Sighting((state,), None, word, vouched=(True,)))
    if without.reason is R.UNCONFIRMED:
        assert (verdict.reason, verdict.outcome) == (R.RECEIPT, Outcome.PASS)
    else:
        assert verdict == without


def test_a_receipt_for_one_of_two_units_of_a_serial_wants_a_look() -> None:
    both = (S.IN_STOCK, S.IN_STOCK)
    assert decide(Sighting(both, None, Word.SILENT, vouched=(False, True))).reason is R.AMBIGUOUS
    assert decide(Sighting(both, None, Word.SILENT, vouched=(True, True))).reason is R.RECEIPT


@pytest.mark.parametrize("state", [S.PAID, S.DEPARTED, S.IN_TRANSIT])
def test_a_silent_database_never_stops_what_is_paid(state: ItemState) -> None:
    assert decide(Sighting((state,), None, Word.SILENT)).outcome is Outcome.PASS


@pytest.mark.parametrize("state", [S.IN_STOCK, S.RETURNED, S.QUARANTINED])
@pytest.mark.parametrize(("case", "verdict"), LEAVES.items())
def test_a_permit_lets_out_what_is_not_paid_and_one_that_may_be_over_alarms_gently(
    state: ItemState, case: tuple[Leave, Word], verdict: tuple[Reason, Outcome]
) -> None:
    leave, word = case
    decided = decide(Sighting((state,), None, word, leaves=(leave,)))
    assert (decided.reason, decided.outcome) == verdict


@pytest.mark.parametrize("leave", Leave)
@pytest.mark.parametrize("state", [S.PAID, S.DEPARTED, S.IN_TRANSIT, S.WRITTEN_OFF])
def test_a_permit_changes_nothing_for_what_is_paid_or_written_off(state: ItemState, leave: Leave) -> None:
    assert decide(Sighting((state,), leaves=(leave,))) == decide(Sighting((state,)))


@pytest.mark.parametrize("word", Word)
@pytest.mark.parametrize("states", [*((state,) for state in ItemState), *product(ItemState, repeat=2)])
def test_a_badge_lets_out_what_would_not_pass_and_changes_nothing_else(
    states: tuple[ItemState, ...], word: Word
) -> None:
    without = decide(Sighting(states, None, word))
    verdict = decide(Sighting(states, None, word, is_bypassed=True))
    if without.outcome is Outcome.PASS:
        assert verdict == without
    else:
        assert (verdict.reason, verdict.outcome) == (R.BYPASS, Outcome.PASS)


@pytest.mark.parametrize(("miss", "reason", "outcome"), NO_UNIT)
def test_a_badge_lets_out_no_label_that_names_no_unit(miss: Miss | None, reason: Reason, outcome: Outcome) -> None:
    verdict = decide(Sighting((), miss, is_bypassed=True))
    assert (verdict.reason, verdict.outcome) == (reason, outcome)


@pytest.mark.parametrize("states", list(product(ItemState, repeat=2)))
@pytest.mark.parametrize("leaves", list(product(Leave, repeat=2)))
def test_of_a_serial_of_two_units_a_permit_makes_its_own_one_passable(
    states: tuple[ItemState, ...], leaves: tuple[Leave, ...]
) -> None:
    each = [decide(Sighting((state,), leaves=(leave,))) for state, leave in zip(states, leaves, strict=True)]
    may_pass = [verdict.outcome is Outcome.PASS for verdict in each]
    expected = Outcome.PASS if all(may_pass) else (Outcome.CHECK if any(may_pass) else Outcome.ALARM)
    assert decide(Sighting(states, leaves=leaves)).outcome is expected


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
