"""A day in a shop: nothing unpaid leaves unseen, nothing paid is stopped while the database is there."""

import pytest

from tests.simulation.day import Told, simulate


def hold(told: Told) -> None:
    assert told.carried_unpaid > 0
    assert (told.missed, told.false_alarms) == (0, 0)
    assert told.stopped == told.carried_unpaid
    # Whoever showed the receipt to a gate without its database has left all the same, and that gate does not know it.
    assert told.left_paid - told.asked_for_receipt <= told.departed <= told.left_paid
    assert (told.broken, told.unresolved) == (0, 0)


@pytest.mark.long
def test_a_morning_with_an_outage() -> None:
    told = simulate(1, hours=13, customers_an_hour=20)
    hold(told)
    assert told.offline == 2 * 3600
    assert told.late > 0


def test_where_tills_are_asked_an_outage_of_the_database_is_nobody_s_trouble() -> None:
    told = simulate(1, hours=13, customers_an_hour=20, asks_tills=True)
    hold(told)
    assert told.offline == 2 * 3600
    assert (told.asked_for_receipt, told.departed) == (0, told.left_paid)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, 8))
def test_whole_days(seed: int) -> None:
    told = simulate(seed)
    hold(told)
    assert told.stray_reads > told.stray_alarms
