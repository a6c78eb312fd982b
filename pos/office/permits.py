"""Exit permits: leave to carry out what is not paid, until a time.

It is for one unit, a batch of a product, or what a person with a badge carries. It is a row of its own and two
events at most. Gates learn it through the feed, and go by it with no database.
"""

import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from shared import schema
from shared.incidents import commitment
from shared.ledger import Turn, database_clock
from shared.statements import Statement

LISTED = 200


class PermitKind(StrEnum):
    """What the goods leave for."""

    REPAIR = "repair"
    TRANSFER = "transfer"  # to another shop
    STAFF_PURCHASE = "staff_purchase"


class Standing(StrEnum):
    """Where a permit stands."""

    VALID = "valid"
    OVER = "over"  # its time is
    ENDED = "ended"  # by a person, before that


class UnknownPermitError(LookupError):
    """A permit that the shop does not have, or that has been ended."""


@dataclass(frozen=True, slots=True)
class Leave:
    """What a permit is to allow until `until` (wall time in µs).

    It is for a unit by its id, a product's `batch`, or what a `person` (an actor) carries.
    """

    kind: PermitKind
    item: int | None
    product: int | None
    batch: str
    until: int
    note: str
    person: str = ""


@dataclass(frozen=True, slots=True)
class PermitRow:
    """One permit as the office sees it; `issued_by` and `ended_by` are actors, times in µs since 1970 UTC.

    `product` is the product's name, `serial` the unit's, `person` an actor; those that it is not for are "".
    """

    id: str
    kind: PermitKind
    standing: Standing
    product: str
    serial: str
    batch: str
    person: str
    until: int
    note: str
    issued_by: str
    issued_at: int
    ended_by: str


def issue(turn: Turn, leave: Leave) -> str:
    """Give the permit and return its id."""
    permit = secrets.token_hex(8)
    salt = secrets.token_hex(16) if leave.note else ""
    told: dict[str, Any] = {
        "kind": leave.kind.value,
        "batch": leave.batch,
        "person": leave.person,
        "until": leave.until,
    }
    row = {**told, "id": permit, "item_id": leave.item, "product_id": leave.product, "note": leave.note}
    _ISSUE.run(turn.connection, **row, note_salt=salt, issued_by=turn.actor, issued_at=turn.now)
    told |= {"item": leave.item, "product": leave.product, "note": commitment(leave.note, salt)}
    turn.record("permit", permit, 1, "issued", Standing.VALID, told)
    return permit


def end(turn: Turn, permit: str) -> None:
    """Take a permit back. Raises UnknownPermitError where there is none to take back."""
    version = _LOCK.run(turn.connection, permit=permit).scalar()
    if version is None:
        raise UnknownPermitError(permit)
    _END.run(turn.connection, permit=permit, actor=turn.actor, now=turn.now)
    turn.record("permit", permit, version + 1, "ended", Standing.ENDED, {})


def permits(connection: Connection) -> list[PermitRow]:
    """The newest permits, the newest first."""
    return [_permit_row(row) for row in _PERMITS.run(connection, most=LISTED)]


def _permit_row(row: Any) -> PermitRow:
    permit, kind, product, serial, batch, person, until, note, issued_by, issued_at, ended_by, now = row
    standing = Standing.ENDED if ended_by else (Standing.VALID if now < until else Standing.OVER)
    told = (product or "", serial or "", batch, person, until, note, issued_by, issued_at, ended_by)
    return PermitRow(permit, PermitKind(kind), standing, *told)


_M, _I, _P = map(schema.table, (schema.Permit, schema.Item, schema.Product))
_LATER = {"ended_by", "ended_at", "version"}
_ISSUE = Statement(
    insert(_M).values(
        ended_by="",
        version=1,
        **{column.name: bindparam(column.name) for column in _M.c if column.name not in _LATER},
    )
)
_LOCK = Statement(select(_M.c.version).where(_M.c.id == bindparam("permit"), _M.c.ended_at.is_(None)).with_for_update())
_END = Statement(
    update(_M)
    .where(_M.c.id == bindparam("permit"))
    .values(ended_by=bindparam("actor"), ended_at=bindparam("now"), version=_M.c.version + 1)
)
_PERMITS = Statement(
    select(
        _M.c.id,
        _M.c.kind,
        _P.c.name,
        _I.c.serial,
        _M.c.batch,
        _M.c.person,
        _M.c.until,
        _M.c.note,
        _M.c.issued_by,
        _M.c.issued_at,
        _M.c.ended_by,
        database_clock(),
    )
    .select_from(
        _M.outerjoin(_I, _M.c.item_id == _I.c.id).outerjoin(_P, _P.c.id.in_([_M.c.product_id, _I.c.product_id]))
    )
    .order_by(_M.c.issued_at.desc(), _M.c.id)
    .limit(bindparam("most"))
)
