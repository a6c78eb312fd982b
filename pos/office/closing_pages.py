"""After-closing mode of a gate, put on and off in the office."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from pos.office import gates
from pos.office.turns import in_office
from pos.till_server import TillServer
from shared import closing_choices, gate_rules
from shared.closing_choices import CHOICES, FOREVER, OFF, UNTIL_ENDED
from shared.gate_rules import Closed, UnknownGateError
from shared.ledger import Turn
from shared.pages.faults import BadInputError
from shared.pages.speech import gettext, ngettext


def add(pages: Blueprint, server: TillServer) -> None:
    """`/office/gates/<name>/closing`."""
    pages.app_context_processor(lambda: {"forever": FOREVER})

    @pages.get("/gates/<name>/closing")
    def closing(name: str) -> str:
        with server.database.snapshot() as connection:
            gate = next((gate for gate in gates.gates(connection) if gate.name == name), None)
        if gate is None:
            raise NotFound
        return render_template("office/closing.html", gate=gate, choices=CHOICES, words=choice_name)

    @pages.post("/gates/<name>/closing")
    def close(name: str) -> Response:
        choice = request.form.get("hours", "")
        if choice not in CHOICES:
            raise BadInputError(gettext("Choose one from the list."))

        def decided(turn: Turn) -> None:
            known = gate_rules.known(turn.connection, name)
            at = max(turn.now, known.closed.at + 1) if known else turn.now  # the gate's clock may be ahead
            gate_rules.close(turn, name, Closed(closing_choices.until(choice, turn.now), at), turn.actor)

        try:
            in_office(server, decided)
        except UnknownGateError:
            raise NotFound from None
        return redirect(url_for("office.alarm_log"), 303)


def choice_name(choice: str) -> str:
    """For how long it is put on."""
    if choice == OFF:
        return gettext("End it")
    if choice == UNTIL_ENDED:
        return gettext("Until somebody ends it")
    return ngettext("For %(num)d hour", "For %(num)d hours", int(choice))
