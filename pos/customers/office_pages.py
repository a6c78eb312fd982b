"""The customers for the office: who bought what, and erasing what is kept of somebody who asks for that."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from pos.customers import known
from pos.customers.known import UnknownCustomerError
from pos.office.filter_fields import page_number
from pos.office.turns import in_office
from pos.signing_in import leaders_only
from pos.till_server import TillServer

LONGEST_TEXT = 80  # characters of what is looked for


def add(pages: Blueprint, server: TillServer) -> None:
    """`/office/customers` and all below it."""
    found = CustomerPages(server)
    pages.add_url_rule("/customers", "customers", found.page)
    pages.add_url_rule("/customers/<ticket>", "customer", found.one)
    pages.add_url_rule("/customers/<ticket>/erase", "erase_customer", found.erase, methods=["POST"])


class CustomerPages:
    """One shop's customers."""

    def __init__(self, server: TillServer) -> None:
        self._server = server

    def page(self) -> str:
        """One page of them, of those that the address looks for."""
        leaders_only()
        about = " ".join(request.args.get("about", "").split())[:LONGEST_TEXT]
        number = page_number(request.args.get("page", "1"))
        with self._server.database.snapshot() as connection:
            found, has_older = known.customers(connection, about if about.isprintable() else "", number)
        shown = {"about": about, "page": number, "has_older": has_older, "is_erased": "erased" in request.args}
        return render_template("customers/customers.html", customers=found, longest=LONGEST_TEXT, **shown)

    def one(self, ticket: str) -> str:
        """What one bought; `ticket` is any of the sales."""
        leaders_only()
        with self._server.database.snapshot() as connection:
            try:
                found = known.customer(connection, ticket)
            except UnknownCustomerError:
                raise NotFound from None
            sales = known.bought(connection, found)
        return render_template("customers/customer.html", customer=found, sales=sales)

    def erase(self, ticket: str) -> Response:
        """Forget who it was."""
        leaders_only()
        try:
            in_office(self._server, lambda turn: known.erase(turn, ticket))
        except UnknownCustomerError:
            raise NotFound from None
        return redirect(url_for("office.customers", erased=""), 303)
