"""What is to come back with the open cart of a till: scanned, looked up in its sale, and kept until it is settled.

A unit that nobody bought is no return but a suspicion: it is refused, and the ledger keeps that it was tried.
"""

from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import Connection, bindparam, delete, select, text, update

from pos import lookup
from pos.lookup import ItemRow, ProductRow
from pos.returns import sold
from pos.returns.rules import REFUSALS, Back, Condition, Reason, SoldLine, is_voidable
from pos.till import open_cart
from pos.till.basket import Counter, SaleRefusedError
from pos.till.sale import TILL
from shared import ledger, schema
from shared.database import Database
from shared.items import SOLD, ItemState
from shared.staff import Actor
from shared.statements import Statement

PREFIX = "return:"  # what the keys of lines begin with that come back
REFUSED = "return_refused"  # in the ledger: kind and event


@dataclass(frozen=True, slots=True)
class Brought:
    """What a scan of what comes back did: `level` and `reason` as in a cart's answer.

    `line` is the line of the sale that is meant, `item` a unit that cannot come back, `till` where it is coming back
    already; `sale` is the one that is looked at from now on.
    """

    level: str
    reason: str
    text: str
    sale: str = ""
    line: SoldLine | None = None
    item: ItemRow | None = None
    till: str = ""


def scan(
    database: Database, counter: Counter, actor: Actor, text: str, way: tuple[Reason, Condition], sale: str
) -> Brought:
    """Take what was scanned into what comes back.

    A receipt's number chooses the `sale` that goods without serials are of; a unit chooses its own.
    """

    def bring(connection: Connection) -> Brought:
        numbered = sold.sale_of_number(connection, text.strip())
        if numbered:
            return Brought("soft", "receipt", text.strip(), numbered)
        named = lookup.name_texts(connection, [text])[0]
        if named.product and not named.items:
            return _bring_goods(connection, counter, named.product, way, sale)
        found = lookup.find_items(connection, named.items) if named.items else []
        meant = [item for item in found if item.state in SOLD] if len(found) > 1 else found
        if len(meant) != 1:
            reason = "ambiguous" if found else ("unreadable" if named.miss == lookup.UNREADABLE else "unknown")
            return Brought("hard", reason, named.text, sale)
        return _bring_unit(connection, counter, actor, meant[0], way)

    return database.write(bring)


def void(database: Database, counter: Counter, number: str) -> None:
    """Bring back all of a sale of today's that was made at this till, and whose goods are still at the counter.

    Raises SaleRefusedError `not_voidable`.
    """

    def bring(connection: Connection) -> None:
        sale = sold.sale_of_number(connection, number)
        lines = sold.of_sales(connection, {sale}) if sale else []
        opened = open_cart.opened(connection, counter.register)
        now, at = open_cart.times(connection, opened)
        today = counter.day(now)
        if not lines or not all(is_voidable(each, counter.register, today, counter.day(each.at)) for each in lines):
            why = "expected a sale of today and of this till, of which nothing has left or come back"
            raise SaleRefusedError("not_voidable", why, number=number)
        for line in lines:
            _put(connection, opened, Back(line, line.quantity, Reason.VOID, Condition.SEALED), at + line.line)

    database.write(bring)


def take_out(connection: Connection, cart_id: str, key: str) -> None:
    """Let a line of it be, by its key (see `Back.key`)."""
    _, sale, line = key.split(":")
    _DROP.run(connection, cart=cart_id, sale=sale, line=int(line))


def approve(connection: Connection, register: str, leader: str) -> None:
    """A leader allows all that comes back with the till's cart as it stands; what is scanned later wants it anew."""
    _APPROVE.run(connection, cart=open_cart.find(connection, register), leader=leader)


def of_cart(connection: Connection, cart_id: str) -> tuple[Back, ...]:
    """What comes back with this cart, newest first."""
    rows = _OF_CART.run(connection, cart=cart_id).all()
    found = sold.lines(connection, [(row[0], row[1]) for row in rows]) if rows else []
    return tuple(
        Back(line, quantity, Reason(reason), Condition(condition), approved_by)
        for line, (_, _, quantity, reason, condition, approved_by) in zip(found, rows, strict=True)
    )


