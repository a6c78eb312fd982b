"""The page of vouchers and store credit: leaders issue them, and see what is left on each."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from pos.barcode_picture import qr_code
from pos.office.turns import in_office
from pos.signing_in import leaders_only
from pos.till import credit_code, store_credit
from pos.till.store_credit import CreditKind
from pos.till_server import TillServer
from shared.pages import words
from shared.pages.speech import gettext

WRONG = 400


def add(pages: Blueprint, server: TillServer) -> None:
    """`/office/vouchers` and all below it."""
    found = CreditPages(server)
    pages.add_url_rule("/vouchers", "vouchers", found.page)
    pages.add_url_rule("/vouchers", "issue_voucher", found.issue, methods=["POST"])
    pages.add_url_rule("/vouchers/<credit>", "voucher", found.one)
    pages.add_url_rule("/vouchers/<credit>.svg", "voucher_code", found.code)


class CreditPages:
    """One shop's vouchers."""

    def __init__(self, server: TillServer) -> None:
        self._server = server

    def page(self, trouble: str = "") -> str:
        """The newest ones, and the form of another."""
        leaders_only()
        with self._server.database.snapshot() as connection:
            found = store_credit.newest(connection)
        return render_template("office/vouchers.html", credits=found, trouble=trouble, printed=credit_code.printed)

    def issue(self) -> Response | tuple[str, int]:
        """Issue a voucher."""
        leaders_only()
        try:
            amount = words.amount(request.form.get("amount", "")[:40], self._server.settings.shop.currency)
            made = in_office(self._server, lambda turn: store_credit.issue(turn, amount, CreditKind.VOUCHER))
        except ValueError:
            return self.page(gettext("Type an amount such as 50.000.")), WRONG
        return redirect(url_for("office.voucher", credit=made.id), 303)

    def one(self, credit: str) -> str:
        """One voucher, to print."""
        return render_template("office/voucher.html", credit=self._find(credit), printed=credit_code.printed)

    def code(self, credit: str) -> Response:
        """Its code, for a scanner."""
        return Response(qr_code(self._find(credit).code).svg, mimetype="image/svg+xml")

    def _find(self, credit: str) -> store_credit.CreditRow:
        leaders_only()
        with self._server.database.reading() as connection:
            found = store_credit.find(connection, credit)
        if found is None:
            raise NotFound
        return found
