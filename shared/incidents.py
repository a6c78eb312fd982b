"""What people say of an incident: that they heard it, what it was, and, for a manager only, that it was a theft.

An incident is the alarms that bear its id. Its answer is a row of its own, which comes with the first word about it;
each word is an event of the ledger, the last one holds. Guards record facts: an alarm is a question, not an accusation.
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select, text, update

from shared import schema, snapshots
from shared.facts import Fact
from shared.ledger import Turn
from shared.statements import Statement

__all__ = [
    "LONGEST_NOTE",
    "Fact",
    "Resolution",
    "UnknownIncidentError",
    "class_as",
    "commitment",
    "resolve",
    "silence",
]

LONGEST_NOTE = 150  # characters: a journal entry holds it, whatever they are


class UnknownIncidentError(LookupError):
    """An incident that the shop does not know."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What somebody found: `by` is an actor, "" where nobody signed; `at` is wall time in µs."""

    fact: Fact
    note: str
    by: str
    at: int


def silence(turn: Turn, incident: str, at: int) -> None:
    """Somebody at the gate asked for quiet at `at` (wall time in µs). Raises UnknownIncidentError."""
    _say(turn, incident, "silenced", {"at": at}, silenced_at=at)


def resolve(turn: Turn, incident: str, found: Resolution) -> None:
    """Say what it was; a later word replaces an earlier one. Raises UnknownIncidentError."""
    note = found.note.strip()[:LONGEST_NOTE]
    salt = secrets.token_hex(16) if note else ""
    told = {"fact": found.fact, "by": found.by, "at": found.at, "note": commitment(note, salt)}
    _say(
        turn,
        incident,
        "resolved",
        told,
        resolved_at=found.at,
        resolved_by=found.by,
        fact=found.fact,
        note=note,
        note_salt=salt,
    )


def class_as(turn: Turn, incident: str, *, theft: bool) -> None:
    """The turn's actor calls it a theft, or takes that back. Raises UnknownIncidentError."""
    _say(turn, incident, "classed", {"theft": theft, "by": turn.actor}, is_theft=theft, theft_by=turn.actor)


def commitment(note: str, salt: str) -> str:
    """What the ledger keeps of a note: nothing of its text, yet no other note fits. "" for none."""
    return hashlib.sha256(f"{salt}:{note}".encode()).hexdigest() if note else ""


def _say(turn: Turn, incident: str, what: str, told: dict[str, Any], **columns: Any) -> None:
    gate = _gate_of(turn.connection, incident)
    _BEGIN.run(turn.connection, id=incident, gate=gate)
    version, fact = _KNOWN.run(turn.connection, id=incident).one()
    values = {"version": version + 1, **columns}
    turn.connection.execute(update(schema.Incident).where(_I.c.id == incident).values(values))
    state = "resolved" if values.get("fact", fact) else "silenced"
    turn.record("incident", incident, version + 1, what, state, {"gate": gate, **told})
    snapshots.heed(turn.connection, incident)


def _gate_of(connection: Connection, incident: str) -> str:
    gate = _GATE.run(connection, incident=incident).scalar()
    if gate is None:
        raise UnknownIncidentError(incident)
    return str(gate)


_A = schema.table(schema.Alarm)
_I = schema.table(schema.Incident)
_GATE = Statement(select(_A.c.gate).where(_A.c.incident == bindparam("incident")).limit(1))
_BEGIN = Statement(
    text(
        "INSERT INTO incident (id, gate, resolved_by, fact, note, note_salt, is_theft, theft_by, version)"
        " VALUES (:id, :gate, '', '', '', '', false, '', 0) ON CONFLICT (id) DO NOTHING"
    )
)
_KNOWN = Statement(select(_I.c.version, _I.c.fact).where(_I.c.id == bindparam("id")).with_for_update())
