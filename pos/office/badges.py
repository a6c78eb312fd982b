"""Badges: a printed code with which somebody carries out what is not paid, each unit written down with the name.

The database has a badge's hash only. Whoever gets a new one has no other; gates learn it through the feed.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, insert, select, update

from shared import schema
from shared.badge import badge_id, new_badge
from shared.ledger import Turn
from shared.roles import LEADERS, Role
from shared.statements import Statement


class NoBadgeError(LookupError):
    """A person who is not on the staff, or has no badge, or whose badge somebody else may not print."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A person of the staff; `issued_at` is of the badge, in µs since 1970 UTC, None where there is none."""

    person: int
    name: str
    role: Role
    issued_at: int | None

    @property
    def actor(self) -> str:
        """The person as the ledger names people."""
        return f"staff:{self.person}"

    def may_be_printed_by(self, actor: str) -> bool:
        """A leader's badge counts by itself, so that nobody else prints it: what it lets out is the leader's.

        Anybody else's is printed by a leader: by itself it opens nothing, and whose permit it shows, a leader gave.
        """
        return self.role not in LEADERS or actor == self.actor


def holders(connection: Connection) -> list[Holder]:
    """Everybody of the staff, by name."""
    rows = _HOLDERS.run(connection)
    return [Holder(number, name, Role(role), at) for number, name, role, at in rows]


def issue(turn: Turn, person: int) -> tuple[str, str]:
    """Give a person a new badge, and void the old one; the name and what to print. Raises NoBadgeError."""
    holder = next((one for one in holders(turn.connection) if one.person == person), None)
    if holder is None or not holder.may_be_printed_by(turn.actor):
        raise NoBadgeError(person)
    if holder.issued_at is not None:
        end(turn, person)
    badge = new_badge()
    told = {"id": badge_id(badge), "person": person, "issued_by": turn.actor, "issued_at": turn.now}
    _ISSUE.run(turn.connection, **told)
    turn.record("badge", told["id"], 1, "issued", "valid", {"person": person})
    return holder.name, badge


def end(turn: Turn, person: int) -> None:
    """Void a person's badge. Raises NoBadgeError where there is none."""
    found = _LOCK.run(turn.connection, person=person).first()
    if found is None:
        raise NoBadgeError(person)
    badge, version = found
    _END.run(turn.connection, badge=badge, now=turn.now)
    turn.record("badge", badge, version + 1, "ended", "ended", {})


_S, _B = schema.table(schema.Staff), schema.table(schema.Badge)
_HOLDERS = Statement(
    select(_S.c.id, _S.c.name, _S.c.role, _B.c.issued_at)
    .select_from(_S.outerjoin(_B, and_(_B.c.person == _S.c.id, _B.c.ended_at.is_(None))))
    .where(_S.c.active)
    .order_by(_S.c.name)
)
_ISSUE = Statement(
    insert(_B).values(version=1, **{name: bindparam(name) for name in ("id", "person", "issued_by", "issued_at")})
)
_LOCK = Statement(
    select(_B.c.id, _B.c.version).where(_B.c.person == bindparam("person"), _B.c.ended_at.is_(None)).with_for_update()
)
_END = Statement(
    update(_B).where(_B.c.id == bindparam("badge")).values(ended_at=bindparam("now"), version=_B.c.version + 1)
)
