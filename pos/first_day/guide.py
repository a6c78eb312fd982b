"""The guide: one page that shows the step to do now, and goes on by itself when the shop has done it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from hardware.inventory import found_devices
from pos import lookup
from pos.first_day import gate_form
from pos.first_day.gate_health import gate_health
from pos.first_day.progress import Progress, Step, progress
from pos.office import labels, products
from pos.office.register import OFFICE
from pos.signing_in import Door
from pos.till_server import TillServer
from shared import ledger, settings_file, staff
from shared.codes import printed
from shared.ledger import Turn
from shared.pages import words
from shared.pages.faults import BadInputError
from shared.pages.speech import gettext
from shared.roles import LEADERS, Role
from shared.settings import SettingsError
from shared.staff import Actor, StaffError

FIRST_UNITS = 10
ROLES = [Role.CASHIER, Role.SECURITY, Role.CLERK, Role.SERVICE, Role.MANAGER, Role.ADMIN]
LONGEST_SCAN = 2000
WRONG = 422


def blueprint(server: TillServer, door: Door) -> Blueprint:
    """`/first-day` and all below it."""
    pages = Blueprint("first_day", __name__, url_prefix="/first-day")
    pages.before_request(door.only(LEADERS))
    guide = Guide(server)
    pages.add_url_rule("", "guide", guide.page)
    pages.add_url_rule("/mark", "mark", guide.mark)
    pages.add_url_rule("/labels.pdf", "labels", guide.label_sheet)
    pages.add_url_rule("/scan", "scan", guide.scan, methods=["POST"])
    acts = {"product": guide.list_product, "units": guide.receive, "gate": guide.pair_gate, "people": guide.add_person}
    for name, act in acts.items():
        pages.add_url_rule(f"/{name}", name, act, methods=["POST"])
    return pages


class Guide:
    """One till's guide. Where the shop stands is told from the database at each look."""

    def __init__(self, server: TillServer) -> None:
        self._server = server

    def progress(self) -> Progress:
        """How far the shop has come."""
        with self._server.database.snapshot() as connection:
            return progress(connection, has_scanned=self._server.opening.has_scanned)

    def mark(self) -> Response:
        """A word that changes when the page would look different."""
        seen = self.progress()
        return jsonify({"mark": _mark(seen, self._gate_trouble(seen))})

    def page(self, status: int = 200, **more: Any) -> tuple[str, int]:
        """The guide as it stands now; `more` is what a form that was refused has to say."""
        seen = self.progress()
        gate_trouble = self._gate_trouble(seen)
        shown = {
            "seen": seen,
            "steps": list(Step),
            "mark": _mark(seen, gate_trouble),
            "most_labels": labels.MOST,
            "first_units": FIRST_UNITS,
            "gate": self._server.settings.gate,
            "gate_trouble": gate_trouble,
            "devices": found_devices() if seen.current is Step.GATE else [],
            "file": self._server.settings.file,
            "tax": self._server.settings.tax,
            "people": self._people() if seen.current is None else [],
            "roles": ROLES,
            "trouble": {},
            "trouble_table": "",
            "filled": {},
        }
        return render_template("first_day/guide.html", **{**shown, **more}), status

    def list_product(self) -> AnyResponse | tuple[str, int]:
        """Take the first product."""
        filled = {name: request.form.get(name, "").strip() for name in ("code", "name", "price", "tax_class")}
        tax = self._server.settings.tax
        try:
            price = str(words.amount(filled["price"], self._server.settings.shop.currency))
            listing = products.listing({**filled, "price": price, "serialised": "yes"}, tax.classes)
        except ValueError as error:
            return self.page(WRONG, trouble={"product": _product_trouble(error)}, filled=filled)
        self._in_office(lambda turn: products.list_products(turn, [listing]))
        return _back()

    def receive(self) -> AnyResponse:
        """Receive units of the first product under own serials."""
        count = request.form.get("count", "")
        if not count.isascii() or not count.isdigit() or not 1 <= int(count[:6]) <= labels.MOST:
            raise BadInputError(gettext("Choose 1 to %(most)d units.", most=labels.MOST))
        self._in_office(lambda turn: labels.issue(turn, _first_product(turn), int(count)))
        return _back()

    def label_sheet(self) -> Response:
        """The labels of what is in stock, as a PDF to print."""
        from pos.office import label_sheet  # noqa: PLC0415 - a till that prints no labels starts sooner without it

        with self._server.database.reading() as connection:
            found = labels.in_stock(connection)
        if not found:
            raise NotFound
        return Response(label_sheet.draw(found), mimetype="application/pdf")

    def scan(self) -> Response:
        """What a label says that was read back."""
        sent = request.get_json()
        text = sent.get("text") if isinstance(sent, dict) else None
        if not isinstance(text, str) or not 0 < len(text) <= LONGEST_SCAN:
            raise BadInputError(gettext("The address or the form held something unexpected. Nothing was changed."))
        with self._server.database.reading() as connection:
            named = lookup.name_texts(connection, [text])[0]
            found = lookup.find_items(connection, named.items)
        if len(found) != 1:
            return jsonify({"found": False, "said": gettext("That is none of your labels. Scan one of the sheet.")})
        self._server.opening.has_scanned = True
        said = gettext("Right: %(name)s, %(serial)s.", name=found[0].product.name, serial=printed(found[0].serial))
        return jsonify({"found": True, "said": said})

    def pair_gate(self) -> AnyResponse | tuple[str, int]:
        """Write the gate of this machine into the settings."""
        form = gate_form.read_form(request.form)
        if mistakes := form.mistakes():
            return self.page(WRONG, trouble={"gate": mistakes}, filled=request.form)
        tables, file = form.tables(self._server.settings.till.listen), self._server.settings.file
        try:
            self._server.adopt(settings_file.change(file, {"gate": tables}))
        except (OSError, SettingsError) as error:
            table = settings_file.shown("gate", tables)
            return self.page(WRONG, trouble={"gate": [str(error)]}, trouble_table=table, filled=request.form)
        return _back()

    def add_person(self) -> AnyResponse | tuple[str, int]:
        """Take one more person on the staff."""
        filled = {name: request.form.get(name, "").strip() for name in ("person", "role")}
        if filled["role"] not in ROLES:
            raise BadInputError(gettext("Choose one from the list."))
        try:
            self._in_office(
                lambda turn: staff.add_person(turn, filled["person"], Role(filled["role"]), request.form.get("pin", ""))
            )
        except StaffError:
            told = gettext("Give a name that nobody here has yet, and a PIN of 4 to 12 digits.")
            return self.page(WRONG, trouble={"people": told}, filled=filled)
        return _back()

    def _gate_trouble(self, seen: Progress) -> list[str]:
        """What keeps the gate of this machine from watching."""
        gate = self._server.settings.gate
        if gate is None or seen.current not in {Step.GATE, Step.WALK, Step.ARM}:
            return []
        health = gate_health(gate)
        return ["silent"] if health is None else [str(part) for part in health.get("down", ())]

    def _people(self) -> list[Actor]:
        with self._server.database.reading() as connection:
            return staff.people(connection)

    def _in_office(self, work: Callable[[Turn], Any]) -> None:
        ledger.take_turn(self._server.database, self._server.counter.store, OFFICE, g.actor.id, work)


def _mark(seen: Progress, gate_trouble: list[str]) -> str:
    return f"{seen!r} {gate_trouble}"


def _first_product(turn: Turn) -> lookup.ProductRow:
    found = lookup.first_product(turn.connection)
    if found is None:
        raise NotFound
    return found


def _product_trouble(error: ValueError) -> str:
    field = str(error).partition(":")[0]
    return {
        "code": gettext("Code: letters, digits or signs without spaces; the barcode on the box will do."),
        "name": gettext("Name: what the label and the receipt will say."),
        "price": gettext("Price: a number such as 150000."),
    }.get(field, str(error))


def _back() -> AnyResponse:
    return redirect(url_for("first_day.guide"), 303)
