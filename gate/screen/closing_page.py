"""The page on which somebody puts after-closing mode on or off, and signs it with a PIN."""

from flask import Flask, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from gate.link import DaemonLine
from gate.screen import reasons
from gate.screen.incident_page import REPLY_SECONDS
from shared.closing_choices import CHOICES, OFF
from shared.pages.speech import gettext


def add_closing_page(app: Flask, line: DaemonLine) -> None:
    """`/closing`."""

    @app.get("/closing")
    def closing() -> str:
        return _page(line, trouble="")

    @app.post("/closing")
    def close() -> str | Response:
        said = {name: request.form.get(name, "") for name in ("hours", "person", "pin")}
        if said["hours"] not in CHOICES:
            return _page(line, gettext("Choose one from the list."))
        trouble = reasons.reply(line.ask({"do": "close", **said}, REPLY_SECONDS))
        return _page(line, trouble) if trouble else redirect(url_for("page"), 303)


def _page(line: DaemonLine, trouble: str) -> str:
    status, _ = line.newest()
    if status is None:
        raise NotFound
    return render_template(
        "screen/closing.html",
        gate=status["gate"],
        question=gettext("After closing"),
        name="hours",
        people=status["people"],
        choices=[(choice, reasons.closing(choice)) for choice in CHOICES if status["closed_until"] or choice != OFF],
        given=request.form,
        trouble=trouble,
    )
