"""Settling a cart with which goods come back: they pay what is new in it, and the rest goes back, all in one."""

import json
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, bindparam, select

from pos.returns import bringing
from pos.returns.receipt import bare_receipt, returned_facts
from pos.returns.rules import Back
from pos.returns.take_back import Ticket, record, take_back, value_of
from pos.till.basket import Counter, Paid, Request
from pos.till.methods import EXCHANGE
from pos.till.receipt import kept
from pos.till.sale import TILL, Outcome
from shared import ledger, schema
from shared.signed_receipt import SaleName
from shared.staff import Actor
from shared.statements import Statement


def exchange(connection: Connection, backs: Sequence[Back], due: int) -> tuple[Paid, ...]:
    """What comes back with a cart as a payment of what is new in it; none where nothing does."""
    value = value_of(connection, backs) if backs else 0
    return (Paid(EXCHANGE, min(value, due)),) if min(value, due) else ()


def told_before(connection: Connection, ticket_id: str) -> Outcome | None:
    """What a ticket with nothing new in it was told when it was settled."""
    reply = _STORED.run(connection, id=ticket_id).scalar()
    return Outcome(json.loads(reply), is_new=False) if reply else None


def take_back_for(connection: Connection, counter: Counter, actor: Actor, ticket: Ticket, request: Request) -> Request:
    """Take the goods of a ticket back for the sale that pays with them; its request, with what its receipt tells."""
    due = sum(paid.amount for paid in request.payments if paid.method == EXCHANGE)
    with ledger.turn(connection, counter.store, counter.register, actor.id, TILL) as turn:
        taken = take_back(turn, counter, actor, ticket, due)
        record(turn, ticket, taken, _next_number(turn), "")
    bringing.forget(connection, ticket.id)
    return replace(request, returned=returned_facts(taken))


def settle_alone(connection: Connection, counter: Counter, actor: Actor, ticket: Ticket) -> Outcome:
    """Settle a ticket with nothing new in it."""
    with ledger.turn(connection, counter.store, counter.register, actor.id, TILL) as turn:
        taken = take_back(turn, counter, actor, ticket, 0)
        number = _next_number(turn)
        turn.receipts += 1
        receipt = bare_receipt(turn, counter, ticket.id, number, taken)
        record(turn, ticket, taken, number, kept(receipt))
    bringing.forget(connection, ticket.id)
    return Outcome(receipt, is_new=True)


def _next_number(turn: ledger.Turn) -> str:
    """The number of the receipt that this ticket gets."""
    return SaleName(turn.store, turn.register, turn.receipts + 1, turn.now).number


_R = schema.table(schema.GoodsReturn).c
_STORED = Statement(select(_R.reply).where(_R.id == bindparam("id")))
