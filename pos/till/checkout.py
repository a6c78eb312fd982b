"""From the open cart to the sale: payments are taken part by part; the one that reaches the total makes the sale."""

from dataclasses import replace

from sqlalchemy import Connection

from pos.customers import buyers
from pos.returns import bringing, settling
from pos.returns.take_back import Ticket
from pos.shifts import shift
from pos.till import cart, cart_discounts, open_cart, sale, store_credit, taking
from pos.till.basket import Counter, Paid, PaymentError, Request, SaleRefusedError
from pos.till.methods import Method, check_references, rest
from pos.till.sale import TILL, Outcome
from pos.till.taking import Reason, Taking
from shared import ledger
from shared.database import Database
from shared.staff import Actor


def pay(database: Database, counter: Counter, actor: Actor, request: Request, number: str = "") -> Outcome | None:
    """Pay the cart whose id the request bears with its one payment; None: it was taken as a part, more is to come.

    `number` is the payment's own id. With what was taken before, the sale is made and the cart closed, all in one
    transaction. Raises as `sale.sell`, and SaleRefusedError: `no_shift` where one has to be open; `cart_changed` where
    a unit came into the cart that the request does not name: it would leave the shop unpaid.
    """

    def settle(connection: Connection) -> Outcome | None:
        if sale.is_decided(connection, request.id):
            return cart.close(connection, counter, actor, request)
        if taking.is_known(connection, number):
            return None
        shift.require(connection, counter)
        taken, backs = taking.of_cart(connection, request.id), bringing.of_cart(connection, request.id)
        before = (*settling.exchange(connection, backs, request.expected_total or 0), *(one.paid for one in taken))
        paid = [_capped(connection, payment) for payment in request.payments]
        check_references([*before, *paid])
        if number and _is_part(counter, request, before, paid):
            _take(connection, counter, actor, request, [Taking(number, payment) for payment in paid])
            return None
        whole = replace(request, payments=(*before, *paid))
        if backs:
            whole = settling.take_back_for(connection, counter, actor, Ticket(request.id, backs), whole)
        return cart.close(connection, counter, actor, whole, taken)

    return database.write(settle)


def settle(database: Database, counter: Counter, actor: Actor, ticket: Ticket, request: Request) -> Outcome:
    """Settle a cart whose new goods, if any, are paid by what comes back with it, and pay the rest back.

    The request names the new goods and has no payments. Raises as `pay`, SaleRefusedError `returned_before` and
    `refund_limit`, PaymentError `reference_missing`; `payment_short` where what comes back does not cover what is new.
    """

    def settled(connection: Connection) -> Outcome:
        told = settling.told_before(connection, ticket.id)
        if told or sale.is_decided(connection, ticket.id):
            return told or cart.close(connection, counter, actor, request)
        shift.require(connection, counter)
        meant = replace(ticket, backs=bringing.of_cart(connection, ticket.id))
        if not meant.backs:
            raise SaleRefusedError("gone", f"nothing comes back with cart {ticket.id}")
        if taking.of_cart(connection, ticket.id):
            raise SaleRefusedError("money_taken", "money was taken for this cart: give it back first")
        if not request.lines:
            return cart.close_bare(connection, counter, actor, settling.settle_alone(connection, counter, actor, meant))
        whole = replace(request, payments=settling.exchange(connection, meant.backs, request.expected_total or 0))
        whole = settling.take_back_for(connection, counter, actor, meant, whole)
        return cart.close(connection, counter, actor, whole)

    return database.write(settled)


def sell(database: Database, counter: Counter, actor: Actor, request: Request) -> Outcome:
    """Sell what a program asks for, which has no cart. Raises as `sale.sell`, and SaleRefusedError `no_shift`."""

    def sold(connection: Connection) -> Outcome:
        if counter.has_shifts and not sale.is_decided(connection, request.id):
            shift.require(connection, counter)
        return sale.sell_within(connection, counter, actor, request)

    return database.write(sold)


def give_back(database: Database, counter: Counter, actor: Actor, number: str, reason: Reason) -> None:
    """Give back a payment of the till's open cart. Raises SaleRefusedError `gone`."""

    def given(connection: Connection) -> None:
        with ledger.turn(connection, counter.store, counter.register, actor.id, TILL) as turn:
            taking.give_back(turn, number, reason)

    database.write(given)


def cancel(database: Database, counter: Counter, actor: Actor) -> tuple[Taking, ...]:
    """Give everything back, goods to the shelf and money to the customer; the cart's id can never be sold.

    Tells what money that is.
    """

    def emptied(connection: Connection) -> tuple[Taking, ...]:
        number = open_cart.find(connection, counter.register)
        if not number:
            return ()
        sale.bury(connection, counter, actor, number)
        taken: tuple[Taking, ...] = ()
        if taking.of_cart(connection, number):
            with ledger.turn(connection, counter.store, counter.register, actor.id, TILL) as turn:
                taken = taking.give_all_back(turn, number)
        cart.give_back(connection, counter, number)
        cart_discounts.drop_all(connection, number)
        buyers.forget(connection, number)
        bringing.forget(connection, number)
        return taken

    return database.write(emptied)


def keep(database: Database, register: str) -> None:
    """Lease the till's cart for as long again: somebody is paying for it."""
    database.write(lambda connection: cart.renew(connection, open_cart.find(connection, register)))


def _capped(connection: Connection, paid: Paid) -> Paid:
    """A credit pays what is left on it, where more is asked. Raises PaymentError."""
    if paid.method != Method.CREDIT:
        return paid
    found = store_credit.find(connection, paid.reference)
    if found is None:
        raise PaymentError("credit_unknown", "expected a credit that was issued, nobody issued this one")
    if not found.balance:
        raise PaymentError("credit_empty", "expected something left on the credit, it is spent")
    return replace(paid, amount=min(paid.amount, found.balance))


def _is_part(counter: Counter, request: Request, before: tuple[Paid, ...], paid: list[Paid]) -> bool:
    """Whether more is to come. The total is the client's: the sale checks it."""
    total = request.expected_total or 0
    left = rest(total, before, counter.rounding)
    (payment,) = paid
    if payment.method != Method.CASH and payment.amount > left.cashless:
        why = f"expected at most {left.cashless} that is not cash, got {payment.amount}"
        raise PaymentError("payment_over", why, total=total)
    after = rest(total, [*before, payment], counter.rounding)
    has_cash = any(one.method == Method.CASH for one in (*before, payment))
    return bool(after.cash if has_cash else after.cashless)


def _take(connection: Connection, counter: Counter, actor: Actor, request: Request, parts: list[Taking]) -> None:
    if any(part.paid.amount < 1 for part in parts):
        raise PaymentError("payment_short", "expected an amount to take, got nothing", total=request.expected_total)
    with ledger.turn(connection, counter.store, counter.register, actor.id, TILL) as turn:
        for part in parts:
            taking.take(turn, request.id, part)
    cart.renew(connection, request.id)
