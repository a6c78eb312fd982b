"""A gate's policy: what it does about each thing that it may see, where that comes from, and how to change it."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from pos.office import people, policy_words
from pos.office.turns import in_office
from pos.signing_in import leaders_only
from pos.till_server import TillServer
from shared import gate_rules
from shared.gate_policy import ROWS, Outcome, Reason
from shared.gate_rules import UnknownGateError
from shared.pages.faults import BadInputError
from shared.pages.speech import gettext


def add(pages: Blueprint, server: TillServer) -> None:
    """`/office/gates/<name>/policy`."""

    @pages.get("/gates/<name>/policy")
    def policy(name: str) -> str:
        leaders_only()
        with server.database.snapshot() as connection:
            known = gate_rules.known(connection, name)
            rules = gate_rules.rules(connection, name) if known else {}
            names = people.names(connection)
        if known is None:
            raise NotFound
        return render_template(
            "office/policy.html", gate=name, rules=rules, choices=ROWS, names=names, words=policy_words
        )

    @pages.post("/gates/<name>/policy")
    def choose(name: str) -> Response:
        leaders_only()
        row, outcome = _chosen()
        try:
            in_office(server, lambda turn: gate_rules.choose(turn, name, row, outcome))
        except UnknownGateError:
            raise NotFound from None
        return redirect(url_for("office.policy", name=name, _anchor=row.value), 303)


def _chosen() -> tuple[Reason, Outcome | None]:
    """The row, and what it is to do; None for what it does without a person."""
    row, outcome = request.form.get("row", ""), request.form.get("outcome", "")
    rows = {reason.value: allowed for reason, allowed in ROWS.items()}
    if row not in rows or outcome not in {"", *rows[row]}:
        raise BadInputError(gettext("Choose one from the list."))
    return Reason(row), Outcome(outcome) if outcome else None
