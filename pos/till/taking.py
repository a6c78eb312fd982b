"""Payments taken for an open cart, part by part: rows, so that a power cut forgets no money.

With the sale they become its payments; with a cancelled cart they are given back. A part is known by the id that its
client made, so that one that is sent again is taken once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, delete, false, insert, select, true, update

from pos.till import open_cart, references
from pos.till.basket import Paid, SaleRefusedError
from shared import schema
from shared.ledger import Turn
from shared.statements import Statement

KIND = "taking"  # in the ledger
TAKEN, GIVEN_BACK = "taken", "given_back"


class Reason(StrEnum):
    """Why a payment was given back."""

    MISTAKE = "mistake"  # wrong amount or reference: no money moved
    OTHER_WAY = "other_way"  # the customer pays in another way
    NOT_ARRIVED = "not_arrived"  # it is not in the shop's account after all
    CANCELLED = "cancelled"  # with the whole cart


@dataclass(frozen=True, slots=True)
class Taking:
    """One payment that an open cart has."""

    id: str
    paid: Paid


def of_cart(connection: Connection, cart: str) -> tuple[Taking, ...]:
    """What an open cart has, the oldest first."""
    rows = _OF_CART.run(connection, cart=cart)
    return tuple(Taking(number, Paid(method, amount, reference)) for number, method, amount, reference in rows)


def is_known(connection: Connection, number: str) -> bool:
    """Whether this payment was taken before. Raises SaleRefusedError `given_back` where it was given back since."""
    row = _KNOWN.run(connection, id=number).first()
    if row and row[0]:
        raise SaleRefusedError("given_back", "this payment was taken, and given back")
    return row is not None


def take(turn: Turn, cart: str, taking: Taking) -> None:
    """Take a part for the till's open cart. Raises SaleRefusedError: `gone`, `reference_used`."""
    if open_cart.lock(turn.connection, turn.register) != cart:
        raise SaleRefusedError("gone", f"cart {cart} is closed or empty")
    references.claim(turn.connection, cart, [taking.paid])
    paid = {"method": taking.paid.method, "amount": taking.paid.amount, "reference": taking.paid.reference}
    _TAKE.run(turn.connection, id=taking.id, cart=cart, at=turn.now, **paid)
    turn.record(KIND, taking.id, 1, TAKEN, TAKEN, {"cart": cart, **paid})


def give_back(turn: Turn, number: str, reason: Reason) -> None:
    """Give a payment back; its reference is free again. Raises SaleRefusedError `gone` where it is none of this cart's.

    An open cart's payments are its own till's.
    """
    row = _LOCK.run(turn.connection, id=number, register=turn.register).first()
    if row is None:
        raise SaleRefusedError("gone", f"payment {number} is none of this cart's")
    cart, method, amount, reference = row
    _give_back(turn, cart, Taking(number, Paid(method, amount, reference)), reason)


def give_all_back(turn: Turn, cart: str) -> tuple[Taking, ...]:
    """Give back whatever the cart has, which is cancelled."""
    taken = of_cart(turn.connection, cart)
    for taking in taken:
        _give_back(turn, cart, taking, Reason.CANCELLED)
    _FORGET.run(turn.connection, cart=cart)
    return taken


def become_payments(connection: Connection, cart: str, meant: Sequence[Taking]) -> None:
    """Forget what the sale has as its payments. Raises SaleRefusedError `cart_changed` where there is more or less."""
    if of_cart(connection, cart) != tuple(meant):
        raise SaleRefusedError("cart_changed", "the payments of this cart changed meanwhile; look at it again")
    _FORGET.run(connection, cart=cart)


def forget(connection: Connection, cart: str) -> None:
    """Forget what a cart had: its sale has been recorded with its payments."""
    _FORGET.run(connection, cart=cart)


def _give_back(turn: Turn, cart: str, taking: Taking, reason: Reason) -> None:
    _GIVE_BACK.run(turn.connection, id=taking.id)
    references.release(turn.connection, cart, taking.paid)
    turn.record(KIND, taking.id, 2, GIVEN_BACK, GIVEN_BACK, {"reason": reason.value})


_T, _K = map(schema.table, (schema.Taken, schema.Cart))
_this = _T.c.id == bindparam("id")
_of_cart = _T.c.cart == bindparam("cart")
_OF_CART = Statement(
    select(_T.c.id, _T.c.method, _T.c.amount, _T.c.reference)
    .where(_of_cart, _T.c.given_back == false())
    .order_by(_T.c.at, _T.c.id)
)
_KNOWN = Statement(select(_T.c.given_back).where(_this))
_LOCK = Statement(
    select(_T.c.cart, _T.c.method, _T.c.amount, _T.c.reference)
    .join(_K, _K.c.id == _T.c.cart)
    .where(_this, _T.c.given_back == false(), _K.c.register == bindparam("register"))
    .with_for_update(of=_T)
)
_VALUES: dict[str, Any] = {column.name: bindparam(column.name) for column in _T.c if column.name != "given_back"}
_TAKE = Statement(insert(_T).values(given_back=false(), **_VALUES))
_GIVE_BACK = Statement(update(_T).where(_this).values(given_back=true()))
_FORGET = Statement(delete(_T).where(_of_cart))
