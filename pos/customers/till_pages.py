"""Telling the till who buys, as its page asks for it."""

import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify

from pos.customers import buyers
from pos.customers.buyers import Buyer
from pos.till import asked, cart
from pos.till.basket import SaleRefusedError
from pos.till_server import TillServer
from shared.pages.faults import BadInputError
from shared.pages.speech import gettext

LONGEST_NAME = LONGEST_NOTE = 80  # characters
_PHONE = re.compile(r"\+?[0-9]{6,15}")  # as ITU-T E.164 has them; an extension is a note
_BETWEEN = re.compile(r"[\s().\-/]")  # what people write between its digits


def add_buyers(pages: Blueprint, server: TillServer, state: Callable[..., dict[str, Any]]) -> None:
    """`/till/buyer`, and `/till/buyer/known`; `state` draws the till's cart."""
    database = server.database

    @pages.post("/buyer")
    def tell() -> Response:
        body = asked.body()
        told = Buyer(asked.short(body, "name", LONGEST_NAME), _phone(body), asked.short(body, "note", LONGEST_NOTE))
        _not_alone(server)
        cart.tell_buyer(database, server.counter, asked.text(body, "cart"), told)
        return jsonify(state())

    @pages.post("/buyer/known")
    def known() -> Response:
        phone = _phone(asked.body())
        _not_alone(server)
        with database.reading() as connection:
            return jsonify(name=buyers.name_of(connection, phone) if phone else "")


def _phone(body: dict[str, Any]) -> str:
    phone = _BETWEEN.sub("", asked.text(body, "phone"))
    if phone and not _PHONE.fullmatch(phone):
        raise BadInputError(gettext("Expected a phone number of 6 to 15 digits, such as 0812 3456 7890."))
    return phone


def _not_alone(server: TillServer) -> None:
    if server.is_alone:
        raise SaleRefusedError("alone", "what is told of a buyer would stay in the till's own copy")
