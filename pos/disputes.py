"""Sales in dispute: what a till sold alone and could not be taken over as it was. A leader resolves them."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.engine import Connection

from shared import schema
from shared.dispute_book import KIND
from shared.incidents import commitment
from shared.ledger import Turn
from shared.statements import Statement

OPEN, RESOLVED = "open", "resolved"
LONGEST_NOTE = 200
MOST = 100  # on one page


class DisputeGoneError(Exception):
    """There is no such sale in dispute, or somebody has resolved it."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """One of them. `faults` tell what was found of each unit or payment; times are in µs since 1970 UTC.

    `resolved_at` is None while it is open.
    """

    sale: str
    number: str
    total: int
    at: int
    faults: Sequence[Mapping[str, Any]]
    receipt: Mapping[str, Any]
    resolved_at: int | None
    resolved_by: str
    note: str


def open_one(turn: Turn, sale: Mapping[str, Any], faults: Sequence[Mapping[str, Any]]) -> None:
    """Let a leader look into this sale, whose row is given."""
    row = {name: sale[name] for name in ("number", "total", "at", "actor", "reply")}
    row |= {"sale_id": sale["id"], "register": turn.register, "faults": json.dumps(faults), "opened_at": turn.now}
    if _ADD.run(turn.connection, **row, resolved_at=None, resolved_by="", note="", note_salt="").rowcount:
        found = [{name: fault[name] for name in ("reason", "item") if name in fault} for fault in faults]
        told = {"number": row["number"], "total": row["total"], "faults": found}
        turn.record(KIND, sale["id"], 1, "opened", OPEN, told)


def resolve(turn: Turn, sale_id: str, note: str) -> None:
    """Keep how it was settled with the customer. Raises DisputeGoneError."""
    salt = secrets.token_hex(16)
    told = {"id": sale_id, "at": turn.now, "by": turn.actor, "words": note, "salt": salt}
    if _RESOLVE.run(turn.connection, **told).rowcount != 1:
        raise DisputeGoneError(sale_id)
    turn.record(KIND, sale_id, 2, RESOLVED, RESOLVED, {"note": commitment(note, salt)})


def newest(connection: Connection) -> list[Dispute]:
    """Those that are open, the oldest first, then the resolved ones, the newest first."""
    rows = [_dispute(row) for row in _NEWEST.run(connection, most=MOST)]
    return [one for one in reversed(rows) if one.resolved_at is None] + [one for one in rows if one.resolved_at]


def find(connection: Connection, sale_id: str) -> Dispute | None:
    """The dispute of this sale, None where there is none."""
    row = _FIND.run(connection, id=sale_id).first()
    return _dispute(row) if row else None


def count_open(connection: Connection) -> int:
    """How many wait for a leader."""
    return int(_OPEN.run(connection).scalar_one())


def _dispute(row: tuple[Any, ...]) -> Dispute:
    sale, number, total, at, faults, reply, *resolved = row
    return Dispute(sale, number, total, at, json.loads(faults), json.loads(reply), *resolved)


_D = schema.table(schema.Dispute)
_COLUMNS = ("sale_id", "number", "total", "at", "faults", "reply", "resolved_at", "resolved_by", "note")
_ADD = Statement(insert(_D).values({column.name: bindparam(column.name) for column in _D.c}))
_RESOLVE = Statement(
    update(_D)
    .where(_D.c.sale_id == bindparam("id"), _D.c.resolved_at.is_(None))
    .values(
        resolved_at=bindparam("at"),
        resolved_by=bindparam("by"),
        note=bindparam("words"),
        note_salt=bindparam("salt"),
    )
)
_NEWEST = Statement(
    select(*(_D.c[name] for name in _COLUMNS))
    .order_by(_D.c.resolved_at.is_(None).desc(), _D.c.opened_at.desc())
    .limit(bindparam("most"))
)
_FIND = Statement(select(*(_D.c[name] for name in _COLUMNS)).where(_D.c.sale_id == bindparam("id")))
_OPEN = Statement(select(func.count()).where(_D.c.resolved_at.is_(None)))
