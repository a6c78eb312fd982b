"""Somebody at the counter who brings goods back, and perhaps buys others, through the till's own doors."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from pos.returns import bringing
from pos.returns.bringing import Brought
from pos.returns.rules import Condition, Reason
from pos.returns.take_back import Ticket
from pos.till import cart, cashing, checkout
from pos.till.basket import Paid, Request
from pos.till.methods import Method
from pos.till.sale import hash_of
from shared.staff import Actor
from tests.shop import CASHIER, Shop

WAY = (Reason.CHANGED_MIND, Condition.OPENED)


class Customer:
    """At one till of a shop."""

    def __init__(self, shop: Shop, actor: Actor = CASHIER) -> None:
        self.shop, self.actor = shop, actor
        self.sale = ""

    @property
    def cart(self) -> str:
        return cart.view(self.shop.database, self.shop.counter).id

    def bring(self, text: str, way: tuple[Reason, Condition] = WAY) -> Brought:
        brought = bringing.scan(self.shop.database, self.shop.counter, self.actor, text, way, self.sale)
        self.sale = brought.sale
        return brought

    def take(self, *texts: str) -> None:
        for text in texts:
            assert cart.scan(self.shop.database, self.shop.counter, text).level == "good"

    def request(self, *payments: Paid) -> Request:
        seen = cart.view(self.shop.database, self.shop.counter)
        with self.shop.database.reading() as connection:
            lines = cashing.sale_lines(connection, seen)
        told = {"cart": seen.id, "payments": [repr(one) for one in payments]}
        return Request(seen.id, tuple(lines), payments, seen.total, hash_of(told))

    def settle(self, *, as_credit: bool = False, references: dict[Method, str] | None = None) -> dict[str, Any]:
        """Have the rest paid back; the receipt."""
        return self.settle_again(self.ticket(as_credit=as_credit, references=references), self.request())

    def ticket(self, *, as_credit: bool = False, references: dict[Method, str] | None = None) -> Ticket:
        return Ticket(self.cart, (), as_credit, references or {})

    def settle_again(self, ticket: Ticket, request: Request) -> dict[str, Any]:
        shop = self.shop
        return checkout.settle(shop.database, shop.counter, self.actor, ticket, request).receipt

    def pay(self, *payments: Paid) -> dict[str, Any]:
        """Pay what the new goods cost beyond what comes back, part by part; the receipt."""
        outcome = None
        for payment in payments:
            request = self.request(payment)
            outcome = checkout.pay(self.shop.database, self.shop.counter, self.actor, request, str(uuid4()))
        assert outcome is not None
        return outcome.receipt

    def at(self, shop: Shop, till: str) -> "Customer":
        """The same customer at another till."""
        other = Customer(shop, self.actor)
        other.shop = shop
        shop.counter = replace(shop.open_till(till), refund_limit=shop.counter.refund_limit)
        return other
