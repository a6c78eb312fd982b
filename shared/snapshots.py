"""Pictures of an alarm, which are kept for as long as they may be and no longer.

Seven days, thirty for a theft, none for a false alarm or a test. They are no part of the ledger, of backups, or of what
is told outside; who looks at them is.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from shared import schema
from shared.facts import FALSE_ALARMS, Fact
from shared.ledger import database_clock
from shared.statements import Statement

DAY = 24 * 3600 * 1_000_000  # µs
KEPT_DAYS, THEFT_DAYS = 7, 30
LARGEST = 300_000  # bytes: a JPEG of 640 x 480 has a fifth of it
JPEG = "image/jpeg"
MOST = 5  # of one incident, a second after the other
AT_THE_ALARM = 2  # the number of the middle one
UNPICTURED = FALSE_ALARMS | {Fact.TEST}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One picture of an incident: its place there, from 0 on, wall time in µs when it was taken, and a JPEG."""

    incident: str
    number: int
    at: int
    picture: bytes


def put(connection: Connection, gate: str, snapshot: Snapshot) -> None:
    """Keep a picture of a gate's, once; one that may not be kept (any more) is left out."""
    fact, is_theft = _SAID.run(connection, incident=snapshot.incident).first() or ("", False)
    now = _NOW.run(connection).scalar_one()
    until = min(snapshot.at, now) + (THEFT_DAYS if is_theft else KEPT_DAYS) * DAY
    is_known = _KNOWN.run(connection, incident=snapshot.incident, number=snapshot.number).first()
    if fact in UNPICTURED or until <= now or is_known:
        return
    _PUT.run(
        connection,
        incident=snapshot.incident,
        number=snapshot.number,
        gate=gate,
        at=snapshot.at,
        keep_until=until,
        picture=snapshot.picture,
    )


def heed(connection: Connection, incident: str) -> None:
    """Do with an incident's pictures what follows from what people said of it."""
    fact, is_theft = _SAID.run(connection, incident=incident).first() or ("", False)
    if fact in UNPICTURED:
        _DROP.run(connection, incident=incident)
    else:
        _KEEP.run(connection, incident=incident, days=(THEFT_DAYS if is_theft else KEPT_DAYS) * DAY)


def purge(connection: Connection) -> int:
    """Let go of what may not be kept any longer, by the database's clock; gives how many pictures that were."""
    return _PURGE.run(connection).rowcount


def numbers(connection: Connection, incident: str) -> list[tuple[int, int]]:
    """The pictures of an incident that may be looked at: number, and when it was taken in µs."""
    return [(number, at) for number, at in _NUMBERS.run(connection, incident=incident)]


def picture(connection: Connection, incident: str, number: int) -> bytes | None:
    """One picture, None where there is none (any more)."""
    found: bytes | None = _PICTURE.run(connection, incident=incident, number=number).scalar()
    return found


_S = schema.table(schema.Snapshot)
_I = schema.table(schema.Incident)
_is_it = (_S.c.incident == bindparam("incident"), _S.c.number == bindparam("number"))
_may_be_seen = _S.c.keep_until > database_clock()
_NOW = Statement(select(database_clock()))
_SAID = Statement(select(_I.c.fact, _I.c.is_theft).where(_I.c.id == bindparam("incident")))
_KNOWN = Statement(select(_S.c.number).where(*_is_it))
_PUT = Statement(insert(schema.Snapshot))
_DROP = Statement(delete(schema.Snapshot).where(_S.c.incident == bindparam("incident")))
_KEEP = Statement(
    update(schema.Snapshot).where(_S.c.incident == bindparam("incident")).values(keep_until=_S.c.at + bindparam("days"))
)
_PURGE = Statement(delete(schema.Snapshot).where(_S.c.keep_until <= database_clock()))
_NUMBERS = Statement(
    select(_S.c.number, _S.c.at).where(_S.c.incident == bindparam("incident"), _may_be_seen).order_by(_S.c.number)
)
_PICTURE = Statement(select(_S.c.picture).where(*_is_it, _may_be_seen))
