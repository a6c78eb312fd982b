"""The open cart of a till. Units in it are leases in their own rows, so no two carts can hold one.

A lease ends with its cart, with age, and when the till dies (by age). Goods without serials are lines of the cart.
Whoever changes several rows locks them in the order in which a sale does: the units by id, then the cart.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, bindparam, delete, null, or_, select, text, update

from pos import lookup
from pos.customers import buyers
from pos.customers.buyers import Buyer
from pos.lookup import Named, ProductRow
from pos.returns import bringing
from pos.returns.coming import coming
from pos.till import cart_discounts, open_cart, sale, taking
from pos.till.cart_view import Answer, CartView
from pos.till.discount import Grant
from pos.till.line import SaleLine
from pos.till.sale import Counter, Outcome, Request, SaleRefusedError
from pos.till.taking import Taking
from shared import codes, ledger, schema
from shared.badge import badge_id
from shared.database import Database
from shared.items import ItemState
from shared.staff import Actor
from shared.statements import Statement

LEASE_SECONDS = 15 * 60
SECOND = 1_000_000
MOST_OF_ONE = 999  # of one product without serials in one cart


def view(database: Database, counter: Counter) -> CartView:
    """The till's cart as it stands, priced as it would be sold now."""
    with database.snapshot() as connection:
        cart, now = _CART_NOW.run(connection, register=counter.register).first() or ("", 0)
        if not cart:
            return CartView("", ())
        grants = cart_discounts.of_cart(connection, cart)
        lines = [replace(line, grant=grants.get(line.key)) for line in _lines(connection, cart)]
        seen = CartView.of(counter, cart, lines, grants.get(cart_discounts.WHOLE), now)
        backs = bringing.of_cart(connection, cart)
        comes = coming(connection, counter, backs, seen.total)
        taken, buyer = taking.of_cart(connection, cart), buyers.of_ticket(connection, cart)
        return replace(seen, taken=taken, backs=backs, coming=comes, buyer=buyer)


def scan(database: Database, counter: Counter, text: str, beside: str = "") -> Answer:
    """Put what was scanned into the till's cart. `beside` is an ambiguous serial scanned just before its product."""
    return database.write(lambda connection: _scan(connection, counter, text, beside))


def take_out(database: Database, counter: Counter, line: str) -> None:
    """Take one line out: `line` is a unit's id, `product:ID` for goods without serials, or the key of what comes back.

    Raises ValueError for anything else. A line that is not in the cart is out of it already.
    """
    kind, _, number = line.rpartition(":")

    def drop(connection: Connection) -> None:
        cart = open_cart.opened(connection, counter.register)
        if line.startswith(bringing.PREFIX):
            bringing.take_out(connection, cart, line)
        elif kind == "product":
            _DROP_GOODS.run(connection, cart=cart, product=int(number))
        else:
            _DROP_UNIT.run(connection, cart=cart, item=int(line))
        cart_discounts.drop(connection, cart, line)

    database.write(drop)


def set_quantity(database: Database, counter: Counter, product: int, quantity: int) -> None:
    """How many of one product without serials; 0 takes the line out."""

    def change(connection: Connection) -> None:
        cart = open_cart.opened(connection, counter.register)
        wanted = max(0, min(quantity, MOST_OF_ONE))
        if wanted:
            _SET_QUANTITY.run(connection, cart=cart, product=product, quantity=wanted)
        else:
            _DROP_GOODS.run(connection, cart=cart, product=product)
            cart_discounts.drop(connection, cart, f"product:{product}")

    database.write(change)


def discount(database: Database, counter: Counter, cart: str, key: str, grant: Grant | None) -> None:
    """Take something off a line of the till's cart, or (key "") off the whole; None takes that back.

    Raises SaleRefusedError `gone` where this cart is closed.
    """

    def change(connection: Connection) -> None:
        if open_cart.lock(connection, counter.register) != cart:
            raise SaleRefusedError("gone", f"cart {cart} is closed or empty")
        if grant:
            cart_discounts.put(connection, cart, key, grant)
        else:
            cart_discounts.drop(connection, cart, key)

    database.write(change)


def tell_buyer(database: Database, counter: Counter, cart: str, buyer: Buyer) -> None:
    """Keep who buys what is in the till's cart; `cart` is "" for one that nobody has begun.

    Raises SaleRefusedError `gone` where this cart is closed.
    """

    def change(connection: Connection) -> None:
        opened = open_cart.opened(connection, counter.register)
        if open_cart.lock(connection, counter.register) != opened or cart not in {"", opened}:
            raise SaleRefusedError("gone", f"cart {cart} is closed")
        buyers.put(connection, opened, buyer)

    database.write(change)


