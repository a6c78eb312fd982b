"""Taking goods back: in the till's turn the units move, the money goes back, and the ledger has it, or nothing happens.

The rows of the sales are locked first, so that of two tickets that take back the same pieces the second is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from pos import lookup
from pos.returns import sold
from pos.returns.rules import Back, Refund, pay_back
from pos.till import store_credit
from pos.till.basket import Counter, PaymentError, SaleRefusedError
from pos.till.methods import REFERENCED, Method
from pos.till.store_credit import CreditKind, CreditRow
from shared import schema
from shared.items import SOLD, ItemState, move
from shared.ledger import Turn
from shared.staff import Actor
from shared.statements import Among, Change, Statement

KIND = "return"  # in the ledger


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a client asks: the cart's id, what comes back, and how it is paid back.

    `as_credit`: all of it becomes store credit; else it goes back as it was paid. `references` are whose the parts went
    through that are not cash.
    """

    id: str
    backs: tuple[Back, ...]
    as_credit: bool = False
    references: Mapping[Method, str] = field(default_factory=dict)

    @property
    def approved_by(self) -> str:
        """The leader who allowed it; "" where nobody allowed all of it."""
        return self.backs[0].approved_by if all(back.approved_by for back in self.backs) else ""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What came of it: what came back and what it was worth, what of that was `exchanged`, how the rest went back.

    `credit` is the store credit that was given, if any.
    """

    backs: tuple[Back, ...]
    total: int
    exchanged: int
    refunds: tuple[Refund, ...]
    rounding: int
    credit: CreditRow | None


def value_of(connection: Connection, backs: Sequence[Back]) -> int:
    """What goods that come back are worth: what was paid for them, and once all of a sale is back its cash rounding."""
    return sum(back.amount for back in backs) + sum(_roundings(connection, backs))


def take_back(turn: Turn, counter: Counter, actor: Actor, ticket: Ticket, due: int) -> TakenBack:
    """Take the goods of a ticket back; `due` is what its new goods cost, which what comes back pays first.

    Raises SaleRefusedError: `returned_before`, `refund_limit`; PaymentError `reference_missing`.
    """
    connection = turn.connection
    keys = [(back.sold.sale, back.sold.line) for back in ticket.backs]
    _LOCK_SALES.run(connection, ids=sorted({sale for sale, _ in keys}))
    lookup.lock_items(connection, sorted(back.sold.item.id for back in ticket.backs if back.sold.item))
    found = sold.lines(connection, keys)
    backs = tuple(replace(back, sold=line) for back, line in zip(ticket.backs, found, strict=True))
    for back in backs:
        _check(back, actor)
    total = value_of(connection, backs)
    if total > counter.refund_limit and not ticket.approved_by:
        why = f"{total} is more than one person may give back alone: a leader has to allow it"
        raise SaleRefusedError("refund_limit", why, total=total, limit=counter.refund_limit)
    exchanged = min(total, due)
    ways = {} if ticket.as_credit else sold.ways(connection, {sale for sale, _ in keys})
    planned, rounding = pay_back(total - exchanged, ways, counter.rounding)
    credit = _credit(turn, ticket, planned)
    refunds = tuple(_settled(ticket, refund, credit) for refund in planned)
    taken = TakenBack(backs, total, exchanged, refunds, rounding, credit)
    _move_units(turn, ticket, backs)
    _write_parts(turn, ticket.id, taken)
    return taken


def record(turn: Turn, ticket: Ticket, taken: TakenBack, number: str, reply: str) -> None:
    """Keep the ticket under its receipt's number, and tell the ledger; `reply` is "" where a sale of it has that."""
    row = {
        "id": ticket.id,
        "register": turn.register,
        "number": number,
        "total": taken.total,
        "exchanged": taken.exchanged,
        "rounding": taken.rounding,
        "actor": turn.actor,
        "approved_by": ticket.approved_by,
        "at": turn.now,
        "reply": reply,
    }
    _ADD.run(turn.connection, **row)
    told = {name: row[name] for name in ("number", "total", "exchanged", "rounding", "approved_by")}
    refunds = [_refund_facts(refund) for refund in taken.refunds]
    facts = {**told, "lines": [_line_facts(back) for back in taken.backs], "refunds": refunds}
    turn.record(KIND, ticket.id, 1, "returned", "returned", facts)


