"""Alarms in the order in which the ledger received them, so that one delivered late is not missed.

A cursor names, for every gate's register, the last entry that its holder has seen: `gate-1:42,gate-2:7`.
"""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from pos.api.problems import Problem
from pos.office.item_card import iso_time
from shared import schema
from shared.statements import Statement

PAGE = 200
CURSOR = re.compile(r"(?:[\w.\-]{1,40}:\d{1,15}(?:,[\w.\-]{1,40}:\d{1,15})*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class AlarmPage:
    """Alarms and the cursor to ask on with."""

    alarms: list[dict[str, Any]]
    next: str


def newer_alarms(connection: Connection, store: str, cursor: str | None) -> AlarmPage:
    """At most a page of alarms after the cursor, oldest first; without one, the latest page. Wants a snapshot.

    Raises Problem 400 for a cursor that is none.
    """
    heads = {name: seq for name, seq in _GATES.run(connection, store=store)}
    if cursor is None:
        rows = list(reversed(_LATEST.run(connection, store=store, limit=PAGE).all()))
        return AlarmPage([_alarm(row) for row in rows], _cursor(heads))
    seen = _parse(cursor)
    rows = []
    for gate in sorted(heads):
        after = seen.get(gate, 0)
        found = _AFTER.run(connection, store=store, gate=gate, after=after, limit=PAGE - len(rows)).all()
        rows += found
        seen[gate] = found[-1].seq if len(rows) >= PAGE and found else (after if len(rows) >= PAGE else heads[gate])
        if len(rows) >= PAGE:
            break
    return AlarmPage([_alarm(row) for row in rows], _cursor(seen))


def _alarm(row: Row[Any]) -> dict[str, Any]:
    product = {"code": row.code, "name": row.name} if row.code else None
    return {
        "id": row.id,
        "incident": row.incident,
        "at": iso_time(row.at),
        "gate": row.gate,
        "scanner": row.scanner,
        "serial": row.serial,
        "product": product,
        "price": row.price,
        "reason": row.reason,
        "state": row.state,
    }


def _parse(cursor: str) -> dict[str, int]:
    if not CURSOR.fullmatch(cursor):
        raise Problem(400, "bad_cursor", "expected a cursor that this API gave as 'next'")
    pairs = (entry.rpartition(":") for entry in cursor.split(",") if entry)
    return {name: int(seq) for name, _, seq in pairs}


def _cursor(seen: dict[str, int]) -> str:
    return ",".join(f"{name}:{seq}" for name, seq in sorted(seen.items()))


_A, _E, _P, _R = (table.__table__ for table in (schema.Alarm, schema.Event, schema.Product, schema.Register))
_rows = (
    select(
        _A.c.id, _A.c.incident, _A.c.at, _A.c.gate, _A.c.scanner, _A.c.serial, _A.c.price, _A.c.reason, _A.c.state,
        _P.c.code, _P.c.name, _E.c.seq,
    )
    .select_from(_E.join(_A, _A.c.id == _E.c.subject).outerjoin(_P, _P.c.id == _A.c.product_id))
    .where(_E.c.store == bindparam("store"), _E.c.kind == "alarm", _E.c.version == 1)
)  # fmt: skip
_GATES = Statement(select(_R.c.name, _R.c.head_seq).where(_R.c.store == bindparam("store"), _R.c.kind == "gate"))
_AFTER = Statement(
    _rows.where(_E.c.register == bindparam("gate"), _E.c.seq > bindparam("after"))
    .order_by(_E.c.seq)
    .limit(bindparam("limit"))
)
_LATEST = Statement(_rows.order_by(_E.c.at.desc(), _E.c.register.desc(), _E.c.seq.desc()).limit(bindparam("limit")))
