"""The gate's main job, on both databases: what is paid passes in silence, what is not alarms and is logged."""

import time

import pytest

from gate.asking import CONFIRM_SECONDS
from gate.confirming import Answer, Confirmer
from gate.passages import WINDOW_SECONDS
from gate.pattern import GENTLE_SECONDS
from gate.response import Silence
from hardware.scanner import Scan
from shared import codes
from tests.gate.conftest import OpenExit
from tests.gate.guarded_exit import GuardedExit
from tests.shop import WATCH, Shop


@pytest.fixture
def gate(open_exit: OpenExit) -> GuardedExit:
    opened = open_exit()
    opened.follow()
    return opened


def alarms(shop: Shop) -> list[tuple[object, ...]]:
    with shop.database.reading() as connection:
        query = "SELECT serial, reason, state, price, gate, scanner FROM alarm ORDER BY at"
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def test_an_unpaid_unit_sets_off_the_relay_and_is_logged(shop: Shop, gate: GuardedExit) -> None:
    gate.scan("SN-0001")
    assert gate.sounds()
    gate.deliver()
    assert alarms(shop) == [("SN-0001", "unpaid", "open", 250000, "gate-1", "left")]
    assert shop.state("SN-0001") == "in_stock"
    gate.wait(10.0)
    assert not gate.sounds()
    assert not shop.broken()


def test_a_paid_unit_passes_in_silence_and_has_left(shop: Shop, gate: GuardedExit) -> None:
    shop.sell("SN-0001", cash=250000)
    gate.follow()
    gate.scan("sn-0001")
    gate.deliver()
    assert not gate.sounds()
    assert alarms(shop) == []
    assert shop.state("SN-0001") == "departed"
    assert shop.history("SN-0001") == ["received", "sold", "departed"]
    assert not shop.broken()


def test_a_unit_paid_a_moment_ago_passes_although_the_replica_does_not_know_yet(shop: Shop, gate: GuardedExit) -> None:
    shop.sell("SN-0001", cash=250000)
    gate.scan("SN-0001")
    gate.deliver()
    assert not gate.sounds()
    assert shop.state("SN-0001") == "departed"


def test_a_unit_that_is_paid_in_the_middle_of_its_passage_has_left(shop: Shop, gate: GuardedExit) -> None:
    gate.scan("SN-0001")
    shop.sell("SN-0001", cash=250000)
    gate.follow()
    gate.wait(1.0)
    gate.scan("SN-0001", "SN-0001")
    gate.deliver()
    assert shop.history("SN-0001").count("departed") == 1
    assert len(alarms(shop)) == 1


def test_what_left_and_comes_by_again_passes_and_is_recorded(shop: Shop, gate: GuardedExit) -> None:
    shop.sell("SN-0001", cash=250000)
    gate.follow()
    gate.scan("SN-0001")
    gate.wait(WINDOW_SECONDS + 1)
    gate.scan("SN-0001")
    assert gate.journaled("reason") == [("paid",), ("again",)]
    gate.deliver()
    gate.follow()
    gate.wait(WINDOW_SECONDS + 1)
    gate.scan("SN-0001")
    assert gate.journaled("reason") == [("again",)]
    assert not gate.sounds()


def test_a_label_held_before_the_scanner_is_one_alarm(shop: Shop, gate: GuardedExit) -> None:
    for _ in range(10):
        gate.scan("SN-0001")
        gate.wait(0.5)
    gate.deliver()
    assert len(alarms(shop)) == 1


def test_several_units_at_once_are_one_incident(shop: Shop, gate: GuardedExit) -> None:
    gate.scan("SN-0001", "SN-0002", "SN-0003")
    gate.wait(0.2)
    assert gate.shown["alarm"]["count"] == 3
    assert gate.shown["alarm"]["total"] == 750000
    gate.deliver()
    assert shop.count("alarm") == 3
    with shop.database.reading() as connection:
        assert len(connection.exec_driver_sql("SELECT DISTINCT incident FROM alarm").all()) == 1


def test_a_returned_unit_alarms_like_any_that_is_not_paid(shop: Shop, gate: GuardedExit) -> None:
    shop.sell("SN-0001", cash=250000)
    shop.move("SN-0001", "returned", "returned")
    gate.follow()
    gate.scan("SN-0001")
    assert gate.sounds()


def test_a_written_off_unit_alarms_for_its_own_reason(shop: Shop, gate: GuardedExit) -> None:
    shop.move("SN-0001", "written_off", "written_off")
    gate.follow()
    gate.scan("SN-0001")
    gate.deliver()
    assert [row[1] for row in alarms(shop)] == ["written_off"]


def test_a_unit_on_its_way_to_another_shop_passes(shop: Shop, gate: GuardedExit) -> None:
    shop.move("SN-0001", "sent", "in_transit")
    gate.follow()
    gate.scan("SN-0001")
    assert not gate.sounds()
    assert gate.journaled("outcome", "reason") == [("pass", "permit")]


def test_in_trial_the_relay_stays_off_and_the_would_be_alarm_is_recorded(shop: Shop, open_exit: OpenExit) -> None:
    gate = open_exit(armed=False)
    gate.follow()
    gate.scan("SN-0001")
    gate.deliver()
    assert not gate.sounds()
    assert [row[2] for row in alarms(shop)] == ["trial"]


def test_arming_a_trial_gate_in_the_shop_arms_it_here(shop: Shop, open_exit: OpenExit) -> None:
    gate = open_exit(armed=False)
    gate.follow()
    shop.alter("UPDATE gate SET armed = true, armed_by = 'staff:1', version = 2 WHERE name = 'gate-1'")
    shop.in_office(lambda turn: turn.record("gate", "gate-1", 2, "armed", "armed", {}))
    gate.follow()
    gate.scan("SN-0001")
    assert gate.sounds()


