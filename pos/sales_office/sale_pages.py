"""The list of sales, the page of one, and printing its receipt again."""

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from pos.customers import buyers
from pos.office import people, spreadsheet
from pos.office.filter_fields import FilterForm, page_number
from pos.office.payments import Standing
from pos.office.spreadsheet import Sheet
from pos.returns import words as return_words
from pos.sales_office import sale_export, sale_words, sales
from pos.sales_office.one_sale import UnknownSaleError, one_sale
from pos.sales_office.sale_filter import SaleFilter, read_filter
from pos.signing_in import leaders_only
from pos.till.discount_words import reason_word
from pos.till.paying_words import method_name
from pos.till_server import TillServer
from shared.pages.speech import gettext


def add(pages: Blueprint, server: TillServer) -> None:
    """`/office/sales` and all below it."""
    found = SalePages(server)
    pages.add_url_rule("/sales", "sales", found.page)
    pages.add_url_rule("/sales.<kind>", "export_sales", found.export)
    pages.add_url_rule("/sales/<sale>", "sale", found.sale)
    if server.printer:
        pages.add_url_rule("/sales/<sale>/print", "print_sale", found.print_again, methods=["POST"])


class SalePages:
    """One shop's sales."""

    def __init__(self, server: TillServer) -> None:
        self._server = server

    def page(self) -> str:
        """One page of the sales, filtered as the address says."""
        leaders_only()
        number = page_number(request.args.get("page", "1"))
        with self._server.database.snapshot() as connection:
            names, tills, form = self._filter(connection)
            found, has_older = sales.sales(connection, form.wanted, number)
            sums = sales.sums(connection, form.wanted)
        choices = {
            "tills": [(till, till) for till in tills],
            "people": list(names.items()),
            "methods": sale_words.method_choices(),
        }
        return render_template(
            "sales_office/sales.html",
            sales=found,
            sums=sums,
            form=form,
            choices=choices,
            names=names,
            page=number,
            has_older=has_older,
            words=sale_words,
        )

    def export(self, kind: str) -> Response:
        """The filtered sales as a file; a filter that is wrong leads back to the page that says so."""
        leaders_only()
        if kind not in spreadsheet.WRITERS:
            raise NotFound
        shop = self._server.settings.shop
        with self._server.database.snapshot() as connection:
            _, _, form = self._filter(connection)
            if form.troubles:
                return redirect(url_for("office.sales", **form.filled), 303)  # type: ignore[arg-type]
            rows = sale_export.rows(connection, form.wanted, shop.timezone)
            return spreadsheet.send(kind, "sales", Sheet(gettext("Sales"), sale_export.heading(), rows, shop.currency))

    def sale(self, sale: str) -> str:
        """One sale: what was sold, what became of it, how it was paid."""
        leaders_only()
        with self._server.database.snapshot() as connection:
            try:
                found = one_sale(connection, sale)
            except UnknownSaleError:
                raise NotFound from None
            names, buyer = people.names(connection), buyers.of_ticket(connection, sale)
        return render_template(
            "sales_office/sale.html",
            sale=found,
            buyer=buyer,
            names=names,
            words=sale_words,
            standings=Standing,
            method_name=method_name,
            reason_word=reason_word,
            return_words=return_words,
            is_printed="printed" in request.args,
        )

    def print_again(self, sale: str) -> Response:
        """Print its receipt at this till, marked as a copy."""
        leaders_only()
        if self._server.printer is None or not self._server.printer.print_again(sale):
            raise NotFound
        return redirect(url_for("office.sale", sale=sale, printed=""), 303)

    def _filter(self, connection: Connection) -> tuple[dict[str, str], list[str], FilterForm[SaleFilter]]:
        shop = self._server.settings.shop
        names, tills = people.names(connection), sales.tills(connection)
        return names, tills, read_filter(request.args, tills, names, shop.timezone, shop.currency)
