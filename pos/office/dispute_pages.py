"""The page of sales in dispute: a leader sees what was found of each, and keeps how it was settled."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from pos import disputes
from pos.disputes import LONGEST_NOTE, DisputeGoneError
from pos.office.turns import in_office
from pos.signing_in import leaders_only
from pos.till_server import TillServer
from shared import staff
from shared.pages.faults import BadInputError
from shared.pages.speech import gettext

SALE = "/disputes/<sale>"
REASONS = {
    "paid": lazy_gettext("was sold elsewhere meanwhile"),
    "departed": lazy_gettext("was sold elsewhere meanwhile, and has left"),
    "returned": lazy_gettext("came back meanwhile, and waits for inspection"),
    "quarantined": lazy_gettext("was held back for inspection meanwhile"),
    "in_transit": lazy_gettext("was sent to another place meanwhile"),
    "written_off": lazy_gettext("was written off meanwhile"),
    "unknown": lazy_gettext("is not in the database any more"),
    "reference_used": lazy_gettext("was used for another payment"),
    "cancelled": lazy_gettext("The cart was cancelled in the database before."),
    "other_content": lazy_gettext("The cart was paid in the database before, in another way."),
    "unrecorded": lazy_gettext("It could not be recorded as a sale: its money is in no report."),
}


def add(pages: Blueprint, server: TillServer) -> None:
    """`/office/disputes` and all below it."""
    found = DisputePages(server)
    pages.add_url_rule("/disputes", "disputes", found.page)
    pages.add_url_rule(SALE, "dispute", found.one)
    pages.add_url_rule(SALE, "resolve_dispute", found.resolve, methods=["POST"])
    pages.app_context_processor(lambda: {"open_disputes": found.count})


class DisputePages:
    """One shop's sales in dispute."""

    def __init__(self, server: TillServer) -> None:
        self._server = server

    def count(self) -> int:
        """How many wait for a leader."""
        with self._server.database.reading() as connection:
            return disputes.count_open(connection)

    def page(self) -> str:
        """The open ones, then the newest of the others."""
        leaders_only()
        with self._server.database.snapshot() as connection:
            found = disputes.newest(connection)
        return render_template("office/disputes.html", disputes=found, reasons=REASONS)

    def one(self, sale: str) -> str:
        """One of them, with the receipt that the customer has."""
        leaders_only()
        with self._server.database.snapshot() as connection:
            found = disputes.find(connection, sale)
            who = staff.person(connection, found.resolved_by) if found else None
        if found is None:
            raise NotFound
        return render_template(
            "office/dispute.html", one=found, reasons=REASONS, who=who.name if who else "", longest=LONGEST_NOTE
        )

    def resolve(self, sale: str) -> Response:
        """Keep how it was settled."""
        leaders_only()
        note = " ".join(request.form.get("note", "").split())
        if not 0 < len(note) <= LONGEST_NOTE or not note.isprintable():
            raise BadInputError(gettext("Say in a few words how it was settled."))
        try:
            in_office(self._server, lambda turn: disputes.resolve(turn, sale, note))
        except DisputeGoneError:
            raise NotFound from None
        return redirect(url_for("office.disputes"), 303)
