"""A till's shift: opened with a float, closed with a count; between the two, cash may be put in and taken out.

Locks are taken in one order, the shift's row and then the register's: a sale holds the row shared until it is made, so
that none slips in behind the closing.
"""

import json
import secrets
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, bindparam, false, func, insert, literal, select, text, update

from pos.shifts.counting import Count
from pos.shifts.report import KINDS, MOVE, Report, reckon
from pos.till.basket import Counter, SaleRefusedError
from pos.till.sale import TILL
from shared import heads, ledger, schema
from shared.canonical import canonical
from shared.database import Database
from shared.incidents import commitment
from shared.ledger import Event, Turn
from shared.staff import Actor
from shared.statements import Among, Statement

KIND = "shift"  # in the ledger
OPEN, CLOSED = "open", "closed"
LONGEST_NOTE = 80
LISTED, HANDFUL = 200, 5


class Reason(StrEnum):
    """Why cash is put in or taken out."""

    CHANGE = "change"
    SAFE = "safe"
    EXPENSE = "expense"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """One shift; times in µs since 1970 UTC, people as actors, `report` and `heads` "" while it is open."""

    id: str
    register: str
    number: int
    first_seq: int
    opened_at: int
    opened_by: str
    float_amount: int
    closed_at: int | None
    closed_by: str
    counted: int | None
    closing_count: str
    expected: int | None
    report: str
    heads: str

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class Move:
    """Cash put in, or (negative) taken out; `id` is the client's own, `approved_by` the leader who allowed it."""

    id: str
    amount: int
    reason: Reason
    note: str = ""
    approved_by: str = ""


def current(connection: Connection, register: str) -> ShiftRow | None:
    """The till's open shift."""
    row = _CURRENT.run(connection, register=register).first()
    return ShiftRow(*row) if row else None


def find(connection: Connection, number: str) -> ShiftRow | None:
    """The shift with this id."""
    row = _FIND.run(connection, id=number).first()
    return ShiftRow(*row) if row else None


def newest(connection: Connection) -> list[ShiftRow]:
    """The shifts of all tills, the newest first; at most `LISTED`."""
    return [ShiftRow(*row) for row in _NEWEST.run(connection, most=LISTED)]


def newest_of(connection: Connection, actor: str) -> list[ShiftRow]:
    """The closed shifts that this person opened or closed last, the newest first; a handful."""
    return [ShiftRow(*row) for row in _OWN.run(connection, actor=actor, most=HANDFUL)]


def moves_of(connection: Connection, number: str) -> list[Move]:
    """What cash was put in and taken out in a shift, the oldest first."""
    rows = _MOVES.run(connection, shift=number)
    return [Move(move, amount, Reason(reason), note, allowed) for move, amount, reason, note, allowed in rows]


def require(connection: Connection, counter: Counter) -> None:
    """Keep the shift open until this transaction ends. Raises SaleRefusedError `no_shift` where one is needed."""
    if counter.has_shifts and _SHARE.run(connection, register=counter.register).first() is None:
        raise SaleRefusedError("no_shift", f"expected an open shift at {counter.register}, there is none: open one")


def open_shift(database: Database, counter: Counter, actor: Actor, number: str, count: Count) -> ShiftRow:
    """Open a shift under the client's id, or tell again what came of it. Raises SaleRefusedError `shift_open`."""

    def opened(connection: Connection) -> ShiftRow:
        with ledger.turn(connection, counter.store, counter.register, actor.id, TILL) as turn:
            return find(connection, number) or _open(turn, number, count)

    return database.write(opened)


def close_shift(database: Database, counter: Counter, actor: Actor, number: str, count: Count) -> ShiftRow:
    """Close the till's shift with what was counted; one that is closed already is told again, whatever is counted now.

    Raises SaleRefusedError `no_shift`, and `money_taken` while the open cart has some: whose it is must be settled.
    """

    def closed(connection: Connection) -> ShiftRow:
        row = _LOCK.run(connection, id=number, register=counter.register).first()
        if row is None:
            raise SaleRefusedError("no_shift", f"expected a shift of {counter.register}, {number} is none")
        shift = ShiftRow(*row)
        if shift.is_open:
            with ledger.turn(connection, counter.store, counter.register, actor.id, TILL) as turn:
                _close(turn, shift, count)
            signed = heads.sign(connection, counter.signer) if counter.signer else ()
            _KEEP_HEADS.run(connection, id=number, heads="\n".join(signed))
        return ShiftRow(*_FIND.run(connection, id=number).one())

    return database.write(closed)


def move_cash(database: Database, counter: Counter, actor: Actor, move: Move) -> bool:
    """Put cash in or take it out; False where this was done before. Raises SaleRefusedError `no_shift`."""

    def moved(connection: Connection) -> bool:
        shift = _SHARE.run(connection, register=counter.register).scalar()
        with ledger.turn(connection, counter.store, counter.register, actor.id, TILL) as turn:
            if _IS_MOVED.run(connection, id=move.id).first():
                return False
            if shift is None:
                raise SaleRefusedError("no_shift", f"expected an open shift at {counter.register}, there is none")
            _move(turn, shift, move)
            return True

    return database.write(moved)


