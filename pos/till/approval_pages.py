"""How the till's page asks for a leader's word, and what it says while none counts.

A request that wants one is answered 403 with `approval`; the page shows its dialog, and sends the same request again
with what the leader showed.
"""

from flask import Blueprint, Response, jsonify

from pos import signing_in
from pos.till.approval import Lack, NotAllowedError
from pos.till_server import TillServer
from shared import staff
from shared.pages.speech import gettext
from shared.roles import LEADERS
from shared.staff import Actor

NOT_ALLOWED = 403


def add_approval(pages: Blueprint, server: TillServer) -> None:
    """Answer what a leader has to allow."""

    @pages.errorhandler(NotAllowedError)
    def ask(error: NotAllowedError) -> tuple[Response, int]:
        return jsonify(approval={"what": error.what, "told": _why_not(server, error)}), NOT_ALLOWED


def leaders(server: TillServer) -> list[Actor]:
    """Who may allow something, by name."""
    with server.database.reading() as connection:
        return [person for person in staff.people(connection) if person.role in LEADERS]


def _why_not(server: TillServer, error: NotAllowedError) -> str:
    if error.lack is Lack.PIN:
        return signing_in.why_not(server.database, error.person)
    return {
        Lack.NOBODY: "",
        Lack.BADGE: gettext("This is no valid badge."),
        Lack.ROLE: gettext("Only a manager or an administrator can allow this."),
        Lack.SELF: gettext("Who asks cannot allow it too: another leader has to."),
    }[error.lack]
