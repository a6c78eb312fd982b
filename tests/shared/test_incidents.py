"""What people say of an incident: by ids in the ledger, the last word holds, and no note is readable there."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from shared import incidents
from shared.deliveries import take_in
from shared.gate_name import GateName
from shared.incidents import Fact, Resolution, UnknownIncidentError
from shared.journal import Entry
from shared.ledger import Turn, history
from tests.shop import STORE, WATCH, Shop

GATE = GateName(STORE, "gate-1")
INCIDENT = "5f0c"
GUARD = "staff:2"
NOTE = "Rina had the receipt in her other bag"


@pytest.fixture
def shop(database_url: str) -> Iterator[Shop]:
    """A shop whose gate alarmed once."""
    with Shop(database_url) as opened:
        opened.list_products((WATCH, "Watch", "250000"))
        opened.receive(WATCH, "SN-0001")
        take_in(opened.database, GATE, [an_alarm()], fresh=())
        yield opened


def an_alarm() -> Entry:
    facts = {"kind": "alarm", "item": 1, "version": 1, "serial": "SN-0001", "name": "Watch", "price": 250000}
    facts |= {"product": 1, "incident": INCIDENT, "reason": "unpaid", "state": "open", "scanner": "left"}
    return Entry("gate-1", "00" * 8, 1, json.dumps(facts | {"at": 5, "monotonic": 0.0, "last_till": ""}))


def at_the_gate(shop: Shop, work: Callable[[Turn], object]) -> None:
    GATE.take_turn(shop.database, work)


def answered(shop: Shop) -> tuple[Any, ...]:
    with shop.database.reading() as connection:
        query = "SELECT fact, note, resolved_by, silenced_at, resolved_at FROM incident"
        return tuple(connection.exec_driver_sql(query).one())


def events(shop: Shop) -> list[tuple[str, str, dict[str, Any]]]:
    with shop.database.reading() as connection:
        return [(event.what, event.state, event.facts()) for event in history(connection, "incident", INCIDENT)]


def test_it_is_heard_then_said_what_it_was(shop: Shop) -> None:
    at_the_gate(shop, lambda turn: incidents.silence(turn, INCIDENT, 7))
    at_the_gate(shop, lambda turn: incidents.resolve(turn, INCIDENT, Resolution(Fact.WAS_PAID, NOTE, GUARD, 9)))
    assert answered(shop) == ("was_paid", NOTE, GUARD, 7, 9)
    assert [(what, state) for what, state, _ in events(shop)] == [("silenced", "silenced"), ("resolved", "resolved")]
    assert not shop.broken()


def test_no_word_of_a_note_is_in_the_ledger_and_yet_no_other_note_passes(shop: Shop) -> None:
    at_the_gate(shop, lambda turn: incidents.resolve(turn, INCIDENT, Resolution(Fact.WAS_PAID, NOTE, GUARD, 9)))
    assert not any(word in str(events(shop)) for word in NOTE.split())
    shop.database.write(lambda connection: connection.exec_driver_sql("UPDATE incident SET note = 'a theft'"))
    (broken,) = shop.broken()
    assert broken.where == f"incident {INCIDENT}"
    assert broken.why.startswith("its row has note")


def test_the_last_word_holds_and_the_ledger_keeps_both(shop: Shop) -> None:
    for at, fact in enumerate([Fact.LEFT, Fact.GIVEN_BACK]):
        found = Resolution(fact, "", GUARD, at)
        at_the_gate(shop, lambda turn, found=found: incidents.resolve(turn, INCIDENT, found))  # type: ignore[misc] # as said
    assert answered(shop)[0] == "given_back"
    assert [facts["fact"] for _, _, facts in events(shop)] == ["left", "given_back"]
    assert not shop.broken()


def test_silence_after_the_answer_leaves_it_answered(shop: Shop) -> None:
    at_the_gate(shop, lambda turn: incidents.resolve(turn, INCIDENT, Resolution(Fact.TEST, "", "", 9)))
    at_the_gate(shop, lambda turn: incidents.silence(turn, INCIDENT, 11))
    assert [state for _, state, _ in events(shop)] == ["resolved", "resolved"]
    assert not shop.broken()


def test_a_theft_is_what_somebody_in_the_office_calls_one_and_may_take_back(shop: Shop) -> None:
    for theft in (True, False):
        shop.in_office(lambda turn, theft=theft: incidents.class_as(turn, INCIDENT, theft=theft))  # type: ignore[misc] # as said
        assert shop.count("incident", f"is_theft = {theft} AND theft_by = 'command'") == 1
    assert not shop.broken()


def test_an_incident_that_no_gate_reported_is_refused(shop: Shop) -> None:
    with pytest.raises(UnknownIncidentError):
        at_the_gate(shop, lambda turn: incidents.silence(turn, "nowhere", 7))
    assert shop.count("incident") == 0
