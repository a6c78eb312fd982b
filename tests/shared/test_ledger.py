"""The ledger: gapless, chained, followable, and broken nowhere without notice."""

import json
from collections.abc import Callable
from hashlib import sha256
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import select

from shared import ledger
from shared.ledger import GENESIS, Event, Head, RegisterError, Turn
from tests.shop import OFFICE, STORE, WATCH, Shop

OTHER = ("annex", "office")


def write(shop: Shop, count: int, register: tuple[str, str] = OTHER) -> None:
    def work(turn: Turn) -> None:
        for number in range(count):
            turn.record("note", number, 1, "written", "done", {"text": f"ke-{number}", "name": "Ünïcode"})

    ledger.take_turn(shop.database, STORE, register, "staff:1", work)


def log(shop: Shop, register: str = OTHER[0], after: int = 0, limit: int = 10_000) -> list[Event]:
    with shop.database.snapshot() as connection:
        return ledger.newer(connection, (STORE, register), after, limit)


def head(shop: Shop, register: str = OTHER[0]) -> Head:
    with shop.database.snapshot() as connection:
        return ledger.heads(connection)[STORE, register]


def test_each_register_counts_from_one_without_gaps(shop: Shop) -> None:
    for count in (3, 1, 5):
        write(shop, count)
    assert [event.seq for event in log(shop)] == list(range(1, 10))
    assert head(shop).seq == 9


def test_each_event_hashes_on_to_the_one_before(shop: Shop) -> None:
    write(shop, 5)
    last = GENESIS
    for event in log(shop):
        assert event.follows(last)
        assert not event.follows(sha256(last).digest())
        last = event.hash
    assert head(shop).hash == last


def test_the_hash_can_be_computed_by_anyone_from_the_values(shop: Shop) -> None:
    write(shop, 1)
    (event,) = log(shop)
    values = [STORE, OTHER[0], 1, "note", "0", 1, "written", "done", "staff:1", event.at, event.details]
    assert event.details == '{"name":"Ünïcode","text":"ke-0"}'
    assert json.loads(event.details) == event.facts()
    text = json.dumps(values, separators=(",", ":"), ensure_ascii=False)
    assert event.hash == sha256(bytes(32) + text.encode()).digest()


def test_a_follower_asks_for_what_is_newer(shop: Shop) -> None:
    write(shop, 5)
    assert [event.seq for event in log(shop, after=3)] == [4, 5]
    assert [event.seq for event in log(shop, after=1, limit=2)] == [2, 3]
    assert log(shop, after=5) == []
    assert {register for _, register in heads_of(shop)} == {"annex", "office", "till-1"}


def heads_of(shop: Shop) -> dict[tuple[str, str], Head]:
    with shop.database.snapshot() as connection:
        return ledger.heads(connection)


def test_a_turn_that_fails_leaves_no_trace(shop: Shop) -> None:
    write(shop, 2)
    before = head(shop)

    def fail(turn: Turn) -> None:
        turn.record("note", 9, 1, "written", "done", {})
        raise KeyError

    with pytest.raises(KeyError):
        ledger.take_turn(shop.database, STORE, OTHER, "staff:1", fail)
    assert head(shop) == before
    write(shop, 1)
    assert [event.seq for event in log(shop)] == [1, 2, 3]


def test_a_register_of_another_kind_or_none_is_refused(shop: Shop) -> None:
    with pytest.raises(RegisterError, match="'office' is a office in this database, expected a till"):
        shop.database.write(lambda connection: ledger.open_register(connection, STORE, "office", "till"))

    def by_nobody(connection: Any) -> None:
        with ledger.turn(connection, STORE, "nobody", "staff:1"):
            pass

    with pytest.raises(RegisterError, match="no register 'nobody'"):
        shop.database.write(by_nobody)


def test_the_time_is_the_databases_own_and_the_same_in_one_turn(shop: Shop) -> None:
    write(shop, 3)
    (at,) = {event.at for event in log(shop)}
    with shop.database.reading() as connection:
        now = connection.execute(select(ledger.database_clock())).scalar_one()
    assert 0 <= now - at < 60_000_000
    assert at > 1_700_000_000_000_000


