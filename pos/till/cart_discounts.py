"""The discounts of carts, open and held: rows beside the cart, so that they outlive the till and go with the cart.

All in the caller's transaction.
"""

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from pos.till.discount import Grant, Reason
from pos.till.pricing import Discount
from shared import schema
from shared.statements import Statement

WHOLE = ""  # the key of a discount off the whole cart; a line's is `SaleLine.key`


def of_cart(connection: Connection, cart: str) -> dict[str, Grant]:
    """What is off a cart, by the key of its line. A line that is not in the cart any more may have left one here."""
    return {key: _grant(*values) for key, *values in _OF_CART.run(connection, cart=cart)}


def of_held(connection: Connection) -> dict[str, dict[str, Grant]]:
    """What is off each held sale that has something off, as `of_cart`."""
    found: dict[str, dict[str, Grant]] = {}
    for cart, key, *values in _OF_HELD.run(connection):
        found.setdefault(cart, {})[key] = _grant(*values)
    return found


def put(connection: Connection, cart: str, key: str, grant: Grant) -> None:
    """Give a discount in place of the one that there is."""
    drop(connection, cart, key)
    told = {"reason": grant.reason.value, "note": grant.note, "given_by": grant.by, "approved_by": grant.approved_by}
    amount, percent = grant.discount.amount, grant.discount.percent
    _PUT.run(connection, cart=cart, line=key, amount=amount, percent=percent, **told)


def drop(connection: Connection, cart: str, key: str) -> None:
    """Take one back."""
    _DROP.run(connection, cart=cart, line=key)


def drop_all(connection: Connection, cart: str) -> None:
    """Forget those of a cart that is closed."""
    _DROP_ALL.run(connection, cart=cart)


def move(connection: Connection, source: str, cart: str) -> None:
    """Let a cart have those of another."""
    _MOVE.run(connection, source=source, new_cart=cart)


def _grant(amount: int, percent: int, reason: str, note: str, *people: str) -> Grant:
    return Grant(Discount(amount, percent), Reason(reason), note, *people)


_D = schema.table(schema.CartDiscount)
_H = schema.table(schema.HeldSale)
_of_cart = _D.c.cart == bindparam("cart")
_this = _D.c.line == bindparam("line")
_grants = (_D.c.line, _D.c.amount, _D.c.percent, _D.c.reason, _D.c.note, _D.c.given_by, _D.c.approved_by)
_OF_CART = Statement(select(*_grants).where(_of_cart))
_OF_HELD = Statement(select(_D.c.cart, *_grants).join(_H, _D.c.cart == _H.c.id))
_PUT = Statement(insert(_D))
_DROP = Statement(delete(_D).where(_of_cart, _this))
_DROP_ALL = Statement(delete(_D).where(_of_cart))
_MOVE = Statement(update(_D).where(_D.c.cart == bindparam("source")).values(cart=bindparam("new_cart")))
