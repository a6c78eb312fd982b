"""The alarm log as a file for a spreadsheet: one row for each item."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from pos.office import alarm_words, people
from pos.office.alarm_filter import AlarmFilter
from pos.office.alarms import AlarmedItem, Incident, every_incident
from pos.office.spreadsheet import Cell, Cells, Price
from shared import codes
from shared.pages import words
from shared.pages.speech import gettext


def heading() -> list[str]:
    """What stands over the columns."""
    return [
        gettext("Time"),
        gettext("Gate"),
        gettext("Item"),
        gettext("Serial"),
        gettext("Price"),
        gettext("Reason"),
        gettext("Last till"),
        gettext("There at"),
        gettext("Badge of"),
        gettext("State"),
        gettext("Said by"),
        gettext("Said at"),
        gettext("Note"),
        gettext("Incident"),
    ]


def rows(connection: Connection, wanted: AlarmFilter, timezone: ZoneInfo) -> Iterator[Cells]:
    """One row for each item of the filtered log, newest incident first. Wants a snapshot."""
    names = people.names(connection)
    for incident in every_incident(connection, wanted):
        told = _told(incident, names, timezone)
        for item in incident.items:
            yield [*_seen(incident, item, names, timezone), *told]


def _seen(incident: Incident, item: AlarmedItem, names: dict[str, str], timezone: ZoneInfo) -> list[Cell]:
    return [
        words.time_of(item.at, timezone),
        incident.gate,
        item.product or gettext("Unknown product"),
        codes.printed(item.serial),
        Price(item.price),
        alarm_words.reason_name(item.reason),
        item.last_till,
        words.time_of(item.last_till_at, timezone) if item.last_till_at else None,
        alarm_words.signature(item.carried_by, names) if item.carried_by else "",
    ]


def _told(incident: Incident, names: dict[str, str], timezone: ZoneInfo) -> list[Cell]:
    return [
        ", ".join(map(alarm_words.kind_name, alarm_words.kinds(incident))),
        alarm_words.said_by(incident, names),
        words.time_of(incident.resolved_at, timezone) if incident.resolved_at is not None else None,
        incident.note,
        incident.id,
    ]
