"""Exit permits in the office: given and ended once, by ids in the ledger, and no note is readable there."""

import pytest

from pos.office import permits
from pos.office.permits import Leave, PermitKind, PermitRow, UnknownPermitError
from shared.ledger import Event, history
from tests.shop import Shop

LATER, LONG_AGO = 4_000_000_000_000_000, 1_000_000
NOTE = "Rina's broken clasp"


def give(shop: Shop, until: int = LATER, note: str = "") -> str:
    with shop.database.reading() as connection:
        item = connection.exec_driver_sql("SELECT id FROM item WHERE serial = 'WATCH-1'").scalar_one()
    leave = Leave(PermitKind.REPAIR, item, None, "", until, note)
    return shop.in_office(lambda turn: permits.issue(turn, leave))


def end(shop: Shop, permit: str) -> None:
    shop.in_office(lambda turn: permits.end(turn, permit))


def listed(shop: Shop) -> list[PermitRow]:
    with shop.database.snapshot() as connection:
        return permits.permits(connection)


def told(shop: Shop, permit: str) -> list[Event]:
    with shop.database.reading() as connection:
        return history(connection, "permit", permit)


def test_a_permit_stands_until_its_time_is_over_or_somebody_ends_it(shop: Shop) -> None:
    over = give(shop, until=LONG_AGO)
    ended = give(shop)
    end(shop, ended)
    valid = give(shop)
    assert {row.id: row.standing for row in listed(shop)} == {valid: "valid", ended: "ended", over: "over"}
    row = next(row for row in listed(shop) if row.id == valid)
    assert (row.product, row.serial, row.kind, row.until) == ("Arloji", "WATCH-1", "repair", LATER)
    assert shop.state("WATCH-1") == "in_stock"
    assert not shop.broken()


def test_the_ledger_tells_who_gave_and_who_ended_it_and_nothing_of_the_note(shop: Shop) -> None:
    permit = give(shop, note=NOTE)
    end(shop, permit)
    events = told(shop, permit)
    assert [(event.what, event.state, event.actor) for event in events] == [
        ("issued", "valid", "command"),
        ("ended", "ended", "command"),
    ]
    assert not any(word in str(events) for word in NOTE.split())
    shop.alter("UPDATE permit SET note = 'something else'")
    (broken,) = shop.broken()
    assert broken.why.startswith("its row has note")


@pytest.mark.parametrize("change", [f"until = {LATER + 1}", "ended_at = NULL", "ended_by = 'staff:9'", "batch = 'B7'"])
def test_a_permit_that_was_changed_behind_the_ledger_is_found(shop: Shop, change: str) -> None:
    end(shop, give(shop))
    shop.alter(f"UPDATE permit SET {change}")
    assert len(shop.broken()) == 1


def test_what_is_ended_or_was_never_given_cannot_be_ended(shop: Shop) -> None:
    permit = give(shop)
    end(shop, permit)
    for nothing in (permit, "nowhere"):
        with pytest.raises(UnknownPermitError):
            end(shop, nothing)
    assert len(told(shop, permit)) == 2