def _check(back: Back, actor: Actor) -> None:
    item = back.sold.item
    name = item.serial if item else back.sold.product.code
    if not 0 < back.quantity <= back.sold.left:
        why = f"expected at most {back.sold.left} of {name} from this sale, got {back.quantity}"
        raise SaleRefusedError("returned_before", why, serial=name)
    if item and item.state not in SOLD:
        raise SaleRefusedError("returned_before", f"expected a unit that is sold, it is {item.state}", serial=name)
    if item:
        move(_event(back), ItemState(item.state), actor.role)


def _event(back: Back) -> str:
    return "voided" if back.after is ItemState.IN_STOCK else "returned"


def _credit(turn: Turn, ticket: Ticket, planned: Sequence[Refund]) -> CreditRow | None:
    amount = sum(refund.amount for refund in planned if refund.method is Method.CREDIT)
    return store_credit.issue(turn, amount, CreditKind.STORE_CREDIT, ticket.id) if amount else None


def _settled(ticket: Ticket, refund: Refund, credit: CreditRow | None) -> Refund:
    """The refund with what it went through: the credit that was given, or the reference that all but cash has."""
    if refund.method is Method.CREDIT and credit:
        return replace(refund, reference=credit.id)
    reference = ticket.references.get(refund.method, "") if refund.method in REFERENCED else ""
    if refund.method in REFERENCED and not reference:
        why = f"expected the reference of the {refund.method} through which {refund.amount} goes back"
        raise PaymentError("reference_missing", why, method=refund.method.value, amount=refund.amount)
    return replace(refund, reference=reference)


def _move_units(turn: Turn, ticket: Ticket, backs: Sequence[Back]) -> None:
    moves = []
    for back in backs:
        item = back.sold.item
        if item is None:
            continue
        moves.append({"item": item.id, "before": item.version, "state": back.after.value, "register": turn.register})
        facts = {"return": ticket.id, "of": back.sold.sale, "amount": back.amount}
        facts |= {"reason": back.reason.value, "condition": back.condition.value}
        turn.record("item", item.id, item.version + 1, _event(back), back.after, facts)
    turn.write_last(Change(_MOVE, [{**one, "now": turn.now} for one in moves], must_meet=True))


def _write_parts(turn: Turn, return_id: str, taken: TakenBack) -> None:
    lines = [{"return_id": return_id, "line": n, **_line_row(back)} for n, back in enumerate(taken.backs, 1)]
    refunds = [{"return_id": return_id, "line": n, **_refund_facts(one)} for n, one in enumerate(taken.refunds, 1)]
    turn.write_last(Change(_ADD_LINES, lines))
    turn.write_last(Change(_ADD_REFUNDS, refunds))


def _line_row(back: Back) -> dict[str, Any]:
    item = back.sold.item
    return {**_line_facts(back), "product_id": back.sold.product.id, "item_id": item.id if item else None}


def _line_facts(back: Back) -> dict[str, Any]:
    return {
        "sale_id": back.sold.sale,
        "sale_line": back.sold.line,
        "quantity": back.quantity,
        "amount": back.amount,
        "tax": back.tax,
        "reason": back.reason.value,
        "condition": back.condition.value,
    }


def _refund_facts(refund: Refund) -> dict[str, Any]:
    return {"method": refund.method.value, "amount": refund.amount, "reference": refund.reference}


def _roundings(connection: Connection, backs: Sequence[Back]) -> list[int]:
    """What cash was rounded by in those sales of which nothing is left to come back after this."""
    left = {line.sale: 0 for line in (back.sold for back in backs)}
    for line in sold.of_sales(connection, left):
        left[line.sale] += line.left
    for back in backs:
        left[back.sold.sale] -= back.quantity
    whole = [sale for sale, pieces in left.items() if not pieces]
    return [rounding for (rounding,) in _ROUNDINGS.run(connection, ids=sorted(whole))]


_S, _I = map(schema.table, (schema.Sale, schema.Item))
_these = Among(_S.c.id, "ids")
_LOCK_SALES = Statement(select(_S.c.id).where(_these).order_by(_S.c.id).with_for_update())
_ROUNDINGS = Statement(select(_S.c.rounding).where(_these))
_MOVE = Statement(
    update(_I)
    .where(_I.c.id == bindparam("item"), _I.c.version == bindparam("before"))
    .values(
        state=bindparam("state"),
        version=_I.c.version + 1,
        cart_register=bindparam("register"),
        cart_at=bindparam("now"),
    )
)
_ADD = Statement(insert(schema.GoodsReturn))
_ADD_LINES = Statement(insert(schema.ReturnLine))
_ADD_REFUNDS = Statement(insert(schema.Refund))