def test_turns_of_one_register_wait_for_each_other(shop: Shop) -> None:
    threads = [Thread(target=write, args=(shop, 7)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [event.seq for event in log(shop)] == list(range(1, 57))
    assert shop.broken() == []


def test_a_shop_in_order_has_nothing_broken(shop: Shop) -> None:
    shop.sell("WATCH-1", cash=150_000)
    shop.move("WATCH-1", "returned", "returned")
    assert shop.receive(WATCH, "WATCH-1") == []
    assert shop.broken() == []


COPIED = "store, register, 7, kind, subject, version, what, state, actor, at, details, hash"
EVENTS = "FROM event WHERE register = 'annex' AND seq"
FORGERIES: dict[str, tuple[list[str], str, str]] = {
    "a value changed": ([f"UPDATE event SET state = 'x' {EVENTS.removeprefix('FROM event ')} = 3"], "entry 3", "hash"),
    "a detail changed": ([f"UPDATE event SET details = '{{}}' {EVENTS[11:]} = 2"], "entry 2", "hash"),
    "a time changed": ([f"UPDATE event SET at = at + 1 {EVENTS[11:]} = 1"], "entry 1", "hash"),
    "an actor changed": ([f"UPDATE event SET actor = 'staff:2' {EVENTS[11:]} = 6"], "entry 6", "hash"),
    "one deleted": ([f"DELETE {EVENTS} = 3"], "entry 3", "missing"),
    "the first deleted": ([f"DELETE {EVENTS} = 1"], "entry 1", "missing"),
    "the last deleted": ([f"DELETE {EVENTS} = 6"], "entry 6", "ends at entry 5"),
    "the tail deleted": ([f"DELETE {EVENTS} >= 4"], "entry 6", "ends at entry 3"),
    "all deleted": ([f"DELETE {EVENTS} > 0"], "entry 6", "ends at entry 0"),
    "two swapped": (
        [
            f"UPDATE event SET seq = 100 {EVENTS[11:]} = 3",
            f"UPDATE event SET seq = 3 {EVENTS[11:]} = 4",
            f"UPDATE event SET seq = 4 {EVENTS[11:]} = 100",
        ],
        "entry 3",
        "hash",
    ),
    "the head moved back": (["UPDATE register SET head_seq = 5 WHERE name = 'annex'"], "entry 6", "head"),
    "the head's hash changed": (
        [f"UPDATE register SET head_hash = (SELECT hash {EVENTS} = 2) WHERE name = 'annex'"],
        "entry 6",
        "head",
    ),
    "the register deleted": (["DELETE FROM register WHERE name = 'annex'"], "entry 1", "no such register"),
    "one added": (
        [f"INSERT INTO event SELECT {COPIED} {EVENTS} = 6"],
        "entry 7",
        "hash",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_log_is_found_and_its_first_broken_entry_named(shop: Shop, name: str) -> None:
    write(shop, 6)
    statements, where, why = FORGERIES[name]
    for statement in statements:
        shop.alter(statement)
    (broken,) = shop.broken()
    assert broken.where == f"main/annex {where}"
    assert why in broken.why


def test_every_broken_register_is_named_once(shop: Shop) -> None:
    write(shop, 3)
    write(shop, 3, ("second", "office"))
    shop.alter("UPDATE event SET what = 'x' WHERE kind = 'note'")
    assert [broken.where for broken in shop.broken()] == ["main/annex entry 1", "main/second entry 1"]


ITEM_FORGERIES: dict[str, Callable[[int], tuple[str, str]]] = {
    "state": lambda item: (
        f"UPDATE item SET state = 'paid' WHERE id = {item}",
        "its row has state 'paid' where the ledger has 'in_stock'",
    ),
    "version": lambda item: (
        f"UPDATE item SET version = 2 WHERE id = {item}",
        "its row has version 2 where the ledger has 1",
    ),
    "row gone": lambda item: (f"DELETE FROM item WHERE id = {item}", "its row is missing"),
    "no event": lambda item: (
        "INSERT INTO item (id, product_id, serial, state, version, batch)"  # noqa: ISC003 - one statement
        + f" SELECT 5, product_id, 'X', state, 1, '' FROM item WHERE id = {item}",
        "no entry in the ledger",
    ),
}


@pytest.mark.parametrize("name", ITEM_FORGERIES)
def test_an_item_changed_behind_the_ledgers_back_is_found(shop: Shop, name: str) -> None:
    with shop.database.reading() as connection:
        item = int(
            connection.exec_driver_sql(
                "SELECT item_id FROM code WHERE text = 'WATCH-3' AND scheme = 'maker'"
            ).scalar_one()
        )
    statement, why = ITEM_FORGERIES[name](item)
    if name == "row gone":
        shop.alter(f"DELETE FROM code WHERE item_id = {item}")
    shop.alter(statement)
    (broken,) = shop.broken()
    assert why in broken.why


def test_the_office_writes_in_its_own_register(shop: Shop) -> None:
    assert {event.register for event in log(shop, OFFICE[0])} == {"office"}
