"""Who is at the till: a name and a PIN, remembered by a signed cookie."""

from collections.abc import Callable, Collection

from flask import Blueprint, Response, g, jsonify, make_response, redirect, render_template, request, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import Connection, bindparam, select
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as AnyResponse

from pos.first_day.progress import is_empty
from pos.till_server import TillServer
from shared import ledger, schema, staff
from shared.database import Database
from shared.languages import LANGUAGES
from shared.pages import faults, frame
from shared.pages.speech import gettext, ngettext
from shared.roles import LEADERS, SELLERS, WATCHERS, Role
from shared.staff import SECOND, Actor
from shared.statements import Statement

COOKIE = "lunas_till"
LONGEST_DAY = 16 * 3600  # seconds that a sign-in holds
SIGNED_OUT = 401


class Door:
    """Lets people in and remembers them.

    The shop's key, which signs the cookie, is read each time: a restore renews it, for it may give a person's number
    to another person.
    """

    def __init__(self, server: TillServer) -> None:
        self._database = server.database

    def actor(self) -> Actor | None:
        """Who sent this request, None where nobody is signed in. Raises DatabaseGoneError."""
        cookie = request.cookies.get(COOKIE)
        if not cookie:
            return None
        with self._database.reading() as connection:
            try:
                actor_id = str(_signer(connection).loads(cookie, max_age=LONGEST_DAY))
            except BadSignature:
                return None
            return staff.person(connection, actor_id)

    def remember(self, answer: AnyResponse, actor: Actor) -> AnyResponse:
        """Sign the person in on the browser that gets this answer, which speaks the person's language from then on."""
        with self._database.reading() as connection:
            value = _signer(connection).dumps(actor.id)
            language = staff.language(connection, actor.id)
        answer.set_cookie(COOKIE, value, httponly=True, samesite="Strict", secure=request.is_secure)
        if language in LANGUAGES:
            frame.remember_language(answer, language)
        return answer

    def forget(self, answer: AnyResponse) -> AnyResponse:
        """Sign whoever is signed in out; the next person's language is another one."""
        answer.delete_cookie(COOKIE, httponly=True, samesite="Strict")
        answer.delete_cookie(frame.LANGUAGE_COOKIE, httponly=True, samesite="Lax")
        return answer

    def only(self, roles: Collection[Role]) -> Callable[[], AnyResponse | None]:
        """Make the check that a blueprint runs before each request; it leaves the person in `g.actor`."""

        def check() -> AnyResponse | None:
            actor = self.actor()
            if actor is None:
                return _send_to_door()
            if actor.role not in roles:
                raise Forbidden
            g.actor = actor
            self._heed_language(actor)
            return None

        return check

    def _heed_language(self, actor: Actor) -> None:
        chosen = request.args.get("lang")
        if chosen in LANGUAGES:
            self._database.write(lambda connection: staff.choose_language(connection, actor.id, chosen))


def leaders_only() -> None:
    """Keep everybody but a leader from what comes next in a view. Raises Forbidden."""
    if g.actor.role not in LEADERS:
        raise Forbidden


def role_name(role: Role) -> str:
    """A role as people call it."""
    return {
        Role.CASHIER: gettext("Cashier"),
        Role.SECURITY: gettext("Security"),
        Role.CLERK: gettext("Stock clerk"),
        Role.SERVICE: gettext("Customer service"),
        Role.MANAGER: gettext("Manager"),
        Role.ADMIN: gettext("Administrator"),
    }.get(role, role.value)


def blueprint(server: TillServer, door: Door) -> Blueprint:
    """`/`, `/sign-in` and `/sign-out`."""
    pages = Blueprint("door", __name__)

    @pages.get("/")
    def start() -> AnyResponse | str:
        actor = door.actor()
        if actor is None:
            return redirect(url_for("door.sign_in"), 303)
        if actor.role in LEADERS and _is_empty(server):
            return redirect(url_for("first_day.guide"), 303)
        if actor.role in WATCHERS:
            return redirect(url_for("office.alarm_log"), 303)
        if actor.role in SELLERS:
            return redirect(url_for("till.page"), 303)
        g.actor = actor
        return render_template("door/nothing.html")

    @pages.get("/sign-in")
    def sign_in() -> AnyResponse | str:
        return _page(server, "", "") if _people(server) else redirect(url_for("begin.begin"), 303)

    @pages.post("/sign-in")
    def try_pin() -> AnyResponse:
        chosen, pin = request.form.get("who", ""), request.form.get("pin", "")
        actor = staff.sign_in(server.database, chosen, pin)
        if actor is None:
            answer = make_response(_page(server, chosen, why_not(server.database, chosen)))
            answer.status_code = SIGNED_OUT
            return answer
        return door.remember(redirect(url_for("door.start"), 303), actor)

    @pages.post("/sign-out")
    def sign_out() -> AnyResponse:
        return door.forget(redirect(url_for("door.sign_in"), 303))

    return pages


def why_not(database: Database, chosen: str) -> str:
    """Why the PIN did not let this person in, in words. Raises DatabaseGoneError."""
    with database.reading() as connection:
        if staff.person(connection, chosen) is None:
            return gettext("Choose your name first.")
        until, now = _LOCKED.run(connection, id=int(chosen.removeprefix("staff:"))).one()
    seconds = -(-(until - now) // SECOND)
    if seconds > 0:
        return ngettext(
            "Too many wrong PINs. This name is locked for %(num)d more second.",
            "Too many wrong PINs. This name is locked for %(num)d more seconds.",
            seconds,
        )
    return gettext("That PIN is wrong. Try again.")


def _signer(connection: Connection) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(_KEY.run(connection).scalar_one(), salt=COOKIE)


def _page(server: TillServer, chosen: str, trouble: str) -> str:
    return render_template("door/sign_in.html", people=_people(server), chosen=chosen, trouble=trouble)


def _people(server: TillServer) -> list[Actor]:
    with server.database.reading() as connection:
        return staff.people(connection)


def _is_empty(server: TillServer) -> bool:
    with server.database.reading() as connection:
        return is_empty(connection)


def _send_to_door() -> AnyResponse:
    where = url_for("door.sign_in")
    if not faults.asks_for_data():
        return redirect(where, 303)
    answer: Response = jsonify({"sign_in": where})
    answer.status_code = SIGNED_OUT
    return answer


_KEY = Statement(select(schema.table(schema.Shop).c.cookie_key))
_S = schema.table(schema.Staff).c
_LOCKED = Statement(select(_S.locked_until, ledger.database_clock()).where(_S.id == bindparam("id")))
