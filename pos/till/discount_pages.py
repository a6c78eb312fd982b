"""Giving a discount at the till, as its page asks for it: what a cashier may not give alone, a leader allows there."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, g, jsonify

from pos.till import approval, asked, cart, cart_discounts
from pos.till.approval import Shown
from pos.till.basket import SaleRefusedError
from pos.till.cart_view import CartView
from pos.till.sale_prices import needs_leader
from pos.till_server import TillServer
from shared.pages import frame
from shared.pages.speech import gettext
from shared.roles import LEADERS


def add_discounts(pages: Blueprint, server: TillServer, state: Callable[..., dict[str, Any]]) -> None:
    """`/till/discount`, and `/till/discount/drop` to take one back; `state` draws the till's cart."""
    database, counter = server.database, server.counter

    @pages.post("/discount")
    def give() -> Response:
        body = asked.body()
        number, key = asked.number(body, "cart"), _key(body)
        seen = cart.view(database, counter)
        if seen.id != number or key not in {cart_discounts.WHOLE, *(line.key for line in seen.lines)}:
            raise SaleRefusedError("gone", f"cart {number} is closed, or the line is not in it")
        grant = replace(asked.discount(body), by=g.actor.id)
        approved_by = _allowed_by(server, seen.given(counter, key, grant), key, asked.approval(body))
        cart.discount(database, counter, number, key, replace(grant, approved_by=approved_by))
        return jsonify(state(fresh=key))

    @pages.post("/discount/drop")
    def drop() -> Response:
        body = asked.body()
        cart.discount(database, counter, asked.number(body, "cart"), _key(body), None)
        return jsonify(state())


def _key(body: dict[str, Any]) -> str:
    return asked.line(body) if body.get("line") else cart_discounts.WHOLE


def _allowed_by(server: TillServer, wanted: CartView, key: str, shown: Shown | None) -> str:
    """Who allows the discount that the cart has at `key`, "" where a cashier may give it. Raises NotAllowedError."""
    costs = zip(wanted.lines, wanted.pricing.lines, strict=True)
    touched = [(line, cost) for line, cost in costs if key in {line.key, cart_discounts.WHOLE}]
    if not any(needs_leader(server.counter, line, cost, wanted.grant) for line, cost in touched):
        return str(g.actor.id) if g.actor.role in LEADERS else ""
    if server.is_alone:
        raise SaleRefusedError("alone", "a leader's word is not taken while the database is gone")
    return approval.leader(server.database, g.actor, shown, _what(wanted, key, server.counter.currency), alone=True).id


def _what(wanted: CartView, key: str, currency: str) -> str:
    """What a leader is asked to allow."""
    for line, cost in zip(wanted.lines, wanted.pricing.lines, strict=True):
        if line.key == key:
            off, name, full = frame.money(cost.discount, currency), line.product.name, frame.money(cost.full, currency)
            return gettext("%(off)s off %(name)s at %(full)s.", off=off, name=name, full=full)
    off, full = frame.money(wanted.pricing.share, currency), frame.money(wanted.pricing.subtotal, currency)
    return gettext("%(off)s off the whole sale of %(full)s.", off=off, full=full)
