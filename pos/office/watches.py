"""Reads what gates told of their parts."""

from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select

from pos.office.figures import Period
from pos.office.filter_fields import day_begins
from pos.office.uptime import SILENCE, Uptime, Watched, uptimes
from shared import schema
from shared.ledger import database_clock
from shared.statements import Statement


def reader_uptimes(connection: Connection, period: Period, timezone: ZoneInfo) -> list[Uptime]:
    """Each reader's in the period, until now. A gate says everything each hour: what it said before is not needed."""
    begin = day_begins(period.first, timezone)
    words = [Watched(*row) for row in _SAID.run(connection, since=begin - SILENCE)]
    return uptimes(words, begin, _NOW.run(connection).scalar_one())


_W = schema.table(schema.Watch)
_NOW = Statement(select(database_clock()))
# A gate's numbers rise for as long as its journal lives: by them its words stay in order when its clock was set.
_SAID = Statement(
    select(_W.c.gate, _W.c.at, _W.c.what, _W.c.name, _W.c.value)
    .where(_W.c.at >= bindparam("since"))
    .order_by(_W.c.gate, _W.c.n)
)
