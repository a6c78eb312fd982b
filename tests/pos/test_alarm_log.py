"""The alarm log on both engines: incidents and their items, every filter, what the figures are read from."""

import time
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from pos.app import create_app
from pos.office import alarms, people
from pos.office.alarm_filter import FIELDS, UNSIGNED, AlarmFilter
from pos.office.alarms import Incident
from pos.office.figures import Period, Share
from pos.office.filter_fields import day_begins
from pos.office.happened import happened, seen_leaving
from pos.office.spreadsheet import WRITERS
from pos.office.timeline import Happening, timeline
from pos.till_server import TillServer
from shared import incidents, settings, staff
from shared.facts import Fact
from shared.incidents import UnknownIncidentError
from shared.ledger import database_clock
from shared.roles import Role
from tests.exit_log import DAY, MINUTE, NOON, SECOND, ExitLog
from tests.shop import JAKARTA, Shop
from tests.shops import on_sqlite

GUARD, OTHER = "staff:2", "staff:3"
EVERYTHING = AlarmFilter()


@pytest.fixture
def busy(shop: Shop) -> Shop:
    """A shop whose two gates alarmed, newest last; each incident is named by what became of it."""
    north, south = ExitLog(shop, "north"), ExitLog(shop, "south", armed=False)
    north.raised("nothing", "WATCH-1")
    north.raised("heard", "WATCH-2", at=NOON + MINUTE)
    north.silenced("heard", at=NOON + 2 * MINUTE)
    north.raised("paid", "WATCH-3", "WATCH-4", at=NOON + DAY)
    north.told("paid", Fact.PAID_NOW, by=GUARD, note="missed it", at=NOON + DAY + MINUTE)
    north.raised("gone", "WATCH-5", at=NOON + DAY + MINUTE)
    north.told("gone", Fact.LEFT, at=NOON + DAY + 3 * MINUTE)
    shop.in_office(lambda turn: incidents.class_as(turn, "gone", theft=True))
    south.raised("silent", "WATCH-1", at=NOON + 2 * DAY, state="trial")
    south.raised("south/00/9", "WATCH-2", at=NOON + 3 * DAY, state="late", reason="late")
    return shop


def found(shop: Shop, wanted: AlarmFilter = EVERYTHING) -> list[str]:
    with shop.database.snapshot() as connection:
        page, has_older = alarms.incidents(connection, wanted, 1)
        assert not has_older
        assert page == list(alarms.every_incident(connection, wanted))
    return [incident.id for incident in page]


def quiet_now(shop: Shop) -> list[str]:
    with shop.database.snapshot() as connection:
        return [incident.id for incident in alarms.quiet_now(connection)]


def one(shop: Shop, incident: str) -> Incident:
    with shop.database.snapshot() as connection:
        return alarms.one_incident(connection, incident)


def test_incidents_stand_newest_first_with_what_people_said(busy: Shop) -> None:
    assert found(busy) == ["south/00/9", "silent", "gone", "paid", "heard", "nothing"]
    stands = {name: (one(busy, name).standing, one(busy, name).is_theft) for name in found(busy)}
    assert stands == {
        "south/00/9": ("late", False),
        "silent": ("trial", False),
        "gone": ("left", True),
        "paid": ("paid_now", False),
        "heard": ("silenced", False),
        "nothing": ("open", False),
    }
    paid = one(busy, "paid")
    assert (paid.gate, paid.at, paid.value, paid.note, paid.resolved_by) == (
        "north",
        NOON + DAY,
        300000,
        "missed it",
        GUARD,
    )
    assert [(item.product, item.serial, item.last_till) for item in paid.items] == [
        ("Arloji", "WATCH-3", "till-1"),
        ("Arloji", "WATCH-4", "till-1"),
    ]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (AlarmFilter(gate="north"), ["gone", "paid", "heard", "nothing"]),
        (AlarmFilter(gate="nowhere"), []),
        (AlarmFilter(what="open"), ["south/00/9", "nothing"]),
        (AlarmFilter(what="silenced"), ["heard"]),
        (AlarmFilter(what="paid_now"), ["paid"]),
        (AlarmFilter(what="left"), ["gone"]),
        (AlarmFilter(what="stray"), []),
        (AlarmFilter(what="theft"), ["gone"]),
        (AlarmFilter(what="trial"), ["silent"]),
        (AlarmFilter(what="late"), ["south/00/9"]),
        (AlarmFilter(by=GUARD), ["paid"]),
        (AlarmFilter(by=OTHER), []),
        (AlarmFilter(by=UNSIGNED), ["gone"]),
        (AlarmFilter(least=150000), ["south/00/9", "silent", "gone", "paid", "heard", "nothing"]),
        (AlarmFilter(least=150001), ["paid"]),
        (AlarmFilter(since=NOON + DAY), ["south/00/9", "silent", "gone", "paid"]),
        (AlarmFilter(until=NOON + DAY), ["heard", "nothing"]),
        (AlarmFilter(gate="north", since=NOON + 1, until=NOON + DAY + 1, what="paid_now", least=200000), ["paid"]),
    ],
)
def test_each_filter_gives_its_incidents(busy: Shop, wanted: AlarmFilter, names: list[str]) -> None:
    assert found(busy, wanted) == names


