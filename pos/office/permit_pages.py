"""The page of the exit permits: leaders give them and end them."""

from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from pos.office import badges, people, permit_form, permit_words, permits
from pos.office.permit_form import PermitForm
from pos.office.permits import PermitKind, UnknownPermitError
from pos.office.turns import in_office
from pos.signing_in import leaders_only
from pos.till_server import TillServer
from shared.incidents import LONGEST_NOTE

WRONG = 400


def add(pages: Blueprint, server: TillServer) -> None:
    """`/office/permits` and all below it."""
    found = PermitPages(server)
    pages.add_url_rule("/permits", "permits", found.page)
    pages.add_url_rule("/permits", "issue_permit", found.issue, methods=["POST"])
    pages.add_url_rule("/permits/<permit>/end", "end_permit", found.end, methods=["POST"])


class PermitPages:
    """One till's permits."""

    def __init__(self, server: TillServer) -> None:
        self._server = server

    def page(self) -> str:
        """The permits, and the form of a new one."""
        leaders_only()
        return self._page(permit_form.empty(self._now()))

    def issue(self) -> Response | tuple[str, int]:
        """Give a permit."""
        leaders_only()
        with self._server.database.snapshot() as connection:
            form = permit_form.read_form(connection, request.form, self._now())
        if form.leave is None:
            return self._page(form), WRONG
        leave = form.leave
        in_office(self._server, lambda turn: permits.issue(turn, leave))
        return redirect(url_for("office.permits"), 303)

    def end(self, permit: str) -> Response:
        """Take a permit back."""
        leaders_only()
        try:
            in_office(self._server, lambda turn: permits.end(turn, permit))
        except UnknownPermitError:
            raise NotFound from None
        return redirect(url_for("office.permits"), 303)

    def _page(self, form: PermitForm) -> str:
        with self._server.database.snapshot() as connection:
            found = permits.permits(connection)
            names = people.names(connection)
            holders = badges.holders(connection)
        return render_template(
            "office/permits.html",
            permits=found,
            names=names,
            holders=holders,
            form=form,
            kinds=list(PermitKind),
            longest_note=LONGEST_NOTE,
            words=permit_words,
        )

    def _now(self) -> datetime:
        return datetime.now(self._server.settings.shop.timezone)
