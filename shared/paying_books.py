"""What is compared of payments that were looked into, and of vouchers and store credit (see `shared.books`)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, cast, exists, select
from sqlalchemy.types import Text

from shared import schema
from shared.book import Book, Values, plain
from shared.ledger import Event
from shared.statements import Among, Statement


def _said_of_credit(events: Sequence[Event]) -> Values:
    issued = events[0]
    facts = issued.facts()
    spent = sum(event.facts()["amount"] for event in events[1:])
    told = (facts["kind"], facts["amount"], facts["amount"] - spent, facts["sale"])
    return (*told, issued.actor, issued.at, events[-1].version)


def _payments(connection: Connection, ids: list[Any]) -> dict[str, Values]:
    return {payment: tuple(values) for payment, *values in _PAYMENTS.run(connection, ids=ids)}


def _said_of_payment(events: Sequence[Event]) -> Values:
    return (events[-1].state, events[-1].version)


_P = schema.table(schema.Payment)
_E = schema.table(schema.Event)
_payment = _P.c.sale_id + "/" + cast(_P.c.line, Text)
_is_told = exists().where(_E.c.kind == "payment", _E.c.subject == _payment)
_PAYMENTS = Statement(select(_payment, _P.c.standing, _P.c.version).where(Among(_payment, "ids")))
_UNSAID = Statement(select(_payment).where(_P.c.standing != "", ~_is_told).order_by(_payment))
_CREDIT = ("kind", "amount", "balance", "sale", "issued_by", "issued_at", "version")

PAYING_BOOKS = (
    plain("credit", schema.Credit, _CREDIT, _said_of_credit, is_numbered=False),
    Book("payment", ("standing", "version"), _payments, _said_of_payment, _UNSAID, is_numbered=False),
)
