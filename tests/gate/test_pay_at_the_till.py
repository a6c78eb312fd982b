"""An alarm that is sent to the till to be paid: once, after an outage too, and quiet from then on."""

import pytest

from gate.response import SendToTill
from pos.till import held
from tests.gate.conftest import OpenExit
from tests.gate.guarded_exit import GuardedExit
from tests.shop import CASHIER, Shop


@pytest.fixture
def gate(open_exit: OpenExit) -> GuardedExit:
    """A gate at which two units alarmed."""
    opened = open_exit()
    opened.follow()
    for serial in ("SN-0001", "SN-0002"):
        opened.scan(serial)
    opened.settle()
    return opened


def send(gate: GuardedExit) -> str:
    """Press "Pay at the till", and give the incident."""
    gate.wait(0.6)
    incident = str(gate.shown["waiting"][0]["incident"])
    gate.gate.take(SendToTill(incident, 7_000_000))
    return incident


def at_the_till(gate: GuardedExit) -> str:
    gate.wait(0.6)
    gate.wait(0.6)
    return str(gate.shown["waiting"][0]["till"])


def test_its_units_arrive_as_one_held_sale_and_the_gate_is_quiet(shop: Shop, gate: GuardedExit) -> None:
    assert at_the_till(gate) == "offered"
    send(gate)
    assert not gate.sounds()
    assert at_the_till(gate) == "waits"
    gate.deliver()
    assert at_the_till(gate) == "sent"
    (sent,) = held.listed(shop.database, shop.counter)
    assert (sent.source, sent.is_sent, sent.count, sent.total) == ("gate-1", True, 2, 500_000)
    assert [event["till"] for event in gate.shown["waiting"]] == ["sent"]
    assert shop.broken() == []


def test_pressed_again_it_is_sent_once_and_a_unit_that_joins_is_sent_after(shop: Shop, gate: GuardedExit) -> None:
    send(gate)
    send(gate)
    gate.scan("SN-0003")
    gate.settle()
    assert at_the_till(gate) == "offered"
    send(gate)
    gate.deliver()
    (sent,) = held.listed(shop.database, shop.counter)
    assert sent.count == 3
    assert shop.broken() == []


def test_what_was_paid_before_it_arrived_needs_no_till(shop: Shop, gate: GuardedExit) -> None:
    send(gate)
    shop.sell("SN-0001", cash=250_000)
    gate.deliver()
    (sent,) = held.listed(shop.database, shop.counter)
    assert sent.count == 1
    assert shop.broken() == []


def test_paid_there_the_gate_knows_it_and_still_asks_what_it_was(shop: Shop, gate: GuardedExit) -> None:
    send(gate)
    gate.deliver()
    (sent,) = held.listed(shop.database, shop.counter)
    held.open_held(shop.database, shop.counter, CASHIER, sent.id)
    for serial in ("SN-0001", "SN-0002"):
        shop.alter("UPDATE item SET cart = NULL")
        shop.sell(serial, cash=250_000)
    gate.follow()
    assert at_the_till(gate) == "paid"
    assert shop.count("incident", "fact <> ''") == 0


def test_delivered_again_it_is_one_held_sale(shop: Shop, gate: GuardedExit) -> None:
    send(gate)
    gate.deliver()
    gate.journal.deliver_again(gate.journal.epoch)
    gate.deliver()
    assert [one.count for one in held.listed(shop.database, shop.counter)] == [2]


def test_an_incident_that_does_not_wait_is_not_sent(shop: Shop, gate: GuardedExit) -> None:
    gate.gate.take(SendToTill("nowhere", 7))
    gate.deliver()
    assert held.listed(shop.database, shop.counter) == []


def test_in_an_outage_it_says_that_it_waits_and_arrives_once_after(shop: Shop, gate: GuardedExit) -> None:
    with gate.cut_off():
        send(gate)
        assert at_the_till(gate) == "waits"
    gate.deliver()
    assert at_the_till(gate) == "sent"
    assert [one.count for one in held.listed(shop.database, shop.counter)] == [2]
