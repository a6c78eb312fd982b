"""The open cart, carried over into the till's own copy when the database is gone. Goods that come back stay behind."""

from sqlalchemy import Connection, bindparam, delete, insert, null, select, text, update

from pos.alone.own_copy import OwnCopy, set_fact
from pos.till import cart_discounts
from pos.till.cart_view import CartView
from pos.till.line import SaleLine
from shared import ledger, schema
from shared.statements import Statement

WORKING = tuple(
    schema.table(model)
    for model in (schema.Cart, schema.CartLine, schema.CartDiscount, schema.CartReturn, schema.Taken)
)
HOUR = 3_600_000_000  # µs; nobody else takes units from the copy


def carry(own: OwnCopy, seen: CartView | None) -> None:
    """Begin with the cart as it was last drawn, None where there was none; what the copy had open is gone."""

    def carried(here: Connection) -> None:
        clear(here)
        if seen is None or seen.backs or not (seen.lines or seen.taken):
            return
        set_fact(here, "carried", seen.id)
        here.execute(insert(schema.Cart).values(register=own.register, id=seen.id))
        now = _NOW.run(here).scalar_one()
        for place, line in enumerate(reversed(seen.lines)):
            _put_line(here, own, seen.id, line, now + place)
        for key, grant in [("", seen.grant), *((line.key, line.grant) for line in seen.lines)]:
            if grant:
                cart_discounts.put(here, seen.id, key, grant)
        for place, taking in enumerate(seen.taken):
            paid = {"method": taking.paid.method, "amount": taking.paid.amount, "reference": taking.paid.reference}
            row = {"id": taking.id, "cart": seen.id, "at": now + place, "given_back": False}
            here.execute(insert(schema.Taken).values(**row, **paid))

    own.database.write(carried)


def clear(here: Connection) -> None:
    """The copy has no open cart."""
    for table in WORKING:
        here.execute(delete(table))
    here.execute(update(schema.Item).where(_I.c.cart.is_not(None)).values(cart=null(), cart_until=null()))
    set_fact(here, "carried", "")


def is_same(one: CartView, other: CartView) -> bool:
    """Whether they hold the same, at whatever price."""
    return _content(one) == _content(other)


def _content(seen: CartView) -> object:
    lines = [(line.key, line.quantity, line.grant) for line in seen.lines]
    return seen.id, lines, seen.grant, seen.taken, seen.backs


def _put_line(here: Connection, own: OwnCopy, cart: str, line: SaleLine, at: int) -> None:
    """A unit or a product that the copy does not know yet comes with it."""
    _ADD_PRODUCT.run(here, **line.product._asdict())
    if line.item is None:
        here.execute(
            insert(schema.CartLine).values(cart=cart, product_id=line.product.id, quantity=line.quantity, at=at)
        )
        return
    item = line.item
    known = {name: value for name, value in item._asdict().items() if name in _UNIT}
    _ADD_ITEM.run(here, **known, product=item.product.id)
    _LEASE.run(here, item=item.id, cart=cart, register=own.register, at=at, until=at + HOUR)


_I = schema.table(schema.Item)
_UNIT = ("id", "serial", "state", "version", "expires_on", "warranty_months")
_NOW = Statement(select(ledger.database_clock()))
_ADD_PRODUCT = Statement(
    text(
        "INSERT INTO product (id, code, key, gtin, name, price, serialised, tax_class, version)"
        " VALUES (:id, :code, :key, :gtin, :name, :price, :serialised, :tax_class, 0) ON CONFLICT DO NOTHING"
    )
)
_ADD_ITEM = Statement(
    text(
        "INSERT INTO item (id, product_id, serial, state, version, batch, expires_on, warranty_months)"
        " VALUES (:id, :product, :serial, :state, :version, '', :expires_on, :warranty_months) ON CONFLICT DO NOTHING"
    )
)
_LEASE = Statement(
    update(_I)
    .where(_I.c.id == bindparam("item"))
    .values(
        cart=bindparam("cart"),
        cart_register=bindparam("register"),
        cart_at=bindparam("at"),
        cart_until=bindparam("until"),
    )
)
