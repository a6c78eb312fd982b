"""The page of the payments that are not cash: leaders hold them against the statement, day by day."""

from datetime import date, datetime, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from pos.office import payments
from pos.office.filter_fields import day_begins
from pos.office.payments import Standing, UnknownPaymentError
from pos.office.turns import in_office
from pos.signing_in import leaders_only
from pos.till import cashing
from pos.till.basket import SaleRefusedError
from pos.till.methods import Method
from pos.till.paying_words import method_name, why_not_taken
from pos.till_server import TillServer
from shared.pages.faults import BadInputError

WRONG = 400


def add(pages: Blueprint, server: TillServer) -> None:
    """`/office/payments` and all below it."""
    found = PaymentPages(server)
    pages.add_url_rule("/payments", "payments", found.page)
    pages.add_url_rule("/payments/<sale>/<int(max=999):line>", "mark_payment", found.mark, methods=["POST"])
    pages.add_url_rule("/payments/<sale>/<int(max=999):line>/anew", "pay_anew", found.pay_anew, methods=["POST"])


class PaymentPages:
    """One shop's payments."""

    def __init__(self, server: TillServer) -> None:
        self._server = server

    def page(self, trouble: str = "") -> str:
        """The payments of one day, and every sale that is owed."""
        leaders_only()
        zone = self._server.settings.shop.timezone
        day = _day(request.args.get("day", ""), datetime.now(zone).date())
        start, end = (day_begins(at, zone) for at in (day, day + timedelta(days=1)))
        with self._server.database.snapshot() as connection:
            found, owed = payments.between(connection, start, end), payments.owed(connection)
        shown = {"day": day, "trouble": trouble, "ways": payments.ANEW, "standings": Standing}
        return render_template("office/payments.html", payments=found, owed=owed, method_name=method_name, **shown)

    def mark(self, sale: str, line: int) -> Response:
        """Keep what somebody found in the statement."""
        leaders_only()
        standing = request.form.get("standing")
        if standing not in payments.FOUND:
            raise NotFound
        try:
            in_office(self._server, lambda turn: payments.mark(turn, sale, line, Standing(standing)))
        except UnknownPaymentError:
            raise NotFound from None
        return redirect(url_for("office.payments", day=request.form.get("day", "")[:10]), 303)

    def pay_anew(self, sale: str, line: int) -> Response | tuple[str, int]:
        """Keep that what was owed came in another way."""
        leaders_only()
        method = request.form.get("method")
        if method not in payments.ANEW:
            raise NotFound
        try:
            reference = cashing.reference(Method(method), request.form.get("reference", ""))
            in_office(self._server, lambda turn: payments.pay_anew(turn, sale, line, Method(method), reference))
        except BadInputError as error:
            return self.page(str(error)), WRONG
        except SaleRefusedError as error:
            return self.page(why_not_taken(error, self._server.counter.currency)), WRONG
        except UnknownPaymentError:
            raise NotFound from None
        return redirect(url_for("office.payments"), 303)


def _day(text: str, today: date) -> date:
    try:
        chosen = date.fromisoformat(text)
    except ValueError:
        return today
    return min(max(chosen, date(2000, 1, 1)), today)
