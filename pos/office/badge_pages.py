"""The page of the badges: leaders print them and void them."""

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from pos.office import badges
from pos.office.badges import NoBadgeError
from pos.office.labels import Label
from pos.office.turns import in_office
from pos.signing_in import leaders_only
from pos.till_server import TillServer
from shared.ledger import Turn
from shared.roles import LEADERS

T = TypeVar("T")


def add(pages: Blueprint, server: TillServer) -> None:
    """`/office/badges` and all below it."""
    found = BadgePages(server)
    pages.add_url_rule("/badges", "badges", found.page)
    pages.add_url_rule("/badges/<int(max=999999999):person>", "print_badge", found.print, methods=["POST"])
    pages.add_url_rule("/badges/<int(max=999999999):person>/end", "end_badge", found.end, methods=["POST"])


class BadgePages:
    """One till's badges."""

    def __init__(self, server: TillServer) -> None:
        self._server = server

    def page(self) -> str:
        """Who has a badge."""
        leaders_only()
        with self._server.database.snapshot() as connection:
            holders = badges.holders(connection)
        return render_template("office/badges.html", holders=holders, leading=LEADERS)

    def print(self, person: int) -> Response:
        """A new badge, to print: this is the only time that anybody sees its code."""
        from pos.office import label_sheet  # noqa: PLC0415 - a till that prints no labels starts sooner without it

        leaders_only()
        name, badge = self._in_office(lambda turn: badges.issue(turn, person))
        answer = Response(label_sheet.draw([Label(name, badge)]), mimetype="application/pdf")
        answer.headers["Content-Disposition"] = 'attachment; filename="badge.pdf"'
        return answer

    def end(self, person: int) -> Response:
        """Void a badge."""
        leaders_only()
        self._in_office(lambda turn: badges.end(turn, person))
        return redirect(url_for("office.badges"), 303)

    def _in_office(self, work: Callable[[Turn], T]) -> T:
        try:
            return in_office(self._server, work)
        except NoBadgeError:
            raise NotFound from None