def forget(connection: Connection, cart_id: str) -> None:
    """The cart is closed."""
    _FORGET.run(connection, cart=cart_id)


def _bring_unit(
    connection: Connection, counter: Counter, actor: Actor, item: ItemRow, way: tuple[Reason, Condition]
) -> Brought:
    line = sold.last_sale_of(connection, item.id)
    if item.state not in SOLD or line is None:
        reason = REFUSALS.get(ItemState(item.state), "not_sold")
        _report(connection, counter, actor, item, reason)
        return Brought("hard", reason, item.serial, line.sale if line else "", line, item)
    opened = open_cart.opened(connection, counter.register)
    holder, till = _HOLDER.run(connection, sale=line.sale, line=line.line).first() or ("", "")
    if holder == opened:
        return Brought("soft", "in_cart", item.serial, line.sale, line)
    if till:
        return Brought("hard", "held", item.serial, line.sale, line, till=till)
    _put(connection, opened, Back(line, 1, *way), open_cart.times(connection, opened)[1])
    return Brought("good", "", item.serial, line.sale, line)


def _bring_goods(
    connection: Connection, counter: Counter, product: ProductRow, way: tuple[Reason, Condition], sale: str
) -> Brought:
    lines = sold.of_sales(connection, {sale}) if sale else []
    fitting = [line for line in lines if line.item is None and line.product.id == product.id]
    if not fitting:
        return Brought("hard", "which_sale", product.code, sale)
    opened = open_cart.opened(connection, counter.register)
    brought = {(back.sold.sale, back.sold.line): back.quantity for back in of_cart(connection, opened)}
    for line in fitting:
        quantity = brought.get((line.sale, line.line), 0) + 1
        if quantity <= line.left:
            _put(connection, opened, Back(line, quantity, *way), open_cart.times(connection, opened)[1])
            return Brought("good", "", product.code, sale, line)
    return Brought("hard", "returned_before", product.code, sale, fitting[0])


def _report(connection: Connection, counter: Counter, actor: Actor, item: ItemRow, reason: str) -> None:
    with ledger.turn(connection, counter.store, counter.register, actor.id, TILL) as turn:
        facts = {"item": item.id, "serial": item.serial, "state": item.state, "reason": reason}
        turn.record(REFUSED, uuid4(), 1, REFUSED, reason, facts)


def _put(connection: Connection, cart_id: str, back: Back, at: int) -> None:
    _PUT.run(
        connection,
        cart=cart_id,
        sale=back.sold.sale,
        line=back.sold.line,
        quantity=back.quantity,
        reason=back.reason.value,
        condition=back.condition.value,
        at=at,
    )


_C, _K = map(schema.table, (schema.CartReturn, schema.Cart))
_of_cart = _C.c.cart == bindparam("cart")
_of_line = (_C.c.sale_id == bindparam("sale")) & (_C.c.sale_line == bindparam("line"))
_OF_CART = Statement(
    select(_C.c.sale_id, _C.c.sale_line, _C.c.quantity, _C.c.reason, _C.c.condition, _C.c.approved_by)
    .where(_of_cart)
    .order_by(_C.c.at.desc(), _C.c.sale_line.desc())
)
_HOLDER = Statement(
    select(_C.c.cart, _K.c.register).join(_K, _K.c.id == _C.c.cart, isouter=True).where(_of_line).limit(1)
)
_PUT = Statement(
    text(
        "INSERT INTO cart_return (cart, sale_id, sale_line, quantity, reason, condition, approved_by, at)"
        " VALUES (:cart, :sale, :line, :quantity, :reason, :condition, '', :at)"
        " ON CONFLICT (cart, sale_id, sale_line)"
        " DO UPDATE SET quantity = excluded.quantity, approved_by = '', at = excluded.at"
    )
)
_APPROVE = Statement(update(_C).where(_of_cart).values(approved_by=bindparam("leader")))
_DROP = Statement(delete(_C).where(_of_cart, _of_line))
_FORGET = Statement(delete(_C).where(_of_cart))
