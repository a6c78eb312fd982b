"""The screen's page, fed by the daemon's status; `/healthz` answers from it too."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask, Response, abort, jsonify, render_template, request, stream_with_context

from gate.link import DaemonLine
from gate.screen import telling
from gate.screen.closing_page import add_closing_page
from gate.screen.incident_page import add_incident_page
from gate.screen.pictures import Pictures, add_pictures
from gate.screen.streams import Streams
from gate.screen.telling import Told
from shared.pages import frame

STALE_SECONDS = 2.0
BEAT_SECONDS = 0.5
RETRY_MILLISECONDS = 300
MOST_STREAMS = 16
STREAM_SECONDS = 300.0
OUR_SITE = {"same-origin", "none"}


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """How the screen speaks."""

    language: str
    currency: str
    timezone: ZoneInfo


def create_app(line: DaemonLine, settings: ScreenSettings, pictures: Pictures) -> Flask:
    """The screen's server."""
    app = Flask(__name__)
    frame.prepare(
        app,
        language=settings.language,
        currency=settings.currency,
        timezone=settings.timezone,
        translations=[Path(__file__).with_name("translations")],
    )
    app.before_request(_refuse_other_sites)
    _add_page(app, line, settings)
    add_incident_page(app, line)
    add_closing_page(app, line)
    add_pictures(app, pictures)
    _add_programs(app, line)
    return app


def _add_page(app: Flask, line: DaemonLine, settings: ScreenSettings) -> None:
    streams = Streams(MOST_STREAMS, STREAM_SECONDS)

    def told() -> Told:
        status, age = line.newest()
        return telling.tell(status, age, settings.timezone, stale_seconds=STALE_SECONDS)

    @app.get("/")
    def page() -> str:
        return render_template("screen/page.html", told=told(), lost=telling.lost())

    @app.get("/events")
    def events() -> Response:
        def stream() -> Iterator[str]:
            with streams.enter() as may_go_on:
                yield f"retry: {RETRY_MILLISECONDS}\n\n"
                number = 0
                while may_go_on():
                    number, _ = line.wait_newer(number, BEAT_SECONDS)
                    yield f"data: {json.dumps(told())}\n\n"

        return Response(stream_with_context(stream()), mimetype="text/event-stream")


def _add_programs(app: Flask, line: DaemonLine) -> None:
    @app.get("/healthz")
    def healthz() -> tuple[Response, int]:
        status, age = line.newest()
        if status is None or age > STALE_SECONDS:
            return jsonify({"status": "down", "down": ["gate"], "why": "the gate's daemon says nothing"}), 503
        health = status["health"]
        return jsonify(health), 503 if health["status"] == "down" else 200

    @app.post("/silence")
    def silence() -> tuple[str, int]:
        line.say({"do": "silence"})
        return "", 204

    @app.post("/incidents/<incident>/pay")
    def pay(incident: str) -> tuple[str, int]:
        line.say({"do": "pay", "incident": incident})
        return "", 204

    @app.post("/test")
    def test() -> tuple[str, int]:
        line.say({"do": "test"})
        return "", 204


def _refuse_other_sites() -> None:
    """No other site's page may press these buttons."""
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "same-origin") not in OUR_SITE:
        abort(403)
