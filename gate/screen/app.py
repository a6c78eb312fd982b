"""The screen's pages, fed by the daemon's status; `/healthz` answers from it too."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Flask, Response, jsonify, request

from gate.screen.link import DaemonLine

STALE_SECONDS = 2.0
BEAT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """How the screen speaks."""

    language: str
    currency: str
    timezone: ZoneInfo


def create_app(line: DaemonLine, settings: ScreenSettings) -> Flask:
    """The screen's server."""
    app = Flask(__name__)

    @app.get("/healthz")
    def healthz() -> tuple[Response, int]:
        status, age = line.newest()
        if status is None or age > STALE_SECONDS:
            return jsonify({"status": "down", "down": ["gate"], "why": "the gate's daemon says nothing"}), 503
        health = status["health"]
        return jsonify(health), 503 if health["status"] == "down" else 200

    @app.get("/events")
    def events() -> Response:
        return Response(_events(line), mimetype="text/event-stream", headers={"Cache-Control": "no-store"})

    @app.post("/silence")
    def silence() -> tuple[str, int]:
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            return "", 403
        line.say({"do": "silence"})
        return "", 204

    return app


def _events(line: DaemonLine) -> Iterator[str]:
    number = 0
    while True:
        number, status = line.wait_newer(number, BEAT_SECONDS)
        yield ": beat\n\n" if status is None else f"event: status\ndata: {json.dumps(status)}\n\n"
