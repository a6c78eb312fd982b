"""A gate's pages: the one that asks before it arms the gate, and the label to test it with."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from pos.office import gates
from pos.office.labels import Label
from pos.office.turns import in_office
from pos.signing_in import leaders_only
from pos.till_server import TillServer
from shared.gate_rules import UnknownGateError
from shared.pages.speech import gettext
from shared.walk_label import walk_label


def add(pages: Blueprint, server: TillServer) -> None:
    """`/office/gates/<name>` and all below it."""
    _add_arming(pages, server)
    _add_walk_label(pages, server)


def _add_arming(pages: Blueprint, server: TillServer) -> None:

    @pages.get("/gates/<name>/arm")
    def ask_to_arm(name: str) -> str:
        leaders_only()
        with server.database.snapshot() as connection:
            gate = next((gate for gate in gates.gates(connection) if gate.name == name), None)
        if gate is None:
            raise NotFound
        return render_template("office/arm.html", gate=gate)

    @pages.post("/gates/<name>/arm")
    def arm(name: str) -> Response:
        leaders_only()
        try:
            in_office(server, lambda turn: gates.arm(turn, name))
        except UnknownGateError:
            raise NotFound from None
        return redirect(url_for("first_day.guide" if "first_day" in request.args else "office.alarm_log"), 303)


def _add_walk_label(pages: Blueprint, server: TillServer) -> None:
    @pages.get("/gates/<name>/walk-label.pdf")
    def walk_label_sheet(name: str) -> Response:
        from pos.office import label_sheet  # noqa: PLC0415 - a till that prints no labels starts sooner without it

        with server.database.snapshot() as connection:
            if name not in {gate.name for gate in gates.gates(connection)}:
                raise NotFound
        label = Label(gettext("Test label of %(gate)s", gate=name), walk_label(name))
        return Response(label_sheet.draw([label]), mimetype="application/pdf")
