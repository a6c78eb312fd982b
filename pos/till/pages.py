"""The till's page, and what it asks while somebody sells."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from flask import Blueprint, Response, g, jsonify, render_template, request
from werkzeug.exceptions import NotFound

from pos import lookup
from pos.customers import till_pages as buyer_pages
from pos.mailing import pages as mailing_pages
from pos.printing.pages import add_printing
from pos.returns import pages as return_pages
from pos.returns import words as return_words
from pos.shifts import pages as shift_pages
from pos.shifts import words as shift_words
from pos.signing_in import Door
from pos.till import (
    approval_pages,
    asked,
    cart,
    cashing,
    discount_pages,
    finding_pages,
    held_pages,
    past_sales,
    paying_pages,
    paying_words,
    telling,
)
from pos.till.basket import PaymentError, SaleRefusedError
from pos.till.cart_view import CartView
from pos.till.discount import Reason
from pos.till.discount_words import discount_word, reason_word
from pos.till.methods import rest
from pos.till.receipt import receipt_codes
from pos.till.receipt_text import receipt_text
from pos.till.telling import Telling
from pos.till_server import TillServer
from shared import product_pictures
from shared.database import DatabaseGoneError
from shared.pages import faults, words
from shared.pages.speech import gettext
from shared.roles import SELLERS
from shared.schema import LARGEST

_CART_WORDS = {"discount_word": discount_word, "back": return_words}
REFUSED, UNPAYABLE = 409, 422


class Windows:
    """Which of the open windows the attached scanners' scans go to: the one that opened last."""

    def __init__(self) -> None:
        self._latest = object()

    def enter(self) -> Callable[[], bool]:
        """Take the scans; the function tells whether another window has them since."""
        self._latest = mine = object()
        return lambda: self._latest is not mine


class Desk:
    """The one cart of this till, drawn after each change."""

    def __init__(self, server: TillServer) -> None:
        self._server = server
        self.currency = server.counter.currency

    def state(self, **more: Any) -> dict[str, Any]:
        """The cart as the page draws it, with what else there is to tell."""
        return self._drawn(cart.view(self._server.database, self._server.counter), **more)

    def scan(self, text: str, beside: str) -> dict[str, Any]:
        """Take one scan; `beside` is an ambiguous serial, which this scan resolves if it is a product's code."""
        server = self._server
        answer = cart.scan(server.database, server.counter, text, beside if beside and self._is_product(text) else "")
        g.has_scanned = True
        seen = cart.view(server.database, server.counter)
        told = telling.tell(server.database, answer, seen, server.counter.timezone)
        ambiguous = answer.text if answer.reason == "ambiguous" else ""
        fresh = answer.line.key if answer.line and answer.level == "good" else ""
        return self._drawn(seen, fresh=fresh, ambiguous=ambiguous, **_answer(told))

    def take_out(self, line: str) -> dict[str, Any]:
        """Take one line out."""
        cart.take_out(self._server.database, self._server.counter, line)
        return self.state()

    def set_quantity(self, product: int, quantity: int) -> dict[str, Any]:
        """Change how many of one product without serials."""
        cart.set_quantity(self._server.database, self._server.counter, product, quantity)
        return self.state(fresh=f"product:{product}")

    def _is_product(self, text: str) -> bool:
        with self._server.database.reading() as connection:
            return lookup.find_product(connection, text) is not None

    def _drawn(self, seen: CartView, *, fresh: str = "", **more: Any) -> dict[str, Any]:
        counter = self._server.counter
        self._server.drawn(seen)
        left = rest(seen.total, seen.paid, counter.rounding)
        notes = cashing.likely_notes(left.cash, words.shop_digits(counter.currency)) if left.cash else []
        return {
            "cart": render_template("till/cart.html", cart=seen, fresh=fresh, **_CART_WORDS),
            "sum": render_template("till/sum.html", cart=seen, tax=counter.tax, left=left),
            "notes": render_template("till/notes.html", left=left, notes=notes),
            "taken": render_template("till/taken.html", taken=seen.taken, words=paying_words) if seen.taken else "",
            "refund": _refund(seen),
            "buyer": render_template("till/buyer_line.html", buyer=seen.buyer) if seen.buyer else "",
            "needs_leader": seen.coming.needs_leader,
            "alone": _alone(self._server),
            "due": left.cashless,
            "due_cash": left.cash,
            "cart_id": seen.id,
            "total": seen.total,
            "count": seen.count,
            **more,
        }


def blueprint(server: TillServer, door: Door) -> Blueprint:
    """`/till` and all below it, for those who sell."""
    pages = Blueprint("till", __name__, url_prefix="/till")
    desk = Desk(server)
    pages.before_request(door.only(SELLERS))
    _add_page(pages, server, desk)
    _add_changes(pages, desk)
    held_pages.add_held(pages, server, desk.state)
    paying_pages.add_paying(pages, server, desk.state)
    approval_pages.add_approval(pages, server)
    discount_pages.add_discounts(pages, server, desk.state)
    finding_pages.add_finding(pages, server)
    mailing_pages.add_mailing(pages, server)
    buyer_pages.add_buyers(pages, server, desk.state)
    return_pages.add_returns(pages, server, desk.state)
    shift_pages.add_shifts(pages, server)
    if server.printer:
        add_printing(pages, server.printer)
    _add_stream(pages, server)
    pages.register_error_handler(SaleRefusedError, lambda error: _refused(desk, error))
    pages.register_error_handler(DatabaseGoneError, _silent)
    return pages


