"""The page of vouchers and store credit: leaders issue them, and see what is left on each."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from pos.barcode_picture import qr_code
from pos.office.turns import in_office
from pos.signing_in import leaders_only
from pos.till import credit_code, store_credit
from pos.till.credit_code import CreditCodeError
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
    pages.add_url_rule("/vouchers/of", "find_voucher", found.find)
    pages.add_url_rule("/vouchers/<credit>", "voucher", found.one)
    pages.add_url_rule("/vouchers/<credit>.svg", "voucher_code", found.code)


class CreditPages:
    """One shop's vouchers."""

    def __init__(self, server: TillServer) -> None:
        self._server = server

    def page(self, trouble: str = "", not_found: str = "") -> str:
        """The newest ones, the form of another, and the search for one whose code somebody brings."""
        leaders_only()
        with self._server.database.snapshot() as connection:
            found = store_credit.newest(connection)
        told = {"trouble": trouble, "not_found": not_found}
        return render_template("office/vouchers.html", credits=found, printed=credit_code.printed, **told)

    def issue(self) -> Response | tuple[str, int]:
        """Issue a voucher."""
        leaders_only()
        try:
            amount = words.amount(request.form.get("amount", "")[:40], self._server.settings.shop.currency)
            made = in_office(self._server, lambda turn: store_credit.issue(turn, amount, CreditKind.VOUCHER))
        except ValueError:
            return self.page(gettext("Type an amount such as 50.000.")), WRONG
        return redirect(url_for("office.voucher", credit=made.id), 303)

    def find(self) -> Response | tuple[str, int]:
        """The voucher or store credit of a code that was scanned or typed."""
        leaders_only()
        try:
            credit = credit_code.credit_id(credit_code.read_code(request.args.get("code", "")))
        except CreditCodeError:
            return self.page(not_found=gettext("Scan the voucher's code, or type it: LC and 13 characters.")), WRONG
        with self._server.database.reading() as connection:
            if store_credit.find(connection, credit) is None:
                return self.page(not_found=gettext("This shop never issued that code.")), WRONG
        return redirect(url_for("office.voucher", credit=credit), 303)

    def one(self, credit: str) -> str:
        """One voucher, to print, and what it paid."""
        found = self._find(credit)
        with self._server.database.reading() as connection:
            spent = store_credit.spent_on(connection, credit)
        return render_template("office/voucher.html", credit=found, spent=spent, printed=credit_code.printed)

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
