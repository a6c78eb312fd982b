"""The row of a till's open cart, and the times of what is in it."""

import uuid

from sqlalchemy import Connection, bindparam, func, select, text

from shared import ledger, schema
from shared.statements import Statement


def opened(connection: Connection, register: str) -> str:
    """The till's cart, a new one where there is none."""
    _OPEN.run(connection, register=register, id=str(uuid.uuid4()))
    cart: str = _CART.run(connection, register=register).scalar_one()
    return cart


def find(connection: Connection, register: str) -> str:
    """The id of the till's cart, "" where none is open."""
    return _CART.run(connection, register=register).scalar() or ""


def lock(connection: Connection, register: str) -> str | None:
    """The id of the till's cart, its row locked; None where none is open."""
    cart: str | None = _LOCK.run(connection, register=register).scalar()
    return cart


def times(connection: Connection, cart: str) -> tuple[int, int]:
    """The database's time, and a time for a new line: later than all lines, however coarse the clock. Both in µs."""
    now, *latest = _TIMES.run(connection, cart=cart).one()
    return now, max(now, *((at or 0) + 1 for at in latest))


_I, _K, _L, _B = map(schema.table, (schema.Item, schema.Cart, schema.CartLine, schema.CartReturn))
_of_register = _K.c.register == bindparam("register")
_OPEN = Statement(text("INSERT INTO cart (register, id) VALUES (:register, :id) ON CONFLICT (register) DO NOTHING"))
_CART = Statement(select(_K.c.id).where(_of_register))
_LOCK = Statement(select(_K.c.id).where(_of_register).with_for_update())
_TIMES = Statement(
    select(
        ledger.database_clock(),
        select(func.max(_I.c.cart_at)).where(_I.c.cart == bindparam("cart")).scalar_subquery(),
        select(func.max(_L.c.at)).where(_L.c.cart == bindparam("cart")).scalar_subquery(),
        select(func.max(_B.c.at)).where(_B.c.cart == bindparam("cart")).scalar_subquery(),
    )
)
