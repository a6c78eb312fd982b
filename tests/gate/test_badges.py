"""A badge at the gate: half a minute in which what its holder carries passes, and nothing of it is hidden."""

import pytest

from gate.bypass import BYPASS_SECONDS
from pos.office import badges, permits
from pos.office.alarms import one_incident
from pos.office.permits import Leave, PermitKind
from shared.badge import new_badge
from shared.roles import LEADERS, PEOPLE, Role
from tests.gate.conftest import OpenExit
from tests.gate.guarded_exit import GuardedExit
from tests.shop import Shop

TEN_YEARS = 315_000_000.0


@pytest.fixture
def manager(shop: Shop) -> int:
    return shop.person(Role.MANAGER)


@pytest.fixture
def badge(shop: Shop, manager: int) -> str:
    return shop.badge(manager)


@pytest.fixture
def gate(badge: str, open_exit: OpenExit) -> GuardedExit:
    assert badge
    opened = open_exit()
    opened.follow()
    return opened


def test_what_its_holder_carries_passes_and_each_unit_is_written_down_with_the_holder(
    shop: Shop, gate: GuardedExit, badge: str, manager: int
) -> None:
    gate.scan(badge, "SN-0001", "SN-0002")
    assert not gate.sounds()
    assert gate.journaled("reason", "outcome", "serial", "by") == [
        ("bypass", "pass", serial, f"staff:{manager}") for serial in ("", "SN-0001", "SN-0002")
    ]
    gate.deliver()
    assert shop.state("SN-0001") == "in_stock"
    assert shop.count("alarm", "reason = 'bypass' AND state = 'bypass'") == 2
    with shop.database.snapshot() as connection:
        (first, *_) = connection.exec_driver_sql("SELECT id FROM alarm ORDER BY serial").scalars()
        logged = one_incident(connection, first)
    assert (logged.standing, [item.carried_by for item in logged.items]) == ("bypass", [f"staff:{manager}"])
    assert not shop.broken()


def test_it_lasts_for_half_a_minute_and_is_told_on_the_screen_for_as_long(gate: GuardedExit, badge: str) -> None:
    gate.scan(badge)
    gate.wait(BYPASS_SECONDS - 1.0)
    assert 0 < gate.shown["bypass"]["ends_in"] <= 2.0
    gate.scan("SN-0001")
    assert not gate.sounds()
    gate.wait(1.5)
    assert gate.shown["bypass"] is None
    gate.scan("SN-0002")
    assert gate.sounds()


def test_a_unit_that_stays_at_the_gate_when_it_is_over_alarms(gate: GuardedExit, badge: str) -> None:
    gate.scan(badge)
    gate.wait(BYPASS_SECONDS - 1.0)
    gate.scan("SN-0001")
    gate.wait(1.5)
    gate.scan("SN-0001")
    assert gate.sounds()


def test_a_paid_unit_leaves_as_sold_while_it_lasts(shop: Shop, gate: GuardedExit, badge: str) -> None:
    shop.sell("SN-0001", cash=250000)
    gate.follow()
    gate.scan(badge, "SN-0001")
    gate.deliver()
    assert shop.state("SN-0001") == "departed"


def test_it_counts_with_the_database_gone_and_after_a_restart_of_the_gate(
    gate: GuardedExit, badge: str, open_exit: OpenExit
) -> None:
    gate.close()
    again = open_exit()
    with again.cut_off():
        again.scan(badge, "SN-0001")
    assert not again.sounds()


@pytest.mark.parametrize("role", sorted(PEOPLE))
def test_the_badges_of_leaders_alone_count_by_themselves(
    shop: Shop, badge: str, open_exit: OpenExit, role: Role
) -> None:
    assert badge
    theirs = shop.badge(shop.person(role, "Somebody"))
    gate = open_exit()
    gate.follow()
    gate.scan(theirs, "SN-0001")
    assert gate.sounds() is (role not in LEADERS)
    shown = gate.journal.undelivered(1)[0].facts()
    assert (shown["reason"], shown["outcome"]) == ("bypass", "pass" if role in LEADERS else "check")


def test_anybodys_counts_while_a_permit_lets_the_person_out(shop: Shop, gate: GuardedExit) -> None:
    courier = shop.person(Role.CLERK)
    until = round((gate.wall + gate.now + 60.0) * 1_000_000)
    leave = Leave(PermitKind.TRANSFER, None, None, "", until, "", f"staff:{courier}")
    permit = shop.in_office(lambda turn: permits.issue(turn, leave))
    theirs = shop.badge(courier)
    gate.follow()
    gate.scan(theirs, "SN-0001")
    assert gate.journaled("by", "permit") == [(f"staff:{courier}", permit)] * 2
    gate.wait(61.0)
    gate.scan(theirs, "SN-0002")
    assert gate.sounds()


def test_a_permit_counts_for_nobody_where_the_clock_cannot_be_trusted_and_a_leaders_badge_still_does(
    shop: Shop, gate: GuardedExit, badge: str
) -> None:
    courier = shop.person(Role.CLERK)
    until = round((gate.wall + gate.now + 3600.0) * 1_000_000)
    leave = Leave(PermitKind.TRANSFER, None, None, "", until, "", f"staff:{courier}")
    shop.in_office(lambda turn: permits.issue(turn, leave))
    theirs = shop.badge(courier)
    gate.follow()
    gate.wall -= TEN_YEARS
    gate.scan(theirs, badge)
    assert gate.journaled("outcome") == [("check",), ("pass",)]


def test_a_new_badge_voids_the_old_one_and_so_does_a_leader(shop: Shop, gate: GuardedExit, badge: str) -> None:
    manager = shop.person(Role.ADMIN)
    old, new = shop.badge(manager), shop.badge(manager)
    gate.follow()
    gate.scan(old, new_badge(), new)
    assert gate.journaled("outcome") == [("check",), ("check",), ("pass",)]
    shop.in_office(lambda turn: badges.end(turn, manager))
    gate.follow()
    gate.wait(BYPASS_SECONDS)
    gate.scan(new, "SN-0001")
    assert gate.sounds()


def test_what_left_by_a_badge_that_had_been_voided_is_found_out_later(
    shop: Shop, gate: GuardedExit, badge: str, manager: int
) -> None:
    shop.in_office(lambda turn: badges.end(turn, manager))
    gate.wait(10.0)
    gate.scan(badge, "SN-0001")
    assert not gate.sounds()
    gate.deliver()
    assert shop.count("alarm", f"state = 'late' AND serial = 'SN-0001' AND carried_by = 'staff:{manager}'") == 1
    assert not shop.broken()


def test_it_lets_nothing_out_in_silence_after_closing(gate: GuardedExit, badge: str) -> None:
    gate.gate._judge.close(is_after_closing=True)
    gate.scan(badge, "SN-0001")
    assert gate.journaled("reason", "outcome")[1:] == [("bypass", "check")]


def test_only_its_hash_is_kept(shop: Shop, gate: GuardedExit, badge: str) -> None:
    secret = badge.removeprefix("BADGE.")
    gate.scan(badge, "SN-0001")
    gate.deliver()
    with shop.database.snapshot() as connection:
        kept = [
            repr(row) for table in ("badge", "event") for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
        ]
    kept += [repr(row) for row in gate.replica.rows()]
    assert not any(secret in row for row in kept)
