"""Pictures of an alarm are kept for as long as they may be, and nowhere else than they should be."""

from functools import partial
from pathlib import Path

import pytest

from shared import snapshots
from shared.backup import back_up
from shared.database import Database, file_url
from shared.facts import Fact
from shared.incidents import Resolution, class_as, resolve
from shared.snapshots import DAY, Snapshot
from tests.exit_log import ExitLog
from tests.shop import WATCH, Shop
from tests.shops import postgres_shop, shop, shop_url, sqlite_template

__all__ = ["postgres_shop", "shop", "shop_url", "sqlite_template"]

JPEG = b"\xff\xd8\xff the face of somebody"
FALSE = [Fact.WAS_PAID, Fact.ON_RECEIPT, Fact.STRAY, Fact.TEST]


@pytest.fixture
def now(shop: Shop) -> int:
    """The database's clock, after an alarm at it."""
    shop.list_products((WATCH, "Watch", "250000"))
    shop.receive(WATCH, "SN-1")
    at = shop.in_office(lambda turn: turn.now)
    ExitLog(shop).raised("ab12", "SN-1", at=at)
    shop.alter("DELETE FROM gate")  # the log put it there with no entry of the ledger
    return at


def put(shop: Shop, at: int, *numbers: int) -> None:
    for number in numbers:
        picture = Snapshot("ab12", number, at, JPEG)
        shop.database.write(partial(snapshots.put, gate="gate-1", snapshot=picture))


def kept_days(shop: Shop, at: int) -> list[int]:
    with shop.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT keep_until FROM snapshot ORDER BY number").all()
    return [round((until - at) / DAY) for (until,) in rows]


def say(shop: Shop, fact: Fact) -> None:
    shop.in_office(lambda turn: resolve(turn, "ab12", Resolution(fact, "", "staff:1", 1)))


def test_they_are_kept_for_seven_days_each_once(shop: Shop, now: int) -> None:
    put(shop, now, 0, 1, 1)
    assert kept_days(shop, now) == [7, 7]
    with shop.database.reading() as connection:
        assert snapshots.numbers(connection, "ab12") == [(0, now), (1, now)]
        assert snapshots.picture(connection, "ab12", 1) == JPEG
        assert snapshots.picture(connection, "ab12", 2) is None


@pytest.mark.parametrize("fact", FALSE)
def test_a_false_alarm_s_go_at_once_and_late_ones_never_come(shop: Shop, now: int, fact: Fact) -> None:
    put(shop, now, 0, 1)
    say(shop, fact)
    put(shop, now, 2)
    assert shop.count("snapshot") == 0


@pytest.mark.parametrize("fact", sorted(set(Fact) - set(FALSE)))
def test_other_facts_let_them_stay(shop: Shop, now: int, fact: Fact) -> None:
    put(shop, now, 0)
    say(shop, fact)
    assert kept_days(shop, now) == [7]


def test_a_theft_s_are_kept_for_thirty_days_until_it_is_taken_back(shop: Shop, now: int) -> None:
    put(shop, now, 0)
    shop.in_office(lambda turn: class_as(turn, "ab12", theft=True))
    put(shop, now, 1)
    assert kept_days(shop, now) == [30, 30]
    shop.in_office(lambda turn: class_as(turn, "ab12", theft=False))
    assert kept_days(shop, now) == [7, 7]


def test_what_is_over_is_not_seen_any_more_and_then_deleted(shop: Shop, now: int) -> None:
    put(shop, now, 0, 1)
    shop.alter(f"UPDATE snapshot SET keep_until = {now - 1} WHERE number = 0")
    with shop.database.reading() as connection:
        assert snapshots.numbers(connection, "ab12") == [(1, now)]
        assert snapshots.picture(connection, "ab12", 0) is None
    assert shop.database.write(snapshots.purge) == 1
    assert shop.count("snapshot") == 1


def test_one_that_waited_too_long_at_its_gate_is_not_kept(shop: Shop, now: int) -> None:
    put(shop, now - 8 * DAY, 0)
    assert shop.count("snapshot") == 0


def test_a_gate_whose_clock_is_ahead_keeps_none_for_longer(shop: Shop, now: int) -> None:
    put(shop, now + 100 * DAY, 0)
    assert kept_days(shop, now) == [7]


def test_no_backup_holds_any(shop: Shop, now: int, tmp_path: Path) -> None:
    put(shop, now, 0)
    file = tmp_path / "lunas.backup"
    back_up(shop.database, file)
    assert JPEG not in file.read_bytes()
    with Database(file_url(file)) as copy, copy.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM snapshot").scalar_one() == 0
        assert connection.exec_driver_sql("SELECT count(*) FROM alarm").scalar_one() == 1
    assert shop.count("snapshot") == 1


def test_the_ledger_knows_nothing_of_them(shop: Shop, now: int) -> None:
    before = shop.count("event")
    put(shop, now, 0)
    assert shop.count("event") == before
    assert not shop.broken()
