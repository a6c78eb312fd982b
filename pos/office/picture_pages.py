"""The pictures of an incident, for leaders: each look is an entry of the ledger. And the notice for the door."""

import secrets

from flask import Blueprint, Response, g, render_template, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.exceptions import NotFound

from pos.office import alarms
from pos.office.turns import in_office
from pos.signing_in import leaders_only
from pos.till_server import TillServer
from shared import snapshots
from shared.incidents import UnknownIncidentError
from shared.ledger import Turn
from shared.pages.speech import gettext, ngettext
from shared.snapshots import JPEG

LOOK_SECONDS = 300  # a page that was opened gives its pictures for so long


def add(pages: Blueprint, server: TillServer) -> None:
    """`/office/alarms/<incident>/pictures`, and what it shows."""
    # Of this process alone: what was opened before a restart has to be opened, and written down, again.
    looks = URLSafeTimedSerializer(secrets.token_hex(32))

    @pages.post("/alarms/<path:incident>/pictures")
    def look(incident: str) -> str:
        leaders_only()
        with server.database.snapshot() as connection:
            try:
                found = alarms.one_incident(connection, incident)
            except UnknownIncidentError:
                raise NotFound from None
            taken = snapshots.numbers(connection, incident)
        if not taken:
            raise NotFound
        in_office(server, lambda turn: _note(turn, incident))
        look = looks.dumps([incident, g.actor.id])
        pictures = [(url_for("office.picture", look=look, number=number), _when(number)) for number, _ in taken]
        return render_template("office/pictures.html", incident=found, pictures=pictures)

    @pages.get("/pictures/<look>/<int:number>.jpg")
    def picture(look: str, number: int) -> Response:
        leaders_only()
        try:
            incident, actor = looks.loads(look, max_age=LOOK_SECONDS)
        except BadSignature:
            raise NotFound from None
        if actor != g.actor.id or number >= snapshots.MOST:
            raise NotFound
        with server.database.reading() as connection:
            found = snapshots.picture(connection, incident, number)
        if found is None:
            raise NotFound
        return Response(found, mimetype=JPEG)

    @pages.get("/gates/camera-notice.pdf")
    def camera_notice() -> Response:
        from pos.office import camera_notice as notice  # noqa: PLC0415 - a till that prints none starts sooner without it

        leaders_only()
        return Response(notice.draw(server.settings.shop.name), mimetype="application/pdf")


def _when(number: int) -> str:
    """When the picture of this number is taken."""
    seconds = number - snapshots.AT_THE_ALARM
    if seconds < 0:
        return ngettext("%(num)d second before", "%(num)d seconds before", -seconds)
    return ngettext("%(num)d second after", "%(num)d seconds after", seconds) if seconds else gettext("At the alarm")


def _note(turn: Turn, incident: str) -> None:
    turn.record("viewing", incident, 1, "viewed", "", {"incident": incident, "by": turn.actor})
