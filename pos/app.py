"""The till's web application: till, office, sign-in and the JSON API under one roof."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, g, request
from werkzeug.exceptions import Forbidden

from pos import signing_in
from pos.api import routes as api
from pos.first_day import begin, guide
from pos.health import health
from pos.office import pages as office
from pos.signing_in import Door
from pos.till import pages as till
from pos.till_server import TillServer
from shared.backup_folder import last_backup
from shared.pages import frame
from shared.roles import LEADERS, SELLERS, WATCHERS

LARGEST_BODY = 1024 * 1024
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
OUR_SITE = {"same-origin", "none"}


def create_app(server: TillServer) -> Flask:
    """Build the application; it reads nothing before its first request."""
    app = Flask("pos")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    shop = server.settings.shop
    frame.prepare(
        app,
        language=shop.language,
        currency=shop.currency,
        timezone=shop.timezone,
        translations=[Path(__file__).with_name("translations")],
    )
    door = Door(server)
    app.before_request(_refuse_other_sites)
    app.context_processor(lambda: {"shop": shop, "till": server.settings.till, "actor": g.get("actor")})
    app.jinja_env.globals.update(
        sellers=SELLERS,
        watchers=WATCHERS,
        role_name=signing_in.role_name,
        leaders=LEADERS,
        sends_mail=server.settings.mail is not None,
        last_backup=lambda: last_backup(server.settings.backup, datetime.now(UTC)),
    )
    app.register_blueprint(signing_in.blueprint(server, door))
    app.register_blueprint(begin.blueprint(server, door))
    app.register_blueprint(guide.blueprint(server, door))
    app.register_blueprint(till.blueprint(server, door))
    app.register_blueprint(office.blueprint(server, door))
    app.register_blueprint(api.blueprint(server))
    app.add_url_rule("/healthz", "healthz", lambda: health(server))
    return app


def _refuse_other_sites() -> None:
    """A page of another site must not act with this person's cookie; the API goes by token and has none.

    Browsers send Sec-Fetch-Site where the connection can be trusted, and Origin with every POST.
    """
    if request.method in SAFE_METHODS or request.path.startswith("/api/"):
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        if site not in OUR_SITE:
            raise Forbidden
    elif origin is not None and urlsplit(origin).netloc != request.host:
        raise Forbidden
