"""A second person's word: a leader allows, at the till of whoever asks, what that person may not do alone.

The leader shows a badge or chooses a name, and types the PIN; wrong PINs are counted and slowed as at sign-in. Both
come with the request that wants them: nothing is allowed beforehand, and nothing is remembered.
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, bindparam, select

from shared import schema, staff
from shared.badge import badge_id
from shared.database import Database
from shared.roles import LEADERS
from shared.staff import Actor
from shared.statements import Statement


class Lack(StrEnum):
    """Why something is not allowed yet."""

    NOBODY = "nobody"  # no leader has said anything yet
    BADGE = "badge"  # it is no valid badge
    ROLE = "role"  # not a leader
    SELF = "self"  # the one who asks, where that is not enough
    PIN = "pin"  # wrong, or the name is locked for a while


@dataclass(frozen=True, slots=True)
class Shown:
    """What a leader showed: a badge's code, or else a person of the list (`staff:3`); and the PIN."""

    badge: str
    person: str
    pin: str


class NotAllowedError(Exception):
    """A leader's word is missing: `what` is asked for, in the person's language; `person` is whose did not count."""

    def __init__(self, what: str, lack: Lack, person: str = "") -> None:
        super().__init__(f"{what}: {lack}")
        self.what = what
        self.lack = lack
        self.person = person


def leader(database: Database, actor: Actor, shown: Shown | None, what: str, *, alone: bool) -> Actor:
    """The leader who allows `what` the actor asks for; `alone`: a leader who asks needs nobody else.

    The ledger is to keep both: who asked, and the leader's id. Raises NotAllowedError, DatabaseGoneError.
    """
    if alone and actor.role in LEADERS:
        return actor
    if shown is None:
        raise NotAllowedError(what, Lack.NOBODY)
    with database.reading() as connection:
        number = _holder(connection, shown.badge) if shown.badge else shown.person
        person = staff.person(connection, number)
    if person is None:
        raise NotAllowedError(what, Lack.BADGE if shown.badge else Lack.NOBODY)
    if person.role not in LEADERS:
        raise NotAllowedError(what, Lack.ROLE, person.id)
    if person.id == actor.id:
        raise NotAllowedError(what, Lack.SELF, person.id)
    if staff.sign_in(database, person.id, shown.pin) is None:
        raise NotAllowedError(what, Lack.PIN, person.id)
    return person


def _holder(connection: Connection, badge: str) -> str:
    number = _HOLDER.run(connection, id=badge_id(badge)).scalar()
    return f"staff:{number}" if number is not None else ""


_B = schema.table(schema.Badge).c
_HOLDER = Statement(select(_B.person).where(_B.id == bindparam("id"), _B.ended_at.is_(None)))
