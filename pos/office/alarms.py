"""The alarm log: what set off a gate, by incident, newest first, and what people said of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select, tuple_

from pos.office.alarm_filter import UNSIGNED, AlarmFilter
from pos.office.standing import BYPASS, LATE, OPEN, QUIET, SILENCED, SILENT, THEFT, TRIAL
from shared import schema
from shared.incidents import UnknownIncidentError
from shared.ledger import database_clock
from shared.statements import Among, Statement

PAGE = 50  # incidents
CHUNK = 500  # incidents that are read at once where all are wanted
QUIET_SHOWN = 600_000_000  # µs: how long a quiet alarm that nobody answers stays on staff's screens


@dataclass(frozen=True, slots=True)
class AlarmedItem:
    """One item of an incident, as its first alarm told it.

    Times are in µs, `price` is in the currency's shop unit; what is not known is "", and 0 for
    `last_till_at`. `carried_by` is the actor whose badge let it out, "" for nobody's.
    """

    at: int
    serial: str
    price: int
    reason: str
    last_till: str
    last_till_at: int
    carried_by: str
    product: str


@dataclass(frozen=True, slots=True)
class Incident:
    """What left within seconds of each other, and what people said of it.

    `state` is the gate's: open, trial, late, bypass; `is_quiet`: at first nothing was heard of it. Times are in µs
    since 1970 UTC. `resolved_by` and `theft_by` are actors, "" where nobody signed. `fact` is "" until somebody said
    what it was.
    """

    id: str
    gate: str
    at: int
    state: str
    is_quiet: bool
    silenced_at: int | None
    resolved_at: int | None
    resolved_by: str
    fact: str
    note: str
    is_theft: bool
    theft_by: str
    items: tuple[AlarmedItem, ...]

    @property
    def value(self) -> int:
        """What all its items cost."""
        return sum(item.price for item in self.items)

    @property
    def reasons(self) -> list[str]:
        """The reasons of its alarms, each once."""
        return sorted({item.reason for item in self.items})

    @property
    def standing(self) -> str:
        """What it was, "" for a mere theft; until somebody says so, what the gate says, or that it was silenced."""
        if self.fact or self.is_theft:
            return self.fact
        if self.state == OPEN and self.silenced_at is not None:
            return SILENCED
        return self.state


def incidents(connection: Connection, wanted: AlarmFilter, page: int) -> tuple[list[Incident], bool]:
    """One page of the log, counted from 1, and whether there are older ones."""
    found = connection.execute(_heads(*_conditions(wanted)).limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    return _with_items(connection, found[:PAGE]), len(found) > PAGE


def every_incident(connection: Connection, wanted: AlarmFilter) -> Iterator[Incident]:
    """The whole log, some at a time. Wants a snapshot."""
    found = connection.execute(_heads(*_conditions(wanted)), execution_options={"yield_per": CHUNK})
    for heads in found.partitions():
        yield from _with_items(connection, heads)


def quiet_now(connection: Connection) -> list[Incident]:
    """The quiet alarms that nobody has answered yet, newest first."""
    is_fresh = _F.c.at > database_clock() - QUIET_SHOWN
    return _with_items(connection, connection.execute(_heads(is_fresh, _F.c.quiet, _is(OPEN))).all())


def one_incident(connection: Connection, incident: str) -> Incident:
    """The incident of this id. Raises UnknownIncidentError."""
    found = connection.execute(_heads(_F.c.incident == incident)).all()
    if not found:
        raise UnknownIncidentError(incident)
    return _with_items(connection, found)[0]


def _with_items(connection: Connection, heads: Sequence[Any]) -> list[Incident]:
    rows = _ITEMS.run(connection, incidents=[head.incident for head in heads])
    items = {incident: _each_once(group) for incident, group in groupby(rows, key=itemgetter(0))}
    return [Incident(*(*head, items[head.incident])) for head in heads]


def _each_once(rows: Iterator[tuple[Any, ...]]) -> tuple[AlarmedItem, ...]:
    """An item that comes by again within the incident alarms again, and is still one item."""
    first: dict[tuple[str, int | None], AlarmedItem] = {}
    for _, product, *alarmed in rows:
        item = AlarmedItem(*alarmed)
        first.setdefault((item.serial, product), item)
    return tuple(first.values())


def _conditions(wanted: AlarmFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.gate:
        yield _F.c.gate == wanted.gate
    if wanted.since is not None:
        yield _F.c.at >= wanted.since
    if wanted.until is not None:
        yield _F.c.at < wanted.until
    if wanted.what:
        yield _is(wanted.what)
    if wanted.by:
        yield and_(_I.c.fact != "", _I.c.resolved_by == ("" if wanted.by == UNSIGNED else wanted.by))
    if wanted.least:
        yield _value >= wanted.least


def _is(what: str) -> ColumnElement[bool]:
    if what in {TRIAL, LATE, BYPASS}:
        return _F.c.state == what
    if what == QUIET:
        return _F.c.quiet.is_(True)
    if what == OPEN:
        return and_(_F.c.state.not_in(SILENT), or_(_I.c.id.is_(None), and_(_I.c.silenced_at.is_(None), _unsaid)))
    if what == SILENCED:
        return and_(_I.c.silenced_at.is_not(None), _unsaid)
    return _I.c.is_theft.is_(True) if what == THEFT else _I.c.fact == what


def _heads(*conditions: ColumnElement[bool]) -> Select[Any]:
    """The incidents by their first alarms, newest first: so the index by time gives a page without reading the rest."""
    said = (func.coalesce(_I.c[name], unsaid) for name, unsaid in _UNSAID.items())
    return (
        select(_F.c.incident, _F.c.gate, _F.c.at, _F.c.state, _F.c.quiet, _I.c.silenced_at, _I.c.resolved_at, *said)
        .select_from(_F.outerjoin(_I, _I.c.id == _F.c.incident))
        .where(_is_first, *conditions)
        .order_by(_F.c.at.desc(), _F.c.id.desc())
    )


_A = schema.table(schema.Alarm)
_I = schema.table(schema.Incident)
_P = schema.table(schema.Product)
_F, _B = _A.alias("first"), _A.alias("before")
_UNSAID = {"resolved_by": "", "fact": "", "note": "", "is_theft": False, "theft_by": ""}
_unsaid = and_(_I.c.fact == "", _I.c.is_theft.is_(False))
_is_first = ~exists().where(_B.c.incident == _F.c.incident, tuple_(_B.c.at, _B.c.id) < tuple_(_F.c.at, _F.c.id))
_prices = (
    select(func.max(_A.c.price).label("price"))
    .where(_A.c.incident == _F.c.incident)
    .group_by(_A.c.serial, _A.c.product_id)
    .correlate(_F)
    .subquery()
)
_value = select(func.sum(_prices.c.price)).scalar_subquery()
_ITEMS = Statement(
    select(
        _A.c.incident,
        _A.c.product_id,
        _A.c.at,
        _A.c.serial,
        _A.c.price,
        _A.c.reason,
        _A.c.last_till,
        _A.c.last_till_at,
        _A.c.carried_by,
        func.coalesce(_P.c.name, ""),
    )
    .select_from(_A.outerjoin(_P, _A.c.product_id == _P.c.id))
    .where(Among(_A.c.incident, "incidents"))
    .order_by(_A.c.incident, _A.c.at, _A.c.id)
)
