"""The customers that cared to say who they are, their sales, and how what is kept of one is erased."""

from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import Connection, bindparam, cast, delete, func, or_, select

from pos.customers import buyers
from shared import schema
from shared.ledger import Turn
from shared.statements import Statement

PAGE = 50  # customers
MOST_SALES = 200  # of one customer, that are shown
KIND, ERASED = "customer", "erased"  # in the ledger


class UnknownCustomerError(LookupError):
    """Nobody who bought said so with this sale."""


@dataclass(frozen=True, slots=True)
class Customer:
    """A name and a phone that were told together: `ticket` is one of the sales, `latest` in µs since 1970 UTC."""

    name: str
    phone: str
    ticket: str
    sales: int
    total: int
    latest: int


@dataclass(frozen=True, slots=True)
class Bought:
    """One sale of a customer, with the note on it; `at` in µs since 1970 UTC."""

    id: str
    number: str
    at: int
    total: int
    note: str


def customers(connection: Connection, about: str, page: int) -> tuple[list[Customer], bool]:
    """One page of them, counted from 1, who bought last first; and whether there are more.

    `about` is a part of the name or of the phone, "" for everybody.
    """
    digits = about.removeprefix("+").removeprefix("0")  # so that 0812 finds +62812 too
    is_meant = _B.c.name.icontains(about, autoescape=True)
    if digits.isascii() and digits.isdigit():
        is_meant = or_(is_meant, _B.c.phone.contains(digits))
    query = _CUSTOMERS.where(is_meant) if about else _CUSTOMERS
    found = connection.execute(query.limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    return [Customer(*row) for row in found[:PAGE]], len(found) > PAGE


def customer(connection: Connection, ticket: str) -> Customer:
    """Who bought with this sale. Raises UnknownCustomerError."""
    buyer = buyers.of_ticket(connection, ticket)
    row = _CUSTOMER.run(connection, name=buyer.name, phone=buyer.phone).first() if buyer else None
    if row is None:
        raise UnknownCustomerError(ticket)
    return Customer(*row)


def bought(connection: Connection, whose: Customer) -> list[Bought]:
    """The sales of a customer, the newest first; at most `MOST_SALES`."""
    rows = _BOUGHT.run(connection, name=whose.name, phone=whose.phone, most=MOST_SALES)
    return [Bought(*row) for row in rows]


def erase(turn: Turn, ticket: str) -> None:
    """Forget the name, the phone and the notes of whoever bought with this sale; the ledger keeps that it was done.

    Raises UnknownCustomerError.
    """
    whose = customer(turn.connection, ticket)
    _ERASE.run(turn.connection, name=whose.name, phone=whose.phone)
    turn.record(KIND, uuid4(), 1, ERASED, ERASED, {"sales": whose.sales})


_B, _S = schema.table(schema.Buyer), schema.table(schema.Sale)
_CUSTOMERS = (
    select(
        _B.c.name,
        _B.c.phone,
        func.max(_S.c.id),
        func.count(),
        cast(func.sum(_S.c.total), schema.Whole),
        func.max(_S.c.at),
    )
    .join(_S, _S.c.id == _B.c.ticket)
    .where(_S.c.at > 0, or_(_B.c.name != "", _B.c.phone != ""))
    .group_by(_B.c.name, _B.c.phone)
    .order_by(func.max(_S.c.at).desc(), _B.c.name, _B.c.phone)
)
_is_this = (_B.c.name == bindparam("name")) & (_B.c.phone == bindparam("phone"))
_CUSTOMER = Statement(_CUSTOMERS.where(_is_this))
_BOUGHT = Statement(
    select(_S.c.id, _S.c.number, _S.c.at, _S.c.total, _B.c.note)
    .join(_B, _B.c.ticket == _S.c.id)
    .where(_is_this, _S.c.at > 0)
    .order_by(_S.c.at.desc())
    .limit(bindparam("most"))
)
_ERASE = Statement(delete(_B).where(_is_this))
