"""Alarms in the order in which the ledger received them, so that one delivered late is not missed.

A cursor names, for every gate's register, the last entry that its holder has seen: `gate-1:42,gate-2:7`.
"""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select

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
    heads: dict[str, int] = dict(_GATES.run(connection, store=store).all())
    if cursor is None:
        latest = _LATEST.run(connection, store=store, limit=PAGE).all()
        return AlarmPage([_alarm(row) for row in reversed(latest)], _cursor(heads))
    seen = _parse(cursor)
    alarms: list[dict[str, Any]] = []
    for gate, head in sorted(heads.items()):
        # A head below what was seen is another past, restored from a backup: its alarms are told afresh.
        after = seen.get(gate, 0) if seen.get(gate, 0) <= head else 0
        room = PAGE - len(alarms)
        found = _AFTER.run(connection, store=store, gate=gate, after=after, limit=room).all() if room else []
        alarms += [_alarm(row) for row in found]
        # A full page may not have reached the gate's head.
        seen[gate] = head if len(alarms) < PAGE else (found[-1][0] if found else after)
    return AlarmPage(alarms, _cursor(seen))


def _alarm(row: tuple[Any, ...]) -> dict[str, Any]:
    _, number, incident, at, gate, scanner, serial, price, reason, state, code, name = row
    return {
        "id": number,
        "incident": incident,
        "at": iso_time(at),
        "gate": gate,
        "scanner": scanner,
        "serial": serial,
        "product": {"code": code, "name": name} if code else None,
        "price": price,
        "reason": reason,
        "state": state,
    }


def _parse(cursor: str) -> dict[str, int]:
    if not CURSOR.fullmatch(cursor):
        raise Problem(400, "bad_cursor", "expected a cursor that this API gave as 'next'")
    pairs = (entry.rpartition(":") for entry in cursor.split(",") if entry)
    return {name: int(seq) for name, _, seq in pairs}


def _cursor(seen: dict[str, int]) -> str:
    return ",".join(f"{name}:{seq}" for name, seq in sorted(seen.items()))


_A, _E, _P, _R = map(schema.table, (schema.Alarm, schema.Event, schema.Product, schema.Register))
_rows = (
    select(
        _E.c.seq, _A.c.id, _A.c.incident, _A.c.at, _A.c.gate, _A.c.scanner, _A.c.serial,
        _A.c.price, _A.c.reason, _A.c.state, _P.c.code, _P.c.name,
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
