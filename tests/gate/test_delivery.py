"""Delivery: what the gate saw is in the ledger exactly once, whatever happens in between."""

import json
import time
from dataclasses import replace

import pytest

from tests.gate.conftest import OpenExit
from tests.gate.guarded_exit import GuardedExit
from tests.shop import WATCH, Shop


def deliver_again(gate: GuardedExit, body: str | None = None) -> None:
    """Deliver what waits, but lose the acknowledgement; perhaps with other content."""
    entries = gate.journal.undelivered(100)
    gate.source.deliver([replace(entry, body=body) if body else entry for entry in entries], fresh=())


def test_an_entry_whose_acknowledgement_was_lost_is_recorded_once(shop: Shop, open_exit: OpenExit) -> None:
    gate = open_exit()
    shop.sell("SN-0001", cash=250000)
    gate.follow()
    gate.scan("SN-0001", "SN-0002")
    for _ in range(3):
        deliver_again(gate)
    gate.deliver()
    assert shop.count("alarm") == 1
    assert shop.history("SN-0001") == ["received", "sold", "departed"]
    assert not shop.broken()


def test_the_same_key_with_other_content_changes_nothing(shop: Shop, open_exit: OpenExit) -> None:
    gate = open_exit()
    gate.follow()
    gate.scan("SN-0002")
    deliver_again(gate)
    (entry,) = gate.journal.undelivered(1)
    deliver_again(gate, body=entry.body.replace("SN-0002", "SN-0003"))
    assert shop.count("alarm", "serial = 'SN-0002'") == 1
    assert shop.count("alarm") == 1


def test_an_old_passage_does_not_let_a_unit_leave_that_was_sold_again_since(shop: Shop, open_exit: OpenExit) -> None:
    gate = open_exit()
    shop.sell("SN-0001", cash=250000)
    gate.follow()
    gate.now -= 1_000_000
    gate.scan("SN-0001")
    shop.move("SN-0001", "returned", "returned")
    shop.move("SN-0001", "restocked", "in_stock")
    shop.sell("SN-0001", cash=250000)
    gate.deliver()
    assert shop.state("SN-0001") == "paid"
    assert not gate.sounds()
    assert shop.count("event", "kind = 'passage' AND what = 'late'") == 1


def test_a_unit_that_an_old_passage_let_out_unpaid_opens_a_late_incident(shop: Shop, open_exit: OpenExit) -> None:
    gate = open_exit()
    shop.sell("SN-0001", cash=250000)
    gate.follow()
    gate.now -= 1_000_000
    gate.scan("SN-0001")
    shop.alter("UPDATE item SET state = 'in_stock' WHERE serial = 'SN-0001'")
    gate.deliver()
    assert shop.count("alarm", "reason = 'late' AND state = 'late'") == 1
    assert not gate.sounds()


def test_one_entry_that_the_ledger_cannot_take_does_not_hold_up_the_others(shop: Shop, open_exit: OpenExit) -> None:
    gate = open_exit()
    gate.follow()
    gate.scan("SN-0001")
    facts = gate.journal.undelivered(1)[0].facts()
    gate.journal.append({**facts, "price": None})
    gate.wait(5)
    gate.scan("SN-0002")
    gate.deliver()
    assert gate.journal.waiting == 0
    assert shop.count("alarm") == 2
    assert shop.count("delivery", "substr(outcome, 1, 7) = 'refused'") == 1


def test_two_gates_deliver_the_same_unit_s_passages_without_moving_it_twice(shop: Shop, open_exit: OpenExit) -> None:
    shop.sell("SN-0001", cash=250000)
    first, second = open_exit(), open_exit(name="gate-2")
    for gate in (first, second):
        gate.follow()
        gate.scan("SN-0001")
    second.deliver()
    first.deliver()
    assert shop.state("SN-0001") == "departed"
    assert shop.history("SN-0001").count("departed") == 1
    assert not shop.broken()


def test_a_unit_received_again_after_it_left_alarms_again(shop: Shop, open_exit: OpenExit) -> None:
    gate = open_exit()
    shop.sell("SN-0001", cash=250000)
    gate.follow()
    gate.scan("SN-0001")
    gate.deliver()
    shop.receive(WATCH, "SN-0001")
    gate.follow()
    gate.wait(10)
    gate.scan("SN-0001")
    assert gate.sounds()


def test_a_passage_that_was_refused_is_told_of_again_if_the_answer_was_lost(shop: Shop, open_exit: OpenExit) -> None:
    gate = open_exit()
    shop.sell("SN-0001", cash=250000)
    gate.follow()
    shop.move("SN-0001", "returned", "returned")
    gate.now = time.monotonic()
    gate.scan("SN-0001")
    waiting = gate.journal.undelivered(1)
    assert gate.source.deliver(waiting, {waiting[0].key}) == {waiting[0].key}
    gate.deliver()
    assert gate.sounds()
    gate.deliver()
    assert shop.count("alarm") == 1


@pytest.mark.parametrize(
    "body",
    [
        "", "no JSON", "[]", "null", "{}", '{"kind":"sale"}', '{"kind":["alarm"]}', '{"kind":"alarm"}', "[" * 900,
        '{"kind":"passage","reason":"paid"}',
    ],
)  # fmt: skip
def test_an_entry_that_no_gate_would_write_is_noted_and_changes_nothing(
    shop: Shop, open_exit: OpenExit, body: str
) -> None:
    gate = open_exit()
    gate.follow()
    gate.scan("SN-0001")
    (entry,) = gate.journal.undelivered(1)
    assert gate.source.deliver([replace(entry, body=body), replace(entry, n=entry.n + 1)], fresh=()) == set()
    assert shop.count("delivery", "substr(outcome, 1, 7) = 'refused'") == 1
    assert shop.count("alarm") == 1
    assert not shop.broken()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("price", "1"),
        ("price", True),
        ("item", 1.5),
        ("at", 2**63),
        ("at", 2**62),
        ("at", -1),
        ("serial", None),
        ("serial", "\ud800"),
        ("state", 5),
    ],
)
def test_an_entry_with_a_fact_of_another_kind_is_noted_and_changes_nothing(
    shop: Shop, open_exit: OpenExit, name: str, value: object
) -> None:
    gate = open_exit()
    gate.follow()
    gate.scan("SN-0001")
    (entry,) = gate.journal.undelivered(1)
    gate.source.deliver([replace(entry, body=json.dumps({**entry.facts(), name: value}))], fresh=())
    assert shop.count("delivery", "substr(outcome, 1, 7) = 'refused'") == 1
    assert shop.count("alarm") == 0
    assert not shop.broken()
