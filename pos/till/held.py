"""Held sales: a cart that is put by at one till and opened at any, and what gates send to be paid.

Nothing in one is kept from anybody: a lease would age out while the customer is away, and whoever brings the unit to
another till may pay it there. What cannot be taken any more is told when the held sale is opened, unit by unit.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from pos import lookup
from pos.customers import buyers
from pos.returns import bringing
from pos.till import cart, cart_discounts, pricing, sale, taking
from pos.till.cart_view import Answer
from pos.till.discount import Grant
from pos.till.line import SaleLine, line_key
from pos.till.pricing import Goods
from pos.till.sale import TILL, Counter, SaleRefusedError
from shared import ledger, schema
from shared.database import Database
from shared.ledger import Turn
from shared.staff import Actor
from shared.statements import Statement

LONGEST_NOTE = 40
MOST_LISTED = 200
OLD = 24 * 3600 * 1_000_000  # µs: who comes back, comes back on the same day
KIND = "held_sale"  # in the ledger
HELD, OPENED, DISCARDED = "held", "opened", "discarded"


@dataclass(frozen=True, slots=True)
class Held:
    """A held sale as the list shows it: `source` is a till, or a gate if it `is_sent`; `age` is in µs.

    `buyer` is the customer's name or phone, "" where nobody asked.
    """

    id: str
    source: str
    is_sent: bool
    age: int
    note: str
    buyer: str
    names: tuple[str, ...]
    count: int
    total: int

    @property
    def is_old(self) -> bool:
        """Whether hardly anybody comes for it any more."""
        return self.age > OLD


def hold(database: Database, counter: Counter, actor: Actor, cart_id: str, note: str) -> None:
    """Put the till's cart by, with a note for who opens it.

    Raises SaleRefusedError `gone` where this cart is empty, closed or held already, `money_taken` where it is
    paid in part, `returns_open` where goods come back with it.
    """

    def put_by(connection: Connection) -> None:
        if taking.of_cart(connection, cart_id):
            raise SaleRefusedError("money_taken", f"cart {cart_id} is paid in part: finish it, or give the money back")
        if bringing.of_cart(connection, cart_id):
            raise SaleRefusedError("returns_open", f"goods come back with cart {cart_id}: settle or cancel that first")
        sale.bury(connection, counter, actor, cart_id)
        with ledger.turn(connection, counter.store, counter.register, actor.id, TILL) as turn:
            lines = cart.give_back(connection, counter, cart_id)[::-1]
            if not lines:
                raise SaleRefusedError("gone", f"cart {cart_id} is closed or empty")
            _write(turn, cart_id, note, lines)

    database.write(put_by)


def open_held(database: Database, counter: Counter, actor: Actor, held: str) -> list[Answer]:
    """Take a held sale into the till's empty cart, and give the answer to each of its lines: what is refused stays out.

    Raises SaleRefusedError: `held_gone` where another till was first, `cart_open` where something is in the cart.
    """

    def opened(connection: Connection) -> list[Answer]:
        with ledger.turn(connection, counter.store, counter.register, actor.id, TILL) as turn:
            lines = _remove(turn, held)
            answers = cart.fill(connection, counter, lines, held)
            _record(turn, held, 2, OPENED, lines, refused=[answer.text for answer in answers if answer.level == "hard"])
        return answers

    return database.write(opened)


def discard(database: Database, counter: Counter, actor: Actor, held: str) -> None:
    """Forget a held sale; nobody comes for it. Raises SaleRefusedError `held_gone`."""

    def discarded(connection: Connection) -> None:
        with ledger.turn(connection, counter.store, counter.register, actor.id, TILL) as turn:
            _record(turn, held, 2, DISCARDED, _remove(turn, held))
            cart_discounts.drop_all(connection, held)
            buyers.forget(connection, held)

    database.write(discarded)


def listed(database: Database, counter: Counter) -> list[Held]:
    """The held sales of all tills and gates, the newest first, with what each would cost at this counter now."""
    with database.snapshot() as connection:
        rows = _HELD.run(connection, most=MOST_LISTED).all()
        lines = defaultdict(list)
        for held, *line in _LINES.run(connection) if rows else ():
            lines[held].append(line)
        grants = cart_discounts.of_held(connection) if rows else {}
    return [_held(row, lines[row[0]], grants.get(row[0], {}), counter) for row in rows]


def _held(row: tuple[Any, ...], lines: list[list[Any]], grants: Mapping[str, Grant], counter: Counter) -> Held:
    number, source, incident, at, note, buyer, now = row
    names = tuple(dict.fromkeys(str(name) for name, *_ in lines))
    goods = [_goods(line, grants) for line in lines]
    whole = grants.get(cart_discounts.WHOLE)
    cost = pricing.price(goods, whole.discount if whole else None, counter.tax, counter.day(now))
    count = sum(one.quantity for one in goods)
    return Held(number, source, bool(incident), max(0, now - at), note, buyer, names, count, cost.total)


def _goods(line: list[Any], grants: Mapping[str, Grant]) -> Goods:
    _, item, product, price, quantity, tax_class = line
    grant = grants.get(line_key(item, product))
    return Goods(price, quantity, tax_class, grant.discount if grant else None)


def _write(turn: Turn, held: str, note: str, lines: tuple[SaleLine, ...]) -> None:
    _ADD.run(turn.connection, id=held, source=turn.register, incident="", at=turn.now, note=note)
    _ADD_LINES.run_many(turn.connection, [_line_row(held, *line) for line in enumerate(lines, 1)])
    _record(turn, held, 1, HELD, lines)


def _line_row(held: str, number: int, line: SaleLine) -> dict[str, object]:
    item = line.item.id if line.item else None
    return {"held": held, "line": number, "product_id": line.product.id, "item_id": item, "quantity": line.quantity}


def _remove(turn: Turn, held: str) -> tuple[SaleLine, ...]:
    """Only one of several tills can: the row is locked until it has gone."""
    if _LOCK.run(turn.connection, id=held).first() is None:
        raise SaleRefusedError("held_gone", f"held sale {held} was opened at another till, or discarded")
    lines = _lines(turn.connection, held)
    _DROP_LINES.run(turn.connection, id=held)
    _DROP.run(turn.connection, id=held)
    return lines


def _lines(connection: Connection, held: str) -> tuple[SaleLine, ...]:
    rows = _LINES_OF.run(connection, id=held).all()
    items = {item.id: item for item in lookup.find_items(connection, [item for _, item, _ in rows if item])}
    products = {row.id: row for row in lookup.find_products_by_id(connection, [product for product, _, _ in rows])}
    return tuple(SaleLine(products[product], items.get(item), quantity) for product, item, quantity in rows)


def _record(turn: Turn, held: str, version: int, what: str, lines: tuple[SaleLine, ...], **more: object) -> None:
    told = {
        "items": [line.item.id for line in lines if line.item],
        "goods": [[line.product.id, line.quantity] for line in lines if not line.item],
    }
    turn.record(KIND, held, version, what, what, {**told, **more})


_H = schema.table(schema.HeldSale)
_L = schema.table(schema.HeldLine)
_P = schema.table(schema.Product)
_B = schema.table(schema.Buyer)
_this = _H.c.id == bindparam("id")
_of_this = _L.c.held == bindparam("id")
_ADD = Statement(insert(_H))
_ADD_LINES = Statement(insert(_L))
_LOCK = Statement(select(_H.c.id).where(_this).with_for_update())
_DROP = Statement(delete(_H).where(_this))
_DROP_LINES = Statement(delete(_L).where(_of_this))
_LINES_OF = Statement(select(_L.c.product_id, _L.c.item_id, _L.c.quantity).where(_of_this).order_by(_L.c.line))
_HELD = Statement(
    select(
        _H.c.id,
        _H.c.source,
        _H.c.incident,
        _H.c.at,
        _H.c.note,
        func.coalesce(func.nullif(_B.c.name, ""), _B.c.phone, ""),
        ledger.database_clock(),
    )
    .select_from(_H.outerjoin(_B, _B.c.ticket == _H.c.id))
    .order_by(_H.c.at.desc(), _H.c.id)
    .limit(bindparam("most"))
)
_LINES = Statement(
    select(_L.c.held, _P.c.name, _L.c.item_id, _L.c.product_id, _P.c.price, _L.c.quantity, _P.c.tax_class)
    .join(_P, _L.c.product_id == _P.c.id)
    .order_by(_L.c.held, _L.c.line)
)
