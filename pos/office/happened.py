"""Reads what the figures are computed from."""

import json
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Text, bindparam, case, cast, exists, func, select

from pos.office.alarm_filter import AlarmFilter
from pos.office.alarms import Incident, every_incident
from pos.office.figures import Happened, Period, Share
from pos.office.filter_fields import SECOND, day_begins
from pos.office.timeline import spoken_at
from shared import schema
from shared.pages import words
from shared.statements import Among, Statement


def happened(connection: Connection, period: Period, timezone: ZoneInfo) -> list[Happened]:
    """The incidents that began in the period, newest first. Wants a snapshot."""
    wanted = AlarmFilter(since=day_begins(period.first, timezone))
    found = list(every_incident(connection, wanted))
    spoken = dict(_first_words(connection, [incident.id for incident in found]))
    return [_happened(incident, spoken.get(incident.id), timezone) for incident in found]


def seen_leaving(connection: Connection, period: Period, timezone: ZoneInfo) -> Share:
    """How many of the units sold in the period were seen leaving through a gate."""
    seen, sold = _SEEN_LEAVING.run(connection, since=day_begins(period.first, timezone)).one()
    return Share(int(seen or 0), sold)


def _happened(incident: Incident, spoken: int | None, timezone: ZoneInfo) -> Happened:
    return Happened(
        began=words.time_of(incident.at, timezone),
        gate=incident.gate,
        state=incident.state,
        items=incident.items,
        fact=incident.fact,
        is_theft=incident.is_theft,
        # A gate whose clock was put back while it waited for the answer.
        answered=None if spoken is None else max(0.0, (spoken - incident.at) / SECOND),
    )


def _first_words(connection: Connection, incidents: list[str]) -> Iterator[tuple[str, int]]:
    for incident, at, details in _FIRST_WORDS.run(connection, incidents=incidents):
        yield incident, spoken_at(at, json.loads(details))


_E, _S, _L = map(schema.table, (schema.Event, schema.Sale, schema.SaleLine))
_FIRST_WORDS = Statement(
    select(_E.c.subject, _E.c.at, _E.c.details).where(
        _E.c.kind == "incident", Among(_E.c.subject, "incidents"), _E.c.version == 1
    )
)
_has_left = exists().where(
    _E.c.kind == "item", _E.c.subject == cast(_L.c.item_id, Text), _E.c.what == "departed", _E.c.at >= _S.c.at
)
_SEEN_LEAVING = Statement(
    select(func.sum(case((_has_left, 1), else_=0)), func.count())
    .select_from(_S.join(_L, _L.c.sale_id == _S.c.id))
    .where(_S.c.at >= bindparam("since"), _L.c.item_id.is_not(None))
)