def test_a_quiet_alarm_is_one_of_now_until_somebody_answers_or_ten_minutes_have_passed(shop: Shop) -> None:
    log, now = ExitLog(shop), time.time_ns() // 1000
    log.raised("old", "WATCH-1", at=now - 11 * MINUTE, quiet=True)
    log.raised("heard", "WATCH-2", at=now, quiet=False)
    log.raised("quiet", "WATCH-3", "WATCH-4", at=now, quiet=True)
    assert (quiet_now(shop), one(shop, "quiet").value) == (["quiet"], 300_000)
    assert found(shop, AlarmFilter(what="quiet")) == ["quiet", "old"]
    log.silenced("quiet", at=now)
    assert quiet_now(shop) == []


def test_an_item_that_comes_by_again_is_one_item_and_counts_once(shop: Shop) -> None:
    log = ExitLog(shop)
    log.raised("one", "WATCH-1", "WATCH-1", "WATCH-2", "WATCH-1")
    assert [item.serial for item in one(shop, "one").items] == ["WATCH-1", "WATCH-2"]
    assert one(shop, "one").value == 300000
    assert found(shop, AlarmFilter(least=300000)) == ["one"]
    assert found(shop, AlarmFilter(least=300001)) == []


def test_alarms_at_the_same_moment_are_still_one_incident(shop: Shop) -> None:
    log = ExitLog(shop)
    log.raised("one", "WATCH-1")
    log.raised("one", "WATCH-2")
    assert found(shop) == ["one"]


def test_a_page_holds_fifty_and_the_next_goes_on(shop: Shop) -> None:
    log = ExitLog(shop)
    for number in range(52):
        log.raised(f"i{number:02}", "WATCH-1", at=NOON + number * MINUTE)
    with shop.database.snapshot() as connection:
        first, has_older = alarms.incidents(connection, AlarmFilter(), 1)
        second, has_more = alarms.incidents(connection, AlarmFilter(), 2)
        whole = list(alarms.every_incident(connection, AlarmFilter()))
    assert (len(first), has_older, [incident.id for incident in second], has_more) == (50, True, ["i01", "i00"], False)
    assert first + second == whole


def test_an_unknown_incident_is_refused(shop: Shop) -> None:
    with pytest.raises(UnknownIncidentError):
        one(shop, "nowhere")


def test_a_timeline_tells_each_alarm_and_each_word(busy: Shop) -> None:
    busy.in_office(lambda turn: incidents.class_as(turn, "gone", theft=False))
    with busy.database.snapshot() as connection:
        *told, first, second = timeline(connection, "gone")
    assert told == [
        Happening(NOON + DAY + MINUTE, "raised", serial="WATCH-5"),
        Happening(NOON + DAY + 3 * MINUTE, "resolved", fact="left"),
    ]
    assert [(one.what, one.by, one.is_theft) for one in (first, second)] == [
        ("classed", "command", True),
        ("classed", "command", False),
    ]


