"""The office's pages: for now the alarm log and the gates."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response

from pos.office import alarms
from pos.office.alarms import UnknownGateError
from pos.office.labels import Label
from pos.office.register import OFFICE
from pos.signing_in import Door
from pos.till_server import TillServer
from shared import ledger
from shared.pages.speech import gettext
from shared.roles import LEADERS, WATCHERS
from shared.walk_label import walk_label

MOST_PAGES = 100_000


def blueprint(server: TillServer, door: Door) -> Blueprint:
    """`/office` and all below it."""
    pages = Blueprint("office", __name__, url_prefix="/office")
    pages.before_request(door.only(WATCHERS))
    _add_alarms(pages, server)
    _add_arming(pages, server)
    _add_walk_label(pages, server)
    return pages


def reason_name(reason: str) -> str:
    """An alarm's reason in words."""
    return {
        "unpaid": gettext("Not paid"),
        "unconfirmed": gettext("Not paid, not confirmed"),
        "written_off": gettext("Written off"),
        "late": gettext("Found out later"),
        "restored": gettext("Paid, but the sale was lost when a backup was put back"),
    }.get(reason, reason)


def _add_alarms(pages: Blueprint, server: TillServer) -> None:
    @pages.get("/alarms")
    def alarm_log() -> str:
        page = _page_number(request.args.get("page", "1"))
        with server.database.snapshot() as connection:
            found, has_older = alarms.incidents(connection, page)
            gates = alarms.gates(connection)
        return render_template(
            "office/alarms.html", incidents=found, gates=gates, page=page, has_older=has_older, reason_name=reason_name
        )


def _add_arming(pages: Blueprint, server: TillServer) -> None:
    @pages.get("/gates/<name>/arm")
    def ask_to_arm(name: str) -> str:
        _leaders_only()
        with server.database.snapshot() as connection:
            gate = next((gate for gate in alarms.gates(connection) if gate.name == name), None)
        if gate is None:
            raise NotFound
        return render_template("office/arm.html", gate=gate)

    @pages.post("/gates/<name>/arm")
    def arm(name: str) -> Response:
        _leaders_only()
        try:
            ledger.take_turn(
                server.database, server.counter.store, OFFICE, g.actor.id, lambda turn: alarms.arm(turn, name)
            )
        except UnknownGateError:
            raise NotFound from None
        return redirect(url_for("first_day.guide" if "first_day" in request.args else "office.alarm_log"), 303)


def _add_walk_label(pages: Blueprint, server: TillServer) -> None:
    @pages.get("/gates/<name>/walk-label.pdf")
    def walk_label_sheet(name: str) -> Response:
        from pos.office import label_sheet  # noqa: PLC0415 - a till that prints no labels starts sooner without it

        with server.database.snapshot() as connection:
            if name not in {gate.name for gate in alarms.gates(connection)}:
                raise NotFound
        label = Label(gettext("Test label of %(gate)s", gate=name), walk_label(name))
        return Response(label_sheet.draw([label]), mimetype="application/pdf")


def _leaders_only() -> None:
    if g.actor.role not in LEADERS:
        raise Forbidden


def _page_number(given: str) -> int:
    if not given.isascii() or not given.isdigit() or len(given) > len(str(MOST_PAGES)) or int(given) == 0:
        raise NotFound
    return int(given)
