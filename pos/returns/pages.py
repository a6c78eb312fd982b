"""What the till's page asks while goods come back: scan them, let one be, have it allowed, settle, undo a sale."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, g, jsonify, render_template

from pos.returns import bringing, words
from pos.returns.rules import CHOSEN_REASONS, Condition
from pos.returns.take_back import Ticket
from pos.till import approval, asked, cart, cashing, checkout, paying_pages
from pos.till.basket import Request, hash_of
from pos.till.methods import REFERENCED, Method
from pos.till_server import TillServer
from shared.pages import frame
from shared.pages.faults import BadInputError
from shared.pages.speech import gettext

State = Callable[..., dict[str, Any]]


def shown() -> dict[str, Any]:
    """What the till's page shows of returns whatever is in the cart."""
    return {"return_reasons": CHOSEN_REASONS, "conditions": tuple(Condition), "return_words": words}


def add_returns(pages: Blueprint, server: TillServer, state: State) -> None:
    """`/till/returns` and below; `state` draws the cart with what else there is to tell."""
    database, counter = server.database, server.counter

    @pages.post("/returns/scan")
    def scan_what_comes_back() -> Response:
        body = asked.body()
        way = (asked.choice(body, "reason", CHOSEN_REASONS), asked.choice(body, "condition", Condition))
        brought = bringing.scan(database, counter, g.actor, asked.text(body, "text"), way, asked.text(body, "sale"))
        told = words.tell(brought, counter.timezone)
        answer = render_template("till/answer.html", told=told)
        return jsonify(state(level=told.level, reason=told.reason, answer=answer, sale=brought.sale))

    @pages.post("/returns/void")
    def undo_sale() -> Response:
        bringing.void(database, counter, asked.text(asked.body(), "number").strip())
        return jsonify(state())

    @pages.post("/returns/allow")
    def allow_return() -> Response:
        found = cart.view(database, counter).coming
        if found.needs_leader:
            value = frame.money(found.value, counter.currency)
            what = gettext("Take goods for %(value)s back.", value=value)
            leader = approval.leader(database, g.actor, asked.approval(asked.body()), what, alone=False).id
            database.write(lambda connection: bringing.approve(connection, counter.register, leader))
        return jsonify(state())

    @pages.post("/returns/settle")
    def settle_return() -> Response:
        body = asked.body()
        number, total = asked.number(body, "cart"), asked.whole(body, "expected_total")
        ticket = Ticket(number, (), body.get("as_credit") is True, _references(body))
        seen = cart.view(database, counter)
        with database.reading() as connection:
            lines = cashing.sale_lines(connection, seen) if seen.id == number else []
        told = {"cart": number, "as_credit": ticket.as_credit, "references": body.get("references"), "total": total}
        request = Request(number, tuple(lines), (), total, hash_of(told), seen.grant)
        return jsonify(paying_pages.done(server, checkout.settle(database, counter, g.actor, ticket, request), state))


def _references(body: dict[str, Any]) -> dict[Method, str]:
    given = body.get("references", {})
    if not isinstance(given, dict):
        raise BadInputError(gettext("Type the payment's reference."))
    return {Method(name): cashing.reference(Method(name), text) for name, text in given.items() if name in REFERENCED}