def close(
    connection: Connection, counter: Counter, actor: Actor, request: Request, taken: Sequence[Taking] = ()
) -> Outcome:
    """Sell the cart whose id the request bears, and close it, as a part of the caller's transaction.

    Raises as `sale.sell`, and SaleRefusedError `cart_changed` where it holds other units, or payments than `taken`.
    """
    outcome = sale.sell_within(connection, counter, actor, request)
    _FORGET.run(connection, register=counter.register, id=request.id)
    if outcome.is_new:
        taking.become_payments(connection, request.id, taken)
        left = _UNITS.run(connection, cart=request.id).all()
        if left:
            raise SaleRefusedError("cart_changed", f"{len(left)} more units came into this cart; look at it again")
    _DROP_LINES.run(connection, cart=request.id)
    cart_discounts.drop_all(connection, request.id)
    return outcome


def close_bare(connection: Connection, counter: Counter, actor: Actor, outcome: Outcome) -> Outcome:
    """Close a cart with nothing new in it, whose goods came back: its id can be no sale's."""
    cart: str = outcome.receipt["id"]
    sale.bury(connection, counter, actor, cart)
    if give_back(connection, counter, cart):
        raise SaleRefusedError("cart_changed", "something came into this cart; look at it again")
    return outcome


def renew(connection: Connection, cart: str) -> None:
    """Lease all units of the cart for as long again."""
    _LOCK_UNITS.run(connection, cart=cart, item=0)
    _RENEW.run(connection, cart=cart, until=open_cart.times(connection, cart)[0] + LEASE_SECONDS * SECOND)


def give_back(connection: Connection, counter: Counter, cart: str) -> tuple[SaleLine, ...]:
    """Empty the till's cart, whose id is buried, in the caller's transaction; what was in it, newest first.

    Its discounts stay: they go on with a held sale of the same id.
    """
    _LOCK_UNITS.run(connection, cart=cart, item=0)
    if _FORGET.run(connection, register=counter.register, id=cart).rowcount == 0:
        return ()
    lines = _lines(connection, cart)
    _RELEASE.run(connection, cart=cart)
    _DROP_LINES.run(connection, cart=cart)
    return lines


def fill(connection: Connection, counter: Counter, wanted: Sequence[SaleLine], source: str) -> list[Answer]:
    """Take these lines, the oldest first, into the till's empty cart as a part of the caller's transaction.

    The discounts and the buyer of the cart `source` come with them.

    Gives the answer to each. Raises SaleRefusedError `cart_open` where something is in the cart.
    """
    lookup.lock_items(connection, [line.item.id for line in wanted if line.item])
    cart = open_cart.opened(connection, counter.register)
    if open_cart.lock(connection, counter.register) != cart:
        return fill(connection, counter, wanted, source)  # it was paid or cancelled a moment ago
    if _lines(connection, cart) or bringing.of_cart(connection, cart):
        raise SaleRefusedError("cart_open", "another customer's goods are in the cart: hold or pay them first")
    cart_discounts.move(connection, source, cart)
    buyers.move(connection, source, cart)
    return [_take(connection, counter, cart, line) for line in wanted]


def _take(connection: Connection, counter: Counter, cart: str, line: SaleLine) -> Answer:
    if line.item:
        return _lease(connection, counter, line.item.id)
    answer = _add_goods(connection, counter, line.product)
    _SET_QUANTITY.run(connection, cart=cart, product=line.product.id, quantity=line.quantity)
    return answer


def _scan(connection: Connection, counter: Counter, text: str, beside: str) -> Answer:
    if badge_id(text):
        return Answer("hard", "badge", "")  # what it says is nobody's to read
    named = lookup.name_texts(connection, [beside or text])[0]
    if beside:
        return _scan_beside(connection, counter, text, named)
    if len(named.items) > 1:
        return Answer("hard", "ambiguous", named.text)
    if named.items:
        return _lease(connection, counter, named.items[0])
    if named.product and not named.product.serialised:
        return _add_goods(connection, counter, named.product)
    return Answer("hard", _why_unknown(named), named.text if named.miss != lookup.UNREADABLE else "")


def _scan_beside(connection: Connection, counter: Counter, product_code: str, named: Named) -> Answer:
    product = lookup.find_product(connection, product_code)
    fitting = lookup.items_of_product(connection, named, product) if product else []
    if len(fitting) != 1:
        return Answer("hard", "ambiguous", named.text)
    return _lease(connection, counter, fitting[0].id)


def _why_unknown(named: Named) -> str:
    if named.product or named.miss == codes.Miss.PRODUCT_CODE:
        return "product_code"
    return named.miss if named.miss in {codes.Miss.DAMAGED, lookup.UNREADABLE} else "unknown"