def _add_page(pages: Blueprint, server: TillServer, desk: Desk) -> None:
    @pages.get("")
    def page() -> str:
        shop = server.settings.shop
        digits = words.shop_digits(shop.currency)
        shown = {"scanners": server.scanners(), "digits": digits, "leading": approval_pages.leaders(server)}
        shown |= {"reasons": {reason.value: reason_word(reason) for reason in Reason}}
        return render_template(
            "till/till.html",
            state=desk.state(),
            **shown,
            **paying_pages.shown(server),
            **return_pages.shown(),
            **shift_pages.shown(server),
        )

    @pages.get("/product/<int:product>.jpg")
    def product_picture(product: int) -> Response:
        with server.database.reading() as connection:
            found = product_pictures.find(connection, product) if product <= LARGEST else None
        if found is None:
            raise NotFound
        return Response(found, mimetype="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})

    @pages.get("/customer")
    def customer() -> str:
        return render_template("till/customer.html")

    @pages.get("/cart")
    def show_cart() -> Response:
        return jsonify(desk.state())

    @pages.get("/receipt/<sale_id>")
    def receipt(sale_id: str) -> str:
        found = past_sales.read_receipt(server.database, sale_id)
        text = receipt_text(found, server.settings.shop)
        return render_template("till/receipt.html", text=text, sale_id=sale_id, codes=receipt_codes(found))

    @pages.get("/receipt/<sale_id>/code-<int:number>.svg")
    def receipt_code(sale_id: str, number: int) -> Response:
        with server.database.reading() as connection:
            codes = receipt_codes(past_sales.find_receipt(connection, sale_id) or {})
        if not 1 <= number <= len(codes):
            raise NotFound
        return Response(codes[number - 1].svg, mimetype="image/svg+xml")


def _add_changes(pages: Blueprint, desk: Desk) -> None:
    @pages.post("/scan")
    def scan() -> Response:
        body = asked.body()
        return jsonify(desk.scan(asked.text(body, "text"), asked.text(body, "beside")))

    @pages.post("/take-out")
    def take_out() -> Response:
        return jsonify(desk.take_out(asked.line(asked.body())))

    @pages.post("/quantity")
    def set_quantity() -> Response:
        body = asked.body()
        return jsonify(desk.set_quantity(asked.whole(body, "product"), asked.whole(body, "quantity")))


def _add_stream(pages: Blueprint, server: TillServer) -> None:
    windows = Windows()

    @pages.get("/scans")
    def scans() -> Response:
        is_taken = windows.enter()

        def events() -> Iterator[str]:
            yield ": open\n\n"
            for text in server.scans.stream():
                yield f"data: {json.dumps(text)}\n\n" if text is not None else ": beat\n\n"
            if is_taken():
                yield "event: taken\ndata: {}\n\n"

        return Response(events(), mimetype="text/event-stream")


def _alone(server: TillServer) -> str:
    """What is told of a till that sells from its own copy."""
    standing = server.standing()
    return render_template("till/alone.html", standing=standing) if standing else ""


def _refund(seen: CartView) -> str:
    """How what comes back is paid back, "" while something is left to pay."""
    return render_template("till/refund_parts.html", cart=seen, words=paying_words) if seen.is_paid_back else ""


def _answer(told: Telling) -> dict[str, str]:
    html = render_template("till/answer.html", told=told)
    return {"level": told.level, "reason": told.reason, "answer": html}


def _refused(desk: Desk, error: SaleRefusedError) -> tuple[Response, int]:
    status = UNPAYABLE if isinstance(error, PaymentError) else REFUSED
    return jsonify(desk.state(reason=error.reason, told=_why_not_paid(error, desk.currency))), status


def _silent(error: DatabaseGoneError) -> Response:
    """A scan is answered as one; all else as everywhere."""
    answer = faults.silent(error)
    if request.endpoint == "till.scan":
        told = telling.silent_database(may_have_counted=g.get("has_scanned", False))
        answer = jsonify(_answer(told))
        answer.status_code = faults.SILENT
    return answer


def _why_not_paid(error: SaleRefusedError, currency: str) -> str:
    words_of = {
        "price_changed": gettext("The total has changed. Tell the customer the new one, then pay again."),
        "cart_changed": gettext("The total has changed. Tell the customer the new one, then pay again."),
        "cancelled": gettext("This cart was cancelled. Nothing was paid; start again."),
        "other_content": gettext("This cart was paid already, in another way. Look at its receipt."),
        "gone": gettext("This cart is closed or empty. Nothing was paid."),
        "discount_limit": gettext("A discount is above your limit now. Give it again: a leader allows it."),
        "held_gone": gettext("It was opened at another till, or discarded."),
        "alone": gettext("Not while the database is gone. Choose something else, or wait until it is back."),
        "cart_open": gettext("Another customer's goods are in the cart: hold them first."),
    }
    told = words_of.get(error.reason) or return_words.why_not_settled(error.reason)
    told = told or shift_words.why_refused(error.reason) or paying_words.why_not_taken(error, currency)
    return told or f"{telling.refusal(error.reason)} ({error.facts.get('serial', '')})"
