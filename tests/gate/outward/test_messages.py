"""What is told outside holds what a listener needs, and no person."""

import json
from typing import Any

import pytest

from gate.outward.level import level
from gate.outward.messages import Message, lost, message
from tests.gate.screen.watched import status, well

AT = 1_790_000_000_123_456
ALARM = {
    "kind": "alarm", "item": 7, "version": 3, "serial": "SN-1", "name": "Watch", "price": 250_000, "product": 2,
    "incident": "ab12", "reason": "unpaid", "state": "open", "scanner": "left", "at": AT, "monotonic": 1.5,
    "last_till": "till-2", "sounded": True, "quiet": True,
}  # fmt: skip


def told(facts: dict[str, Any]) -> Message:
    found = message("gate-1/00ff/9", "gate-1", facts, "IDR")
    assert found
    return found


def test_an_alarm_says_what_set_it_off_and_whether_it_was_heard() -> None:
    assert told(ALARM).body == {
        "id": "gate-1/00ff/9", "gate": "gate-1", "event": "alarm", "at": "2026-09-21T14:13:20.123Z",
        "incident": "ab12", "reason": "unpaid", "serial": "SN-1", "price": 250_000, "scanner": "left",
        "last_till": "till-2", "product": "Watch", "trial": False, "sounded": True, "quiet": True, "currency": "IDR",
    }  # fmt: skip


def test_an_alarm_of_an_older_journal_was_not_quiet() -> None:
    assert told({name: value for name, value in ALARM.items() if name != "quiet"}).body["quiet"] is False


def test_a_would_be_alarm_of_a_trial_says_so() -> None:
    assert told({**ALARM, "state": "trial", "sounded": False}).body["trial"] is True


def test_what_was_said_of_an_incident_leaves_out_who_and_the_note() -> None:
    facts = {"kind": "resolved", "incident": "ab12", "fact": "paid_now", "note": "Budi was here", "by": "42", "at": AT}
    found = told(facts)
    assert {name: found.body[name] for name in ("event", "incident", "fact", "signed")} == {
        "event": "resolved", "incident": "ab12", "fact": "paid_now", "signed": True,
    }  # fmt: skip
    assert "Budi" not in json.dumps(found.body)
    assert "42" not in json.dumps(found.body)


PART = {"kind": "part", "name": "scanner left", "at": AT}


@pytest.mark.parametrize(
    ("up", "was", "event"),
    [(False, True, "fault"), (False, None, "fault"), (True, False, "recovered"), (True, None, ""), (True, True, "")],
)
def test_a_part_that_is_lost_or_back_is_told_and_nothing_else_of_it(up: bool, was: bool | None, event: str) -> None:
    found = message("gate-1/00ff/9", "gate-1", {**PART, "up": up, "was": was}, "IDR")
    assert (found.event if found else "") == event


@pytest.mark.parametrize(
    ("what", "value", "more"),
    [
        ("started", 0, {"killed_at": None}),
        ("started", AT, {"killed_at": "2026-09-21T14:13:20.123Z"}),
        ("stopped", 0, {}),
        ("clock", -3_600_000_000, {"seconds": -3600.0}),
    ],
)
def test_the_gate_tells_of_its_own_life(what: str, value: int, more: dict[str, Any]) -> None:
    found = told({"kind": "gate", "what": what, "value": value, "at": AT}).body
    assert {key: found[key] for key in found if key not in {"id", "gate", "event", "at"}} == more


def test_a_passage_is_nobody_s_business() -> None:
    assert message("gate-1/00ff/9", "gate-1", {"kind": "passage", "reason": "paid", "at": AT}, "IDR") is None


def test_what_could_not_be_told_has_an_id_of_its_own() -> None:
    assert lost("gate-1/00ff/9", "gate-1", 5, AT).body["count"] == 5
    assert lost("gate-1/00ff/9", "gate-1", 5, AT).id != told(ALARM).id


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("watching", [], [])),
        ({"down": ["scanners"], "scanners": {"left": {"state": "lost"}}}, ("blind", ["scanners"], ["scanner left"])),
        ({"database": {"state": "gone"}, "walk": {"due": ["left"]}}, ("watching", [], ["database", "walk"])),
        ({"outputs": {"bell": {"state": "lost"}}}, ("watching", [], ["output bell"])),
        ({"button": {"state": "lost"}}, ("watching", [], ["button"])),
    ],
)
def test_the_level_says_whether_the_gate_watches(
    changes: dict[str, Any], expected: tuple[str, list[str], list[str]]
) -> None:
    found = level("gate-1", status(health=well() | changes), age=0.3)
    assert (found["state"], found["down"], found["degraded"]) == expected


def test_a_gate_that_says_nothing_is_blind() -> None:
    assert level("gate-1", status(), age=2.5)["state"] == "blind"
