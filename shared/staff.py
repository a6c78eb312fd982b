"""People, programs with tokens, their roles, and signing in."""

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select, update
from werkzeug.security import check_password_hash, generate_password_hash

from shared import ledger, schema
from shared.database import Database
from shared.ledger import Turn
from shared.roles import Role
from shared.schema import Staff, Token
from shared.statements import Statement

SHORTEST_PIN, LONGEST_PIN = 4, 12
LONGEST_NAME = 60  # fits a button and a receipt
LONGEST_NUMBER = 10  # digits; fits a key
FREE_TRIES = 5
LOCK_SECONDS = 30
SECOND = 1_000_000


class StaffError(ValueError):
    """A person or token that cannot be added; the message says why."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: `id` is what the ledger keeps (`staff:3`, `token:2`), never a name."""

    id: str
    name: str
    role: Role


def add_person(turn: Turn, name: str, role: Role, pin: str) -> int:
    """Add a person and return the id. Raises StaffError for a name that is taken, a bad PIN, or a gate's role."""
    if role is Role.GATE:
        raise StaffError("a gate is a program: give it a token, not a PIN")
    if not pin.isascii() or not pin.isdigit() or not SHORTEST_PIN <= len(pin) <= LONGEST_PIN:
        raise StaffError(f"expected a PIN of {SHORTEST_PIN} to {LONGEST_PIN} digits")
    row = insert(Staff).values(name=_name(name), role=role, pin_hash=generate_password_hash(pin), active=True)
    if turn.connection.execute(select(Staff.id).where(Staff.name == _name(name))).first():
        raise StaffError(f"{name!r} is on the staff already")
    person = turn.connection.execute(row.returning(Staff.id)).scalar_one()
    turn.record("staff", person, 1, "joined", "active", {"role": role})
    return person


def add_token(turn: Turn, name: str, role: Role) -> str:
    """Add an API token and return it; only its hash is kept. Raises StaffError for a name that is taken."""
    if turn.connection.execute(select(Token.id).where(Token.name == _name(name))).first():
        raise StaffError(f"there is a token {name!r} already")
    token = "lunas_" + secrets.token_urlsafe(30)
    row = insert(Token).values(name=_name(name), role=role, hash=_token_hash(token)).returning(Token.id)
    turn.record("token", turn.connection.execute(row).scalar_one(), 1, "issued", "active", {"role": role})
    return token


def people(connection: Connection) -> list[Actor]:
    """Who may sign in, by name."""
    rows = connection.execute(select(Staff.id, Staff.name, Staff.role).where(Staff.active).order_by(Staff.name))
    return [Actor(f"staff:{number}", name, Role(role)) for number, name, role in rows]


def person(connection: Connection, actor_id: str) -> Actor | None:
    """The active person of this id, None where there is none."""
    row = _PERSON.run(connection, id=_number(actor_id)).first()
    return Actor(actor_id, row[0], Role(row[1])) if row and row[2] else None


def language(connection: Connection, actor_id: str) -> str:
    """The language that this person chose, "" for none."""
    return str(_LANGUAGE.run(connection, id=_number(actor_id)).scalar() or "")


def choose_language(connection: Connection, actor_id: str, chosen: str) -> None:
    """Keep the person's language: at whatever till they sign in, the pages speak it."""
    _CHOOSE_LANGUAGE.run(connection, id=_number(actor_id), language=chosen)


def sign_in(database: Database, actor_id: str, pin: str) -> Actor | None:
    """The person, if the PIN is right; None if not, or while too many wrong tries have locked the name for 30 s.

    Tries are counted by the database's clock. The slow hash runs outside any transaction.
    """
    with database.reading() as connection:
        who = person(connection, actor_id)
        row = _SECRETS.run(connection, id=_number(actor_id)).first() if who else None
    if who is None or row is None:
        return None
    pin_hash, tries, locked_until, now = row
    if now < locked_until:
        return None
    right = len(pin) <= LONGEST_PIN and check_password_hash(pin_hash, pin)
    if tries or not right:
        database.write(lambda connection: _count_try(connection, who, right=right))
    return who if right else None


def token_holder(connection: Connection, token: str) -> Actor | None:
    """Who holds this API token, None for an unknown one."""
    row = _TOKEN.run(connection, hash=_token_hash(token)).first()
    return Actor(f"token:{row[0]}", row[1], Role(row[2])) if row else None


def _count_try(connection: Connection, who: Actor, *, right: bool) -> None:
    if right:
        _CLEAR_TRIES.run(connection, id=_number(who.id))
        return
    _ADD_TRY.run(connection, id=_number(who.id))
    _LOCK.run(connection, id=_number(who.id), free=FREE_TRIES, pause=LOCK_SECONDS * SECOND)


def _number(actor_id: str) -> int:
    """The staff number of `staff:3`; 0, which nobody has, for anything else."""
    kind, _, number = actor_id.partition(":")
    return (
        int(number) if kind == "staff" and number.isascii() and number.isdigit() and len(number) < LONGEST_NUMBER else 0
    )


def _name(name: str) -> str:
    clean = name.strip()
    if not clean or len(clean) > LONGEST_NAME or not clean.isprintable():
        raise StaffError(f"expected a name of 1 to {LONGEST_NAME} printable characters")
    return clean


def _token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


_PERSON = Statement(select(Staff.name, Staff.role, Staff.active).where(Staff.id == bindparam("id")))
_TOKEN = Statement(select(Token.id, Token.name, Token.role).where(Token.hash == bindparam("hash")))
_STAFF = schema.table(Staff)
_S = _STAFF.c
_SECRETS = Statement(
    select(_S.pin_hash, _S.tries, _S.locked_until, ledger.database_clock()).where(_S.id == bindparam("id"))
)
_ADD_TRY = Statement(update(_STAFF).where(_S.id == bindparam("id")).values(tries=_S.tries + 1))
_CLEAR_TRIES = Statement(update(_STAFF).where(_S.id == bindparam("id")).values(tries=0, locked_until=0))
_LANGUAGE = Statement(select(_S.language).where(_S.id == bindparam("id")))
_CHOOSE_LANGUAGE = Statement(update(_STAFF).where(_S.id == bindparam("id")).values(language=bindparam("language")))
_LOCK = Statement(
    update(_STAFF)
    .where(_S.id == bindparam("id"), _S.tries >= bindparam("free"))
    .values(locked_until=ledger.database_clock() + bindparam("pause"))
)