def test_figures_are_read_from_the_incidents_that_began_in_the_period(busy: Shop) -> None:
    period = Period(date(2025, 11, 23), date(2025, 11, 25))
    with busy.database.snapshot() as connection:
        seen = happened(connection, period, JAKARTA)
    assert [(one.state, one.fact, one.is_theft, one.answered) for one in seen] == [
        ("late", "", False, None),
        ("trial", "", False, None),
        ("open", "left", True, 120.0),
        ("open", "paid_now", False, 60.0),
    ]
    assert [one.value for one in seen] == [150000, 150000, 150000, 300000]
    assert seen[-1].began.isoformat() == "2025-11-23T12:00:00+07:00"


def test_an_answer_counts_from_the_first_word_not_from_the_last(shop: Shop) -> None:
    log = ExitLog(shop)
    log.raised("one", "WATCH-1")
    for seconds, fact in ((20, Fact.LEFT), (500, Fact.GIVEN_BACK)):
        log.told("one", fact, at=NOON + seconds * SECOND)
    with shop.database.snapshot() as connection:
        (seen,) = happened(connection, Period(date(2025, 11, 22), date(2025, 11, 22)), JAKARTA)
    assert (seen.answered, seen.fact) == (20.0, "given_back")


def test_the_share_seen_leaving_counts_units_sold_by_serial(shop: Shop) -> None:
    shop.sell("WATCH-1", "WATCH-2", "WATCH-3", cash=450000)
    shop.move("WATCH-2", "departed", "departed")
    with shop.database.snapshot() as connection:
        now = connection.execute(select(database_clock())).scalar_one()
        today = Period.of(1, datetime.fromtimestamp(now / SECOND, JAKARTA).date())
        tomorrow = Period.of(1, date(2999, 1, 1))
        assert seen_leaving(connection, today, JAKARTA) == Share(1, 3)
        assert seen_leaving(connection, tomorrow, JAKARTA) == Share(0, 0)


def test_a_day_begins_by_the_shops_clock() -> None:
    assert day_begins(date(2025, 11, 22), JAKARTA) == NOON - 12 * 60 * MINUTE


def test_the_filter_offers_those_who_may_say_what_an_alarm_was(shop: Shop) -> None:
    for name, role in {"Sari": Role.CASHIER, "Rina": Role.MANAGER, "Budi": Role.SECURITY}.items():
        shop.in_office(partial(staff.add_person, name=name, role=role, pin="2468"))
    with shop.database.snapshot() as connection:
        assert list(people.watchers(connection).values()) == ["Budi", "Rina"]
        assert sorted(people.names(connection).values()) == ["Budi", "Rina", "Sari"]


@on_sqlite
def test_a_page_is_read_along_the_index_by_time(shop: Shop) -> None:
    with shop.database.snapshot() as connection:
        page = alarms._heads().limit(51).compile(connection, compile_kwargs={"literal_binds": True})
        first, *_ = (row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {page}"))
    assert first == "SCAN first USING INDEX alarm_by_time"


def test_no_address_and_no_form_is_a_fault_of_the_database(busy: Shop) -> None:
    """NUL is the text that PostgreSQL refuses."""
    number = busy.in_office(partial(staff.add_person, name="Rina", role=Role.MANAGER, pin="2468"))
    chosen = settings.parse({"database": {"url": busy.url}}, Path("lunas.toml"))
    client = create_app(TillServer(chosen, busy.database, busy.counter)).test_client()
    assert client.post("/sign-in", data={"who": f"staff:{number}", "pin": "2468"}).status_code == 303
    assert client.get("/office/alarms/%00").status_code == 404
    assert client.post("/office/alarms/%00/fact", data={"fact": "left"}).status_code == 404
    assert client.post("/office/alarms/%00/theft", data={"theft": "yes"}).status_code == 404
    assert client.post("/office/alarms/gone/fact", data={"fact": "left", "note": "\x00"}).status_code == 400
    for name in FIELDS:
        assert client.get("/office/alarms", query_string={name: "\x00"}).status_code == 200
    for path in ("/office/alarms", "/office/alarms/gone", "/office/figures?days=90"):
        assert client.get(path).status_code == 200
    for kind in WRITERS:
        with client.get(f"/office/alarms.{kind}") as answer:
            assert answer.status_code == 200


def test_the_ledger_holds_after_all_of_it(busy: Shop) -> None:
    busy.in_office(partial(incidents.class_as, incident="nothing", theft=True))
    assert [broken.where for broken in busy.broken()] == ["gate north", "gate south"]  # put there without an entry