def report_of(connection: Connection, store: str, shift: ShiftRow) -> Report:
    """The shift's report: the one that it was closed with, or what there is to tell until now."""
    if shift.report:
        return Report.of(json.loads(shift.report))
    rows = _EVENTS.run(connection, store=store, register=shift.register, after=shift.first_seq, kinds=list(KINDS))
    return reckon(shift.float_amount, (Event(*row) for row in rows))


def _open(turn: Turn, number: str, count: Count) -> ShiftRow:
    if current(turn.connection, turn.register):
        raise SaleRefusedError("shift_open", f"{turn.register} has an open shift already")
    nth = _NEXT.run(turn.connection, register=turn.register).scalar_one()
    told = {"register": turn.register, "number": nth, "first_seq": turn.next_seq()}
    by = {"opened_at": turn.now, "opened_by": turn.actor}
    _OPEN.run(turn.connection, id=number, **told, **by, float=count.amount, count=count.told)
    turn.record(KIND, number, 1, "opened", OPEN, {"number": nth, "float": count.amount, "count": count.told})
    return ShiftRow(*_FIND.run(turn.connection, id=number).one())


def _close(turn: Turn, shift: ShiftRow, count: Count) -> None:
    if _MONEY.run(turn.connection, register=turn.register).first():
        raise SaleRefusedError("money_taken", "money was taken for the open cart: finish paying, or give it back")
    report = report_of(turn.connection, turn.store, shift)
    told = {"counted": count.amount, "count": count.told, "expected": report.expected, "report": report.facts()}
    values = {**told, "report": canonical(told["report"]), "at": turn.now, "by": turn.actor}
    _CLOSE.run(turn.connection, id=shift.id, **values)
    turn.record(KIND, shift.id, 2, "closed", CLOSED, {"number": shift.number, **told})


def _move(turn: Turn, shift: str, move: Move) -> None:
    salt = secrets.token_hex(16) if move.note else ""
    told = {"shift": shift, "amount": move.amount, "reason": move.reason.value, "approved_by": move.approved_by}
    row = {**told, "id": move.id, "note": move.note, "note_salt": salt, "actor": turn.actor, "at": turn.now}
    _MOVE.run(turn.connection, **row)
    turn.record(MOVE, move.id, 1, "moved", "moved", {**told, "note": commitment(move.note, salt)})


_S, _M, _E, _T, _C = map(
    schema.table, (schema.Shift, schema.CashMove, schema.Event, schema.Taken, schema.Cart)
)  # fmt: skip - one thought
_rows = select(*(_S.c[name] for name in ShiftRow.__slots__))
_this = _S.c.id == bindparam("id")
_is_current = (_S.c.register == bindparam("register")) & _S.c.closed_at.is_(None)
_CURRENT = Statement(_rows.where(_is_current))
_FIND = Statement(_rows.where(_this))
_LOCK = Statement(_rows.where(_this, _S.c.register == bindparam("register")).with_for_update())
_SHARE = Statement(select(_S.c.id).where(_is_current).with_for_update(read=True))
_NEWEST = Statement(_rows.order_by(_S.c.opened_at.desc(), _S.c.id).limit(bindparam("most")))
_OWN = Statement(
    _rows.where(
        _S.c.closed_at.is_not(None), (_S.c.opened_by == bindparam("actor")) | (_S.c.closed_by == bindparam("actor"))
    )
    .order_by(_S.c.opened_at.desc(), _S.c.id)
    .limit(bindparam("most"))
)
_NEXT = Statement(select(func.coalesce(func.max(_S.c.number), 0) + 1).where(_S.c.register == bindparam("register")))
_OPEN = Statement(
    text(
        "INSERT INTO shift (id, register, number, first_seq, opened_at, opened_by, float_amount, float_count,"
        " closed_by, closing_count, report, heads, version) VALUES (:id, :register, :number, :first_seq, :opened_at,"
        " :opened_by, :float, :count, '', '', '', '', 1)"
    )
)
_CLOSE = Statement(
    update(_S)
    .where(_this)
    .values(
        closed_at=bindparam("at"),
        closed_by=bindparam("by"),
        counted=bindparam("counted"),
        closing_count=bindparam("count"),
        expected=bindparam("expected"),
        report=bindparam("report"),
        version=2,
    )
)
_KEEP_HEADS = Statement(update(_S).where(_this).values(heads=bindparam("heads")))
_MOVE = Statement(insert(_M).values({column.name: bindparam(column.name) for column in _M.c}))
_MOVES = Statement(
    select(_M.c.id, _M.c.amount, _M.c.reason, _M.c.note, _M.c.approved_by)
    .where(_M.c.shift == bindparam("shift"))
    .order_by(_M.c.at, _M.c.id)
)
_IS_MOVED = Statement(select(literal(1)).where(_M.c.id == bindparam("id")))
_MONEY = Statement(
    select(_T.c.id)
    .join(_C, _C.c.id == _T.c.cart)
    .where(_C.c.register == bindparam("register"), _T.c.given_back == false())
    .limit(1)
)
_EVENTS = Statement(
    select(*(_E.c[name] for name in ledger.EVENT_FIELDS))
    .where(
        _E.c.store == bindparam("store"),
        _E.c.register == bindparam("register"),
        _E.c.seq > bindparam("after"),
        Among(_E.c.kind, "kinds"),
    )
    .order_by(_E.c.seq)
)
