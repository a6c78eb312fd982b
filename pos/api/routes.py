"""The JSON API, version 1. Every answer that is not one is a problem document."""

from importlib.resources import files
from typing import Any

from flask import Blueprint, Response, g, jsonify, request
from werkzeug.exceptions import HTTPException

from pos.api import gates
from pos.api.alarm_feed import newer_alarms
from pos.api.doorkeeper import Doorkeeper
from pos.api.json_body import parse_body
from pos.api.problems import Problem, of_http
from pos.api.sale_request import parse_sale
from pos.office.item_card import ItemCard, find_cards
from pos.till import checkout, sale
from pos.till_server import TillServer
from shared.database import DatabaseError
from shared.roles import PEOPLE, SELLERS


def blueprint(server: TillServer) -> Blueprint:
    """The API of this till."""
    api = Blueprint("api", __name__, url_prefix="/api/v1")
    allowed = Doorkeeper(server)
    currency = server.settings.shop.currency

    @api.get("/openapi.json")
    def openapi() -> Response:
        return Response(files("pos.api").joinpath("openapi.json").read_bytes(), mimetype="application/json")

    @api.get("/items")
    @allowed.roles(PEOPLE)
    def item_by_code() -> Response:
        text = request.args.get("code", "")
        if not text:
            raise Problem(400, "bad_request", "expected ?code= with a scanned text")
        return _one_item(server, text, currency)

    @api.get("/items/<path:serial>")
    @allowed.roles(PEOPLE)
    def item_by_serial(serial: str) -> Response:
        return _one_item(server, serial, currency)

    @api.post("/sales")
    @allowed.roles(SELLERS)
    def sell() -> Response:
        wanted = parse_sale(parse_body(request.get_data()))
        outcome = checkout.sell(server.database, server.counter, g.actor, wanted)
        return _json(outcome.receipt, 201 if outcome.is_new else 200)

    @api.get("/alarms")
    @allowed.roles(PEOPLE)
    def alarms() -> Response:
        with server.database.snapshot() as connection:
            page = newer_alarms(connection, server.counter.store, request.args.get("after"))
        return _json({"alarms": page.alarms, "next": page.next}, 200)

    api.register_blueprint(gates.blueprint(allowed, server.knows))
    _answer_errors(api)
    return api


def _one_item(server: TillServer, text: str, currency: str) -> Response:
    with server.database.snapshot() as connection:
        cards = find_cards(connection, text)
    if not cards:
        raise Problem(404, "unknown", "no unit with this serial was received")
    if len(cards) > 1:
        candidates = [
            {"serial": card.item.serial, "product": _product(card), "state": card.item.state} for card in cards
        ]
        raise Problem(409, "ambiguous", "this serial is on units of several products", candidates=candidates)
    card = cards[0]
    body = {"serial": card.item.serial, "state": card.item.state, "product": _product(card)}
    product = card.item.product
    costs = {"price": product.price, "tax_class": product.tax_class, "currency": currency}
    return _json({**body, **costs, "history": card.history}, 200)


def _product(card: ItemCard) -> dict[str, str]:
    return {"code": card.item.product.code, "name": card.item.product.name}


def _json(body: dict[str, Any], status: int) -> Response:
    answer = jsonify(body)
    answer.status_code = status
    return answer


def _answer_errors(api: Blueprint) -> None:
    @api.errorhandler(Problem)
    def problem(error: Problem) -> Response:
        return error.response()

    @api.errorhandler(sale.SaleRefusedError)
    def refused(error: sale.SaleRefusedError) -> Response:
        status = 422 if isinstance(error, sale.PaymentError) else 409
        return Problem(status, error.reason, error.detail, **error.facts).response()

    @api.errorhandler(DatabaseError)
    def silent(error: DatabaseError) -> Response:
        return Problem(503, "database_silent", f"{error}. Nothing was changed; send the same request again.").response()

    @api.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        return of_http(error).response()
