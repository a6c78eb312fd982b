"""Alarms within seconds are one incident; it asks louder until somebody answers, and waits for what it was."""

import math

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gate.decision import Reason
from gate.incidents import (
    MOST_WAITING,
    NO_TILL,
    SHOWN_SECONDS,
    TOGETHER_SECONDS,
    Alarmed,
    Escalation,
    Incident,
    Incidents,
)
from gate.replica import Belief
from shared.items import ItemState

LOUDER = Escalation(at_once=False, items=3, value=1000, seconds=15.0)
PRICE = 100


def alarmed(item: int = 1, price: int = PRICE, reason: Reason = Reason.UNPAID) -> Alarmed:
    return Alarmed(Belief(item, ItemState.IN_STOCK, 1, f"A-{item}", "Watch", price, 1), reason, "left", NO_TILL, 5)


def began(*items: Alarmed, at: float = 0.0) -> Incident:
    """An incident of these items, all at one moment."""
    incidents = Incidents()
    return [incidents.alarmed(item, at, is_trial=False) for item in items][-1]


def test_alarms_within_seconds_are_one_incident_with_all_its_items() -> None:
    incidents = Incidents()
    first = incidents.alarmed(alarmed(1, 100), 0.0, is_trial=False)
    second = incidents.alarmed(alarmed(2, 250), TOGETHER_SECONDS, is_trial=False)
    assert second is first
    assert (second.count, second.total) == (2, 350)
    assert incidents.alarmed(alarmed(3), 2 * TOGETHER_SECONDS + 0.1, is_trial=False) is not first


def test_an_item_that_comes_by_again_is_counted_once() -> None:
    incident = began(alarmed(1), alarmed(1), alarmed(2))
    assert (incident.count, incident.total) == (2, 2 * PRICE)


def test_one_that_begins_with_more_than_a_value_begins_quietly_and_is_a_siren_later() -> None:
    rule = Escalation(at_once=True, items=3, value=1000, seconds=15.0, quiet_over=PRICE)
    costly = alarmed(1, PRICE + 1)
    assert [one.begins_quietly(rule) for one in (began(alarmed(1)), began(costly), began(costly, alarmed(2)))] == [
        False, True, True,
    ]  # fmt: skip
    assert began(costly).siren_at(rule) == 15.0
    assert began(alarmed(1)).siren_at(rule) == 0.0
    assert began(costly, alarmed(2), alarmed(3)).siren_at(rule) == 0.0
    assert began(alarmed(1, 1000)).siren_at(rule) == 0.0
    assert not began(alarmed(2), costly).begins_quietly(rule)


def test_what_nobody_confirmed_and_all_where_no_value_is_named_begins_to_be_heard() -> None:
    rule = Escalation(quiet_over=PRICE)
    assert not began(alarmed(1, 1000, Reason.UNCONFIRMED)).begins_quietly(rule)
    assert not began(alarmed(1, 1000)).begins_quietly(Escalation())


def test_a_trial_and_an_armed_gate_share_no_incident() -> None:
    incidents = Incidents()
    trial = incidents.alarmed(alarmed(), 0.0, is_trial=True)
    assert incidents.alarmed(alarmed(), 1.0, is_trial=False) is not trial
    assert len(incidents.waiting()) == 1


def test_it_leaves_the_screen_when_it_is_answered_or_old_and_comes_back_with_another_item() -> None:
    incidents = Incidents()
    incident = incidents.alarmed(alarmed(1), 0.0, is_trial=False)
    assert incidents.shown(SHOWN_SECONDS) is incident
    assert incidents.shown(SHOWN_SECONDS + 1) is None
    incidents.silence()
    assert incidents.shown(1.0) is None
    incidents.alarmed(alarmed(2), 2.0, is_trial=False)
    assert incidents.shown(3.0) is incident


def test_it_waits_to_be_told_what_it_was_long_after_it_left_the_screen() -> None:
    incidents = Incidents()
    incident = incidents.alarmed(alarmed(), 0.0, is_trial=False)
    incidents.silence()
    assert incidents.waiting() == [incident]
    assert incidents.resolve(incident.id)
    assert incidents.waiting() == []
    assert not incidents.resolve(incident.id)


def test_what_comes_after_it_was_resolved_is_another() -> None:
    incidents = Incidents()
    incident = incidents.alarmed(alarmed(1), 0.0, is_trial=False)
    incidents.resolve(incident.id)
    assert incidents.alarmed(alarmed(2), 1.0, is_trial=False) is not incident


def test_the_oldest_are_left_to_the_alarm_log() -> None:
    incidents = Incidents()
    for number in range(2 * MOST_WAITING):
        incidents.alarmed(alarmed(), number * 100.0, is_trial=False)
    assert len(incidents.waiting()) == MOST_WAITING


