"""The drawer opened without a sale: why, by whom, and who allowed it stand in the ledger before it opens."""

import secrets
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, bindparam, insert, literal, select

from pos.shifts import shift
from pos.shifts.report import DRAWER
from pos.till.basket import Counter
from pos.till.sale import TILL
from shared import ledger, schema
from shared.database import Database
from shared.incidents import commitment
from shared.ledger import Turn
from shared.staff import Actor
from shared.statements import Statement


class Reason(StrEnum):
    """Why the drawer is opened without a sale."""

    CHANGE = "change"  # somebody wants a note changed
    COUNT = "count"
    MISTAKE = "mistake"  # wrong change was given
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening; `id` is the client's own, `approved_by` the leader who allowed it."""

    id: str
    reason: Reason
    note: str
    approved_by: str


def note_opening(database: Database, counter: Counter, actor: Actor, opening: Opening) -> bool:
    """Write down that the drawer is opened; False where this one was before, and it is not to open again."""

    def noted(connection: Connection) -> bool:
        with ledger.turn(connection, counter.store, counter.register, actor.id, TILL) as turn:
            if _IS_KNOWN.run(connection, id=opening.id).first():
                return False
            _note(turn, opening)
            return True

    return database.write(noted)


def _note(turn: Turn, opening: Opening) -> None:
    found = shift.current(turn.connection, turn.register)
    salt = secrets.token_hex(16) if opening.note else ""
    told = {"shift": found.id if found else "", "reason": opening.reason.value, "approved_by": opening.approved_by}
    row = {**told, "register": turn.register, "note": opening.note, "note_salt": salt}
    _NOTE.run(turn.connection, id=opening.id, actor=turn.actor, at=turn.now, **row)
    turn.record(DRAWER, opening.id, 1, "opened", "opened", {**told, "note": commitment(opening.note, salt)})


_D = schema.table(schema.DrawerOpening)
_NOTE = Statement(insert(_D).values({column.name: bindparam(column.name) for column in _D.c}))
_IS_KNOWN = Statement(select(literal(1)).where(_D.c.id == bindparam("id")))
