"""What the till's page asks while somebody pays: take a payment, give one back, keep the goods, show the QRIS code."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, g, jsonify, render_template, request

from pos.barcode_picture import qr_code
from pos.customers import buyers
from pos.customers.buyers import Buyer
from pos.till import asked, cart, cashing, checkout, past_sales, paying_words
from pos.till.basket import SaleRefusedError
from pos.till.cashing import Tender
from pos.till.methods import Method
from pos.till.qris import LARGEST_AMOUNT
from pos.till.sale import Outcome
from pos.till.taking import Reason
from pos.till_server import TillServer
from shared.database import DatabaseGoneError
from shared.pages.faults import BadInputError
from shared.pages.speech import gettext

State = Callable[..., dict[str, Any]]
CHOSEN_REASONS = (Reason.MISTAKE, Reason.OTHER_WAY, Reason.NOT_ARRIVED)


def shown(server: TillServer) -> dict[str, Any]:
    """What the till's page shows of paying whatever is in the cart: the shop's ways to pay, reasons, its own code."""
    return {
        "ways": _ways(server),
        "words": paying_words,
        "back_reasons": CHOSEN_REASONS,
        "qris": server.qris,
        "accounts": server.settings.paying.accounts,
    }


def add_paying(pages: Blueprint, server: TillServer, state: State) -> None:
    """`/till/pay` and what belongs to it; `state` draws the cart, with what else there is to tell."""
    currency = server.counter.currency

    @pages.post("/pay")
    def pay() -> Response:
        return jsonify(_pay(server, Tender.of(asked.body()), state))

    @pages.post("/give-back")
    def give_back() -> Response:
        body = asked.body()
        reason = asked.choice(body, "reason", CHOSEN_REASONS)
        checkout.give_back(server.database, server.counter, g.actor, asked.number(body, "tender"), reason)
        return jsonify(state())

    @pages.post("/cancel")
    def cancel() -> Response:
        taken = checkout.cancel(server.database, server.counter, g.actor)
        return jsonify(state(told=paying_words.to_give_back(taken, currency)))

    @pages.post("/keep")
    def keep() -> Response:
        checkout.keep(server.database, server.counter.register)
        return jsonify(state())

    @pages.get("/qris.svg")
    def qris_code() -> Response:
        return Response(_qris(server, request.args.get("amount", "")), mimetype="image/svg+xml")


def _ways(server: TillServer) -> list[tuple[int, Method]]:
    """The shop's ways to pay, each with its key, which is the same in every shop."""
    absent = {Method.QRIS} if server.qris is None else set()
    if server.is_alone:
        absent.add(Method.CREDIT)
    if not server.settings.paying.accounts:
        absent.add(Method.TRANSFER)
    return [(key, method) for key, method in enumerate(Method, 1) if method not in absent]


def _pay(server: TillServer, tender: Tender, state: State) -> dict[str, Any]:
    """Take the payment, or tell again what came of it. Raises SaleRefusedError."""
    if server.is_alone and tender.method is Method.CREDIT:
        raise SaleRefusedError("alone", "a voucher's worth is known to the database alone, which is gone")
    seen = cart.view(server.database, server.counter)
    with server.database.reading() as connection:
        if seen.id == tender.cart and seen.lines:
            lines = cashing.sale_lines(connection, seen)
        elif past_sales.find_receipt(connection, tender.cart):
            lines = []
        else:
            raise SaleRefusedError("gone", f"cart {tender.cart} is closed or empty")
    outcome = checkout.pay(server.database, server.counter, g.actor, tender.request(lines, seen.grant), tender.id)
    return done(server, outcome, state) if outcome else state()


def done(server: TillServer, outcome: Outcome, state: State) -> dict[str, Any]:
    """Print the receipt of what was just settled, and show what is left to do: give back, or nothing."""
    receipt = outcome.receipt
    if server.printer and outcome.is_new:
        server.printer.print_sale(receipt, _buyer(server, receipt["id"]))
    return state(receipt=receipt["id"], done=render_template("till/done.html", receipt=receipt, words=paying_words))


def _buyer(server: TillServer, ticket: str) -> Buyer | None:
    """Who bought; a database that went away meanwhile keeps no receipt from being printed."""
    try:
        with server.database.reading() as connection:
            return buyers.of_ticket(connection, ticket)
    except DatabaseGoneError:
        return None


def _qris(server: TillServer, amount: str) -> str:
    """The shop's code as a picture: for the amount, where the shop wants that and it is one."""
    if server.qris is None:
        raise BadInputError(gettext("This shop has no QRIS code."))
    chosen = server.settings.paying.qris
    is_exact = chosen is not None and chosen.exact_amount
    fits = amount.isascii() and amount.isdigit() and 0 < int(amount[:20]) <= LARGEST_AMOUNT
    return qr_code(server.qris.for_amount(int(amount)) if is_exact and fits else server.qris.code).svg
