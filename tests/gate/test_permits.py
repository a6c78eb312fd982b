"""Exit permits at the gate: what has one leaves in silence and unpaid, with the database gone too, until its end."""

import pytest

from pos.office import permits
from tests.gate.conftest import OpenExit
from tests.gate.guarded_exit import GuardedExit
from tests.shop import Shop

HOUR, TEN_YEARS = 3600.0, 315_000_000.0


def soon(gate: GuardedExit, hours: float = 1.0) -> int:
    return round((gate.wall + gate.now + hours * HOUR) * 1_000_000)


@pytest.fixture
def gate(open_exit: OpenExit) -> GuardedExit:
    opened = open_exit()
    opened.follow()
    return opened


def test_what_has_a_permit_passes_with_its_id_and_stays_in_stock(shop: Shop, gate: GuardedExit) -> None:
    permit = shop.permit("SN-0001", soon(gate))
    gate.follow()
    gate.scan("SN-0001", "SN-0002")
    assert gate.journaled("kind", "reason")[:1] == [("passage", "permit")]
    assert gate.journaled("kind", "reason")[1:] == [("alarm", "unpaid")]
    assert gate.journal.undelivered(1)[0].facts()["permit"] == permit
    gate.deliver()
    assert shop.state("SN-0001") == "in_stock"
    with shop.database.reading() as connection:
        (details,) = connection.exec_driver_sql("SELECT details FROM event WHERE what = 'permit'").scalars()
    assert permit in details
    assert shop.count("alarm") == 1
    assert not shop.broken()


def test_it_counts_with_the_database_gone_and_after_a_restart_but_not_after_its_end(
    shop: Shop, gate: GuardedExit, open_exit: OpenExit
) -> None:
    shop.permit("SN-0001", soon(gate))
    gate.follow()
    gate.close()
    again = open_exit()
    with again.cut_off():
        again.scan("SN-0001")
        assert not again.sounds()
        again.wall += 2 * HOUR
        again.wait(4.0)
        again.scan("SN-0001")
    assert again.journaled("kind") == [("passage",), ("alarm",)]


def test_one_that_was_ended_counts_no_more(shop: Shop, gate: GuardedExit) -> None:
    permit = shop.permit("SN-0001", soon(gate))
    shop.in_office(lambda turn: permits.end(turn, permit))
    gate.follow()
    gate.scan("SN-0001")
    assert gate.journaled("reason") == [("unpaid",)]


def test_what_left_by_a_permit_that_had_been_ended_is_found_out_later(shop: Shop, gate: GuardedExit) -> None:
    permit = shop.permit("SN-0001", soon(gate))
    gate.follow()
    shop.in_office(lambda turn: permits.end(turn, permit))
    gate.wait(10.0)
    gate.scan("SN-0001")
    assert not gate.sounds()
    gate.deliver()
    assert shop.count("alarm", "reason = 'late' AND serial = 'SN-0001'") == 1
    assert not shop.broken()


def test_a_written_off_unit_alarms_whatever_permit_it_has(shop: Shop, gate: GuardedExit) -> None:
    shop.permit("SN-0001", soon(gate))
    shop.move("SN-0001", "written_off", "written_off")
    gate.follow()
    gate.scan("SN-0001")
    assert gate.journaled("reason") == [("written_off",)]


def test_what_is_paid_leaves_as_paid(shop: Shop, gate: GuardedExit) -> None:
    shop.permit("SN-0001", soon(gate))
    shop.sell("SN-0001", cash=250000)
    gate.follow()
    gate.scan("SN-0001")
    gate.deliver()
    assert shop.state("SN-0001") == "departed"


@pytest.mark.parametrize("back", [HOUR, TEN_YEARS])
def test_a_clock_that_ran_back_makes_a_permit_a_gentle_alarm_and_a_shown_fault(
    shop: Shop, gate: GuardedExit, back: float
) -> None:
    shop.permit("SN-0001", soon(gate))
    gate.follow()
    gate.see_scanner()
    gate.wall -= back
    gate.wait(1.0)
    assert gate.shown["health"]["clock"]["state"] == "wrong"
    assert gate.shown["health"]["status"] == "degraded"
    gate.scan("SN-0001")
    assert gate.journaled("kind", "reason") == [("alarm", "unconfirmed")]
    gate.wall += back
    gate.wait(4.0)
    assert gate.shown["health"]["clock"]["state"] == "ok"
    gate.scan("SN-0001")
    assert gate.journaled("kind", "reason")[-1] == ("passage", "permit")


@pytest.mark.parametrize("moved", [-TEN_YEARS, -HOUR, HOUR, TEN_YEARS])
def test_no_other_decision_goes_by_the_clock(shop: Shop, gate: GuardedExit, moved: float) -> None:
    shop.sell("SN-0001", cash=250000)
    gate.follow()
    gate.wall += moved
    gate.scan("SN-0001", "SN-0002", "UNKNOWN-1")
    assert gate.journaled("reason") == [("paid",), ("unpaid",)]


@pytest.mark.parametrize("moved", [-HOUR, HOUR])
def test_a_jump_is_logged(gate: GuardedExit, caplog: pytest.LogCaptureFixture, moved: float) -> None:
    gate.wall += moved
    gate.wait(1.0)
    assert f"the clock was moved by {moved:.0f} s" in caplog.text
