"""What the till's page asks of shifts and the drawer: the dialog, opening, moving cash, closing, reports."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify, render_template
from flask_babel import force_locale
from werkzeug.exceptions import Forbidden, NotFound

from pos.office import people
from pos.printing.slip import receipt_slip
from pos.printing.spool import Job
from pos.shifts import asked, counting, drawer, shift, words
from pos.shifts.drawer import Opening
from pos.shifts.report_text import ShiftText
from pos.shifts.shift import ShiftRow
from pos.till import approval
from pos.till import asked as till_asked
from pos.till.basket import SaleRefusedError
from pos.till.receipt_text import ReceiptText
from pos.till_server import TillServer
from shared.pages.speech import gettext
from shared.roles import LEADERS


def shown(server: TillServer) -> dict[str, Any]:
    """What the till's page shows of shifts and the drawer."""
    with server.database.reading() as connection:
        found = shift.current(connection, server.counter.register) if server.counter.has_shifts else None
    reasons = {reason.value: words.drawer_reason(reason) for reason in drawer.Reason}
    return {"has_shifts": server.counter.has_shifts, "shift": found, "drawer_reasons": reasons}


def add_shifts(pages: Blueprint, server: TillServer) -> None:
    """`/till/shift` and all below it, and `/till/drawer`."""
    found = ShiftPages(server)
    pages.add_url_rule("/shift", "shift", found.dialog)
    pages.add_url_rule("/shift/<uuid:number>", "shift_report", found.report)
    for name in ("open", "move", "close", "print"):
        pages.add_url_rule(f"/shift/{name}", f"shift_{name}", getattr(found, f"{name}_it"), methods=["POST"])
    if server.printer:
        pages.add_url_rule("/drawer", "drawer", found.open_drawer, methods=["POST"])


class ShiftPages:
    """One till's shifts."""

    def __init__(self, server: TillServer) -> None:
        self._server = server
        self._database, self._counter = server.database, server.counter

    def dialog(self) -> Response:
        """How the shift stands, and what can be done."""
        return self._drawn()

    def report(self, number: UUID) -> str:
        """A shift's report: X while it is open, Z once it is closed."""
        found, text = self._text(str(number))
        return render_template("till/shift_report.html", text=text, shift=found)

    def open_it(self) -> Response:
        """Open a shift; the drawer opens for its cash."""
        body = till_asked.body()
        count = asked.count(body, self._counter.currency)
        shift.open_shift(self._database, self._counter, g.actor, asked.number(body), count)
        self._open_drawer()
        return self._drawn(told=gettext("The shift is open."))

    def move_it(self) -> Response:
        """Put cash in, or take it out, once a leader allows it; the drawer opens for it."""
        body = till_asked.body()
        move = asked.move(body)
        what = words.move_asked(move, self._counter.currency)
        allowed = approval.leader(self._database, g.actor, till_asked.approval(body), what, alone=True)
        if shift.move_cash(self._database, self._counter, g.actor, replace(move, approved_by=allowed.id)):
            self._open_drawer()
        return self._drawn(told=gettext("Written down. The drawer opens."))

    def close_it(self) -> Response:
        """Close the shift with what was counted, and print its report; not while it lacks sales made alone."""
        if self._server.standing():
            raise SaleRefusedError("sales_waiting", "the till has sales that the database has not yet")
        body = till_asked.body()
        number = till_asked.number(body, "shift")
        count = asked.count(body, self._counter.currency, is_closing=True)
        with self._database.reading() as connection:
            before = shift.find(connection, number)
        closed = shift.close_shift(self._database, self._counter, g.actor, number, count)
        if before and before.is_open:
            self._print(number)
        return self._drawn(closed=closed)

    def print_it(self) -> Response:
        """Print a shift's report."""
        number = till_asked.number(till_asked.body(), "shift")
        self._text(number)
        self._print(number)
        return self._drawn(told=gettext("The report is printed."))

    def open_drawer(self) -> Response:
        """Open the drawer without a sale, once a leader allows it."""
        body = till_asked.body()
        number, (reason, note) = asked.number(body), asked.drawer_why(body)
        what = gettext("Open the drawer without a sale: %(why)s.", why=words.drawer_reason(reason))
        allowed = approval.leader(self._database, g.actor, till_asked.approval(body), what, alone=True)
        if drawer.note_opening(self._database, self._counter, g.actor, Opening(number, reason, note, allowed.id)):
            self._open_drawer()
        return jsonify(told=gettext("The drawer opens."))

    def _drawn(self, told: str = "", closed: ShiftRow | None = None) -> Response:
        with self._database.reading() as connection:
            found = shift.current(connection, self._counter.register)
            own = shift.newest_of(connection, g.actor.id)
        html = render_template(
            "till/shift.html",
            shift=found,
            closed=closed,
            own=own,
            told=told,
            worths=counting.worths(self._counter.currency),
            reasons={reason.value: words.move_reason(reason) for reason in shift.Reason},
        )
        return jsonify(html=html, button=render_template("till/shift_button.html", shift=found), is_open=bool(found))

    def _text(self, number: str) -> tuple[ShiftRow, ReceiptText]:
        """A shift and its report, which leaders see of all shifts, and others of their own: blind while it is open."""
        with self._database.snapshot() as connection:
            found = shift.find(connection, number)
            if found is None:
                raise NotFound
            is_leader = g.actor.role in LEADERS
            if not is_leader and g.actor.id not in {found.opened_by, found.closed_by}:
                raise Forbidden
            report = shift.report_of(connection, self._counter.store, found)
            names, moves = people.names(connection), shift.moves_of(connection, number)
        told = ShiftText(self._server.settings.shop, names, moves, is_blind=found.is_open and not is_leader)
        return found, told.of(found, report)

    def _print(self, number: str) -> None:
        printer = self._server.printer
        if printer:
            with force_locale(printer.shop.language):
                _, text = self._text(number)
            printer.spool.put(Job(text.number, receipt_slip(text, (), printer.spool.columns)))

    def _open_drawer(self) -> None:
        if self._server.printer:
            self._server.printer.spool.put(Job("", (), opens_drawer=True))
