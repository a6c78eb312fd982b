"""The alarm log: what set off a gate, by incident, newest first; and the gates themselves."""

from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Connection, bindparam, func, select, update

from shared import schema, staff
from shared.ledger import Turn
from shared.statements import Among, Statement

PAGE = 50  # incidents
TRIAL = "trial"


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """One item that set off a gate. `at` is in µs, `price` in the currency's shop unit, `product` "" if not known."""

    id: str
    incident: str
    gate: str
    at: int
    serial: str
    price: int
    reason: str
    state: str
    last_till: str
    product: str


@dataclass(frozen=True, slots=True)
class Incident:
    """What left within seconds of each other: its alarms, oldest first."""

    alarms: tuple[AlarmRow, ...]

    @property
    def at(self) -> int:
        """When it began."""
        return self.alarms[0].at

    @property
    def gate(self) -> str:
        """Where."""
        return self.alarms[0].gate

    @property
    def value(self) -> int:
        """What all its items cost."""
        return sum(alarm.price for alarm in self.alarms)

    @property
    def states(self) -> list[str]:
        """The states of its alarms, each once."""
        return sorted({alarm.state for alarm in self.alarms})

    @property
    def reasons(self) -> list[str]:
        """The reasons of its alarms, each once."""
        return sorted({alarm.reason for alarm in self.alarms})


@dataclass(frozen=True, slots=True)
class GateRow:
    """One gate. `armed_by` is a person's name, "" where it was none; `would_be` counts the alarms of its trial."""

    name: str
    armed: bool
    armed_by: str
    would_be: int


class UnknownGateError(LookupError):
    """A gate that the shop does not have."""


def incidents(connection: Connection, page: int) -> tuple[list[Incident], bool]:
    """One page of the log, counted from 1, and whether there are older ones."""
    found = [row[0] for row in _INCIDENTS.run(connection, limit=PAGE + 1, offset=(page - 1) * PAGE)]
    rows = _rows(connection, found[:PAGE])
    return [Incident(tuple(rows[incident])) for incident in found[:PAGE]], len(found) > PAGE


def gates(connection: Connection) -> list[GateRow]:
    """All gates by name."""
    return [
        GateRow(name, bool(armed), _person(connection, armed_by), would_be)
        for name, armed, armed_by, would_be in _GATES.run(connection, trial=TRIAL)
    ]


def arm(turn: Turn, name: str) -> None:
    """Let a gate sound its alarms; nothing is written where it does already. Raises UnknownGateError."""
    row = _GATE.run(turn.connection, gate=name).first()
    if row is None:
        raise UnknownGateError(name)
    if _ARM.run(turn.connection, gate=name, actor=turn.actor).rowcount == 1:
        turn.record("gate", name, row[0] + 1, "armed", "armed", {})


def _rows(connection: Connection, found: list[str]) -> dict[str, list[AlarmRow]]:
    alarms = [AlarmRow(*row) for row in _ALARMS.run(connection, incidents=found)]
    return {incident: list(group) for incident, group in groupby(alarms, key=lambda alarm: alarm.incident)}


def _person(connection: Connection, actor_id: str) -> str:
    who = staff.person(connection, actor_id) if actor_id else None
    return who.name if who else ""


_A = schema.table(schema.Alarm)
_G = schema.table(schema.Gate)
_P = schema.table(schema.Product)
_INCIDENTS = Statement(
    select(_A.c.incident)
    .group_by(_A.c.incident)
    .order_by(func.min(_A.c.at).desc(), _A.c.incident)
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
_ALARMS = Statement(
    select(
        _A.c.id,
        _A.c.incident,
        _A.c.gate,
        _A.c.at,
        _A.c.serial,
        _A.c.price,
        _A.c.reason,
        _A.c.state,
        _A.c.last_till,
        func.coalesce(_P.c.name, ""),
    )
    .select_from(_A.outerjoin(_P, _A.c.product_id == _P.c.id))
    .where(Among(_A.c.incident, "incidents"))
    .order_by(_A.c.incident, _A.c.at, _A.c.id)
)  # fmt: skip - the order of AlarmRow's fields
_would_be = select(func.count()).where(_A.c.gate == _G.c.name, _A.c.state == bindparam("trial")).scalar_subquery()
_GATES = Statement(select(_G.c.name, _G.c.armed, _G.c.armed_by, _would_be).order_by(_G.c.name))
_GATE = Statement(select(_G.c.version).where(_G.c.name == bindparam("gate")).with_for_update())
_ARM = Statement(
    update(_G)
    .where(_G.c.name == bindparam("gate"), _G.c.armed.is_(False))
    .values(armed=True, armed_by=bindparam("actor"), version=_G.c.version + 1)
)