def _lease(connection: Connection, counter: Counter, number: int) -> Answer:
    cart = open_cart.opened(connection, counter.register)
    _LOCK_UNITS.run(connection, cart=cart, item=number)
    if open_cart.lock(connection, counter.register) != cart:
        return _lease(connection, counter, number)  # it was paid or cancelled a moment ago
    item = lookup.find_items(connection, [number])[0]
    now, at = open_cart.times(connection, cart)
    line = SaleLine(item.product, item, 1)
    if item.cart == cart and item.state == ItemState.IN_STOCK:
        return Answer("soft", "in_cart", item.serial, line)
    reason = sale.why_not_sellable(item, cart, now, counter)
    if reason:
        return Answer("hard", reason, item.serial, line, (item.cart_register or "") if reason == "held" else "")
    _LEASE.run(connection, item=item.id, cart=cart, register=counter.register, at=at)
    _RENEW.run(connection, cart=cart, until=now + LEASE_SECONDS * SECOND)
    return Answer("good", "", item.serial, line)


def _add_goods(connection: Connection, counter: Counter, product: ProductRow) -> Answer:
    cart = open_cart.opened(connection, counter.register)
    if open_cart.lock(connection, counter.register) != cart:
        return _add_goods(connection, counter, product)  # it was paid or cancelled a moment ago
    _, at = open_cart.times(connection, cart)
    _ADD_GOODS.run(connection, cart=cart, product=product.id, at=at, most=MOST_OF_ONE)
    quantity = _QUANTITY.run(connection, cart=cart, product=product.id).scalar_one()
    return Answer("good", "", product.code, SaleLine(product, None, quantity))


def _lines(connection: Connection, cart: str) -> tuple[SaleLine, ...]:
    units = {row[0]: row[1] for row in _UNITS.run(connection, cart=cart)}
    goods = [(row[0], row[1], row[2]) for row in _GOODS.run(connection, cart=cart)]
    items = lookup.find_items(connection, list(units)) if units else []
    stamped = [(units[item.id], SaleLine(item.product, item, 1)) for item in items]
    products = {product.id: product for product in lookup.find_products_by_id(connection, [row[0] for row in goods])}
    stamped += [(at, SaleLine(products[product], None, quantity)) for product, quantity, at in goods]
    return tuple(line for _, line in sorted(stamped, key=lambda entry: entry[0], reverse=True))


_I = schema.table(schema.Item)
_K = schema.table(schema.Cart)
_L = schema.table(schema.CartLine)
_of_cart = _I.c.cart == bindparam("cart")
_goods_of_cart = _L.c.cart == bindparam("cart")
_this_product = _L.c.product_id == bindparam("product")
_CART_NOW = Statement(select(_K.c.id, ledger.database_clock()).where(_K.c.register == bindparam("register")))
_UNITS = Statement(select(_I.c.id, _I.c.cart_at).where(_of_cart))
_GOODS = Statement(select(_L.c.product_id, _L.c.quantity, _L.c.at).where(_goods_of_cart))
_LOCK_UNITS = Statement(
    select(_I.c.id).where(or_(_of_cart, _I.c.id == bindparam("item"))).order_by(_I.c.id).with_for_update()
)
_LEASE = Statement(
    update(_I)
    .where(_I.c.id == bindparam("item"))
    .values(cart=bindparam("cart"), cart_register=bindparam("register"), cart_at=bindparam("at"))
)
_RENEW = Statement(update(_I).where(_of_cart).values(cart_until=bindparam("until")))
_DROP_UNIT = Statement(update(_I).where(_of_cart, _I.c.id == bindparam("item")).values(cart=null(), cart_until=null()))
_RELEASE = Statement(update(_I).where(_of_cart).values(cart=null(), cart_until=null()))
_ADD_GOODS = Statement(
    text(
        "INSERT INTO cart_line (cart, product_id, quantity, at) VALUES (:cart, :product, 1, :at)"
        " ON CONFLICT (cart, product_id) DO UPDATE SET at = excluded.at,"
        " quantity = CASE WHEN cart_line.quantity < :most THEN cart_line.quantity + 1 ELSE cart_line.quantity END"
    )
)
_QUANTITY = Statement(select(_L.c.quantity).where(_goods_of_cart, _this_product))
_SET_QUANTITY = Statement(update(_L).where(_goods_of_cart, _this_product).values(quantity=bindparam("quantity")))
_DROP_GOODS = Statement(delete(_L).where(_goods_of_cart, _this_product))
_DROP_LINES = Statement(delete(_L).where(_goods_of_cart))
_FORGET = Statement(delete(_K).where(_K.c.register == bindparam("register"), _K.c.id == bindparam("id")))