def test_settings_that_say_armed_arm_a_gate_that_nobody_decided_about(shop: Shop, open_exit: OpenExit) -> None:
    trial = open_exit(armed=False)
    trial.follow()
    trial.close()
    gate = open_exit(armed=True)
    gate.follow()
    gate.scan("SN-0001")
    assert gate.sounds()


def test_a_person_s_decision_for_trial_holds_against_the_settings(shop: Shop, open_exit: OpenExit) -> None:
    open_exit(armed=True).follow()
    shop.alter("UPDATE gate SET armed = false, armed_by = 'staff:1', version = 2 WHERE name = 'gate-1'")
    shop.in_office(lambda turn: turn.record("gate", "gate-1", 2, "disarmed", "trial", {}))
    gate = open_exit(armed=True)
    gate.follow()
    gate.scan("SN-0001")
    assert not gate.sounds()


@pytest.mark.parametrize(
    "text", ["JNE0012345678", "9780201379624", "https://example.org/x", "", "\x00\x01", "x" * 2000, "é", "hello world"]
)
def test_what_is_not_the_shop_s_never_alarms(gate: GuardedExit, text: str) -> None:
    gate.scan(text)
    assert not gate.sounds()
    assert gate.journaled("kind") == []


def test_a_damaged_label_of_the_shop_s_own_wants_a_look_and_no_siren(shop: Shop, gate: GuardedExit) -> None:
    serial = codes.issue()
    damaged = serial[:-1] + ("0" if serial[-1] != "0" else "1")
    gate.scan(serial, damaged)
    assert not gate.sounds()
    assert gate.journaled("outcome", "reason") == [("check", "unregistered"), ("check", "damaged")]


def test_a_serial_shared_by_two_products_alarms_only_if_neither_may_pass(shop: Shop, gate: GuardedExit) -> None:
    shop.receive("W2", "SN-0001")
    shop.sell("SN-0002", cash=250000)
    shop.receive("W2", "SN-0002")
    gate.follow()
    gate.scan("SN-0002")
    assert not gate.sounds()
    assert gate.journaled("outcome", "reason") == [("check", "ambiguous")]
    gate.scan("SN-0001")
    assert gate.sounds()


def test_every_code_of_a_unit_is_the_same_passage(shop: Shop, gate: GuardedExit) -> None:
    gate.scan("SN-0001", f"01{WATCH.zfill(14)}21SN-0001", f"]C101{WATCH.zfill(14)}21SN-0001")
    gate.deliver()
    assert len(alarms(shop)) == 1


def test_anyone_may_silence_it_and_the_alarm_stays_logged(shop: Shop, gate: GuardedExit) -> None:
    gate.scan("SN-0001")
    gate.gate.take(Silence(7))
    assert not gate.sounds()
    gate.wait(0.6)
    assert gate.shown["alarm"] is None
    gate.deliver()
    assert len(alarms(shop)) == 1


@pytest.fixture
def _hanging_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """Questions are put to it, and no answer comes."""
    monkeypatch.setattr(Confirmer, "glance", lambda *_: None)
    monkeypatch.setattr(Confirmer, "ask", lambda *_: True)


@pytest.mark.usefixtures("_hanging_source")
def test_with_a_silent_database_an_unpaid_unit_gets_the_gentle_pattern_within_the_deadline(gate: GuardedExit) -> None:
    gate.gate.take(Scan(b"SN-0001", "SN-0001", None, "left", gate.now, gate.now))
    gate.wait(CONFIRM_SECONDS - 0.01)
    assert not gate.sounds()
    gate.wait(0.02)
    assert gate.sounds()
    assert gate.journaled("reason") == [("unconfirmed",)]
    gate.wait(GENTLE_SECONDS)
    assert not gate.sounds()


@pytest.mark.usefixtures("_hanging_source")
def test_a_late_word_that_the_unit_is_unpaid_makes_the_gentle_pattern_an_alarm(gate: GuardedExit) -> None:
    gate.gate.take(Scan(b"SN-0001", "SN-0001", None, "left", gate.now, gate.now))
    gate.wait(0.3)
    (item,) = (belief.item for belief in gate.replica.look_up(codes.read("SN-0001")))
    gate.gate.take(Answer(1, gate.source.truths([item])))
    gate.wait(GENTLE_SECONDS + 1)
    assert gate.sounds()


def test_a_passage_that_the_ledger_refuses_alarms_while_it_is_fresh(shop: Shop, gate: GuardedExit) -> None:
    shop.sell("SN-0001", cash=250000)
    gate.follow()
    shop.move("SN-0001", "returned", "returned")
    gate.now = time.monotonic()
    gate.scan("SN-0001")
    assert not gate.sounds()
    gate.deliver()
    assert gate.sounds()
    gate.deliver()
    assert [row[:2] for row in alarms(shop)] == [("SN-0001", "unpaid")]
    assert shop.state("SN-0001") == "returned"


def test_the_gate_goes_on_whatever_a_single_scan_does_to_it(gate: GuardedExit) -> None:
    gate.replica._reader.close()
    gate.scan("SN-0001")
    gate.wait(0.6)
    assert gate.shown["health"]["faults"]


def test_labels_of_others_are_counted_one_a_passage_and_none_of_the_shops_are(shop: Shop, gate: GuardedExit) -> None:
    shop.sell("SN-0001", cash=250000)
    gate.follow()
    gate.scan("SN-0001", "SN-0002", "4006381333931", "4006381333931", "SOMEBODYS-77", "\x01")
    gate.wait(1.0)
    assert gate.shown["today"] == {"pass": 2, "check": 0, "alarm": 1, "ignore": 2, "others": 2}
