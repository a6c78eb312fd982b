"""The shop's gates, as the office sees them, and their arming."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select, update

from pos.office.standing import TRIAL
from shared import schema, staff
from shared.gate_rules import UnknownGateError
from shared.ledger import Turn, database_clock
from shared.statements import Statement


@dataclass(frozen=True, slots=True)
class GateRow:
    """One gate. `armed_by` is a person's name, "" where it was none; `would_be` counts the alarms of its trial.

    `closed_until`: after-closing mode is on until then, in µs since 1970 UTC; 0: it is off.
    """

    name: str
    armed: bool
    armed_by: str
    would_be: int
    closed_until: int


def gates(connection: Connection) -> list[GateRow]:
    """All gates by name."""
    return [
        GateRow(name, bool(armed), _person(connection, armed_by), would_be, until if (until or 0) > now else 0)
        for name, armed, armed_by, would_be, until, now in _GATES.run(connection, trial=TRIAL)
    ]


def arm(turn: Turn, name: str) -> None:
    """Let a gate sound its alarms; nothing is written where it does already. Raises UnknownGateError."""
    row = _GATE.run(turn.connection, gate=name).first()
    if row is None:
        raise UnknownGateError(name)
    if _ARM.run(turn.connection, gate=name, actor=turn.actor).rowcount == 1:
        turn.record("gate", name, row[0] + 1, "armed", "armed", {})


def _person(connection: Connection, actor_id: str) -> str:
    who = staff.person(connection, actor_id) if actor_id else None
    return who.name if who else ""


_A = schema.table(schema.Alarm)
_G = schema.table(schema.Gate)
_would_be = select(func.count()).where(_A.c.gate == _G.c.name, _A.c.state == bindparam("trial")).scalar_subquery()
_GATES = Statement(
    select(_G.c.name, _G.c.armed, _G.c.armed_by, _would_be, _G.c.closed_until, database_clock()).order_by(_G.c.name)
)
_GATE = Statement(select(_G.c.version).where(_G.c.name == bindparam("gate")).with_for_update())
_ARM = Statement(
    update(_G)
    .where(_G.c.name == bindparam("gate"), _G.c.armed.is_(False))
    .values(armed=True, armed_by=bindparam("actor"), version=_G.c.version + 1)
)
