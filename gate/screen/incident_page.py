"""The page on which somebody says what an incident was, and signs it with a PIN."""

from typing import Any

from flask import Flask, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from gate.link import DaemonLine
from gate.screen import reasons
from shared.incidents import LONGEST_NOTE, Fact
from shared.pages.speech import gettext

REPLY_SECONDS = 8.0  # the daemon asks the database, which may be slow to say that it is not there
FACTS = tuple(Fact)


def add_incident_page(app: Flask, line: DaemonLine) -> None:
    """`/incidents/ID`, for an incident that waits to be told what it was."""

    @app.get("/incidents/<incident>")
    def ask(incident: str) -> str:
        return _page(line, incident, trouble="")

    @app.post("/incidents/<incident>")
    def answer(incident: str) -> str | Response:
        trouble = _trouble()
        if trouble:
            return _page(line, incident, trouble)
        reply = line.ask({"do": "resolve", "incident": incident, **_said()}, REPLY_SECONDS)
        trouble = reasons.reply(reply)
        return _page(line, incident, trouble) if trouble else redirect(url_for("page"), 303)


def _page(line: DaemonLine, incident: str, trouble: str) -> str:
    status, _ = line.newest()
    waiting = status["waiting"] if status else []
    found = next((one for one in waiting if one["incident"] == incident), None)
    if status is None or found is None:
        raise NotFound
    others = [one for one in waiting if one is not found]
    return render_template(
        "screen/incident.html",
        gate=status["gate"],
        question=gettext("What was it?"),
        name="fact",
        incident=found,
        others=others,
        people=status["people"],
        choices=[(fact.value, reasons.fact(fact)) for fact in FACTS],
        given={**_said(), "fact": _said()["fact"] or (Fact.PAID_NOW.value if found["till"] == "paid" else "")},
        at_the_till=reasons.at_the_till(found),
        longest_note=LONGEST_NOTE,
        trouble=trouble,
    )


def _said() -> dict[str, Any]:
    return {name: request.form.get(name, "") for name in ("fact", "note", "person", "pin")}


def _trouble() -> str:
    said = _said()
    if said["fact"] not in FACTS:
        return gettext("Choose what it was.")
    return "" if len(said["note"]) <= LONGEST_NOTE else gettext("The note is too long.")