def test_a_chime_becomes_a_siren_when_nobody_answers() -> None:
    assert began(alarmed(), at=5.0).siren_at(LOUDER) == 20.0


def test_many_items_or_much_value_are_a_siren_at_once() -> None:
    assert began(alarmed(1), alarmed(2), at=5.0).siren_at(LOUDER) == 20.0
    assert began(alarmed(1), alarmed(2), alarmed(3), at=5.0).siren_at(LOUDER) == 5.0
    assert began(alarmed(price=1000), at=5.0).siren_at(LOUDER) == 5.0


def test_with_one_output_it_is_a_siren_at_once() -> None:
    assert began(alarmed(), at=5.0).siren_at(Escalation()) == 5.0


def test_what_nobody_could_confirm_stays_a_chime_unless_the_shop_says_otherwise() -> None:
    incident = began(*(alarmed(item, 5000, Reason.UNCONFIRMED) for item in range(5)))
    assert incident.siren_at(Escalation()) == math.inf
    assert incident.siren_at(Escalation(unconfirmed=True)) == 0.0


def test_once_answered_it_is_quiet_and_another_item_starts_the_wait_anew() -> None:
    incidents = Incidents()
    incident = incidents.alarmed(alarmed(1), 0.0, is_trial=False)
    incidents.silence()
    assert incident.siren_at(LOUDER) == math.inf
    incidents.alarmed(alarmed(2), 6.0, is_trial=False)
    assert incident.siren_at(LOUDER) == 21.0


def test_a_rule_of_nothing_never_gets_louder() -> None:
    never = Escalation(at_once=False, items=0, value=0, seconds=0)
    assert began(*(alarmed(item, 10**9) for item in range(100))).siren_at(never) == math.inf


class Door(RuleBasedStateMachine):
    """Alarms, people and time in any order, against what was written down of them."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.incidents = Incidents()
        self.items: dict[str, set[int]] = {}
        self.unsaid: list[str] = []
        self.unanswered: dict[str, float] = {}
        self.last = (-math.inf, "")

    @rule(item=st.integers(1, 5), is_sure=st.booleans(), pause=st.floats(0, 30))
    def alarm(self, item: int, is_sure: bool, pause: float) -> None:
        self.now += pause
        reason = Reason.UNPAID if is_sure else Reason.UNCONFIRMED
        found = self.incidents.alarmed(alarmed(item, reason=reason), self.now, is_trial=False).id
        before, last = self.last
        assert (found == last) == (self.now - before <= TOGETHER_SECONDS and last in self.unsaid)
        self.last = (self.now, found)
        self.items.setdefault(found, set()).add(item)
        self.unanswered.setdefault(found, self.now)
        if found not in self.unsaid:
            self.unsaid.append(found)

    @rule()
    def silence(self) -> None:
        waiting = self.unsaid[-MOST_WAITING:]
        answered = {incident.id for incident in self.incidents.silence()}
        assert answered == {incident for incident in waiting if incident in self.unanswered}
        self.unanswered = {}

    @precondition(lambda self: self.unsaid)
    @rule(place=st.integers(0, 1000))
    def resolve(self, place: int) -> None:
        waiting = self.unsaid[-MOST_WAITING:]
        said = waiting[place % len(waiting)]
        assert self.incidents.resolve(said)
        self.unsaid.remove(said)
        self.unanswered.pop(said, None)

    @rule(pause=st.floats(0, 200))
    def wait(self, pause: float) -> None:
        self.now += pause

    @invariant()
    def every_incident_waits_until_somebody_says_what_it_was(self) -> None:
        waiting = [incident.id for incident in self.incidents.waiting()]
        assert waiting == self.unsaid[: -MOST_WAITING - 1 : -1]

    @invariant()
    def items_and_time_are_what_they_were(self) -> None:
        for incident in self.incidents.waiting():
            assert set(incident.units) == self.items[incident.id]
            assert incident.total == PRICE * incident.count
            siren_at = incident.siren_at(LOUDER)
            if incident.id not in self.unanswered or not incident.is_sure:
                assert siren_at == math.inf
            elif incident.count < LOUDER.items:
                assert siren_at == self.unanswered[incident.id] + LOUDER.seconds

    @invariant()
    def the_newest_fills_the_screen_until_it_is_answered_or_old(self) -> None:
        at, newest = self.last
        shown = self.incidents.shown(self.now)
        is_due = newest in self.unanswered and self.now - at <= SHOWN_SECONDS
        assert (shown.id if shown else None) == (newest if is_due else None)


TestDoor = Door.TestCase
TestDoor.settings = settings(max_examples=60, stateful_step_count=40, deadline=None, derandomize=True)
