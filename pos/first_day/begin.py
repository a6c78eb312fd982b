"""The first page of an empty shop: the one-time code, the shop, and the person who runs it."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import get_locale
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from pos.first_day.form import OpeningForm, currencies, read_form, timezones
from pos.office.register import OFFICE
from pos.signing_in import Door
from pos.till_server import TillServer
from shared import ledger, settings_file, staff
from shared.ledger import Turn
from shared.pages.speech import gettext
from shared.roles import Role
from shared.staff import Actor

BY_CONSOLE = "console"  # the actor of what the holder of the one-time code does
WRONG = 422


def blueprint(server: TillServer, door: Door) -> Blueprint:
    """`/first-day/begin`, there for as long as nobody works in the shop."""
    pages = Blueprint("begin", __name__, url_prefix="/first-day")

    @pages.get("/begin")
    def begin() -> str:
        _only_while_empty(server)
        shop = server.settings.shop
        return _page(OpeningForm("", "", str(get_locale()), shop.currency, shop.timezone.key, "", ""))

    @pages.post("/begin")
    def open_shop() -> AnyResponse | tuple[str, int]:
        _only_while_empty(server)
        form = read_form(request.form, is_right_code=server.opening.admits(request.form.get("code", "")))
        if form.troubles:
            return _page(form), WRONG
        try:
            server.adopt(settings_file.change(server.settings.file, {"shop": form.facts}))
        except OSError as error:
            return _page(form, trouble=_unwritable(server, error)), WRONG
        return door.remember(redirect(url_for("first_day.guide"), 303), _add_admin(server, form))

    return pages


def _only_while_empty(server: TillServer) -> None:
    with server.database.reading() as connection:
        if staff.people(connection):
            raise NotFound


def _add_admin(server: TillServer, form: OpeningForm) -> Actor:
    def add(turn: Turn) -> int:
        if staff.people(turn.connection):  # somebody was quicker
            raise NotFound
        return staff.add_person(turn, form.person, Role.ADMIN, form.pin)

    number = ledger.take_turn(server.database, server.settings.shop.store, OFFICE, BY_CONSOLE, add)
    return Actor(f"staff:{number}", form.person, Role.ADMIN)


def _unwritable(server: TillServer, error: OSError) -> str:
    return gettext(
        "The settings in %(file)s cannot be written (%(why)s). Let the till's user write there, then try again.",
        file=str(server.settings.file),
        why=error.strerror or "",
    )


def _page(form: OpeningForm, trouble: str = "") -> str:
    locale = get_locale()
    names = locale.currencies if locale else {}
    return render_template(
        "first_day/begin.html",
        form=form,
        trouble=trouble,
        currencies=[(code, names.get(code, code)) for code in currencies()],
        timezones=timezones(),
    )
