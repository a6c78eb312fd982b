"""Makes a Flask application speak both languages, look like Lunas and keep its doors shut."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel import Locale
from flask import Blueprint, Flask, Response, request, url_for
from flask_babel import Babel, get_locale
from werkzeug.wrappers import Response as AnyResponse

from shared import codes
from shared.languages import LANGUAGES
from shared.pages import faults, looks, words
from shared.pages.gzipped import gzipped

HERE = Path(__file__).parent
LANGUAGE_COOKIE = "lunas_language"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: that would turn the Origin of a page's own forms into null, which reads like another site's.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def prepare(app: Flask, *, language: str, currency: str, timezone: ZoneInfo, translations: Sequence[Path]) -> None:
    """Give `app` the frame: templates `frame/*`, the sheet, filters, languages, headers, plain pages for faults.

    `language` and `timezone` are the shop's; `translations` are the folders of the application's own catalogues.
    """
    app.register_blueprint(
        Blueprint("look", __name__, static_folder="static", static_url_path="/look", template_folder="templates")
    )
    Babel(
        app,
        default_locale=language,
        default_translation_directories=";".join(map(str, [HERE / "translations", *translations])),
        locale_selector=lambda: choose_language(language),
        timezone_selector=lambda: timezone.key,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(_filters(currency, timezone))
    app.jinja_env.globals.update(
        looks=looks.looks,
        asset=_assets(app),
        icon=_icons(app),
        languages=LANGUAGES,
        language=lambda: str(get_locale()),
        page_with=_page_with,
    )
    app.after_request(_finish)
    app.after_request(gzipped())
    faults.register(app)


def choose_language(shop: str) -> str:
    """The language that the person chose, else the browser's, else the shop's."""
    for chosen in (request.args.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if chosen in LANGUAGES:
            return str(chosen)
    # Werkzeug's own choice prefers an exact `en` to the `id-ID` before it.
    wanted = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    return next((tag for tag in wanted if tag in LANGUAGES), shop)


def remember_language(response: AnyResponse, language: str) -> None:
    """Let the browser ask for pages in this language from now on."""
    looks.remember(response, LANGUAGE_COOKIE, language)


def money(amount: int, currency: str) -> str:
    """An amount as this request's person reads it."""
    return words.money(amount, currency, _locale())


def short_money(amount: int, currency: str) -> str:
    """An amount of about so much, for a chart."""
    return words.short_money(amount, currency, _locale())


def moment(then: datetime | int, timezone: ZoneInfo) -> str:
    """`22 Nov 10.41` in the shop's zone; a whole number is a ledger time, µs since 1970 UTC."""
    return words.moment(_local(then, timezone), datetime.now(timezone), _locale())


def day(then: str) -> str:
    """An ISO date as `31 Mar 2027`."""
    return words.day(date.fromisoformat(then), _locale())


def short_day(then: date) -> str:
    """A day of about this year as `31 Mar`."""
    return words.short_day(then, _locale())


def _filters(currency: str, timezone: ZoneInfo) -> dict[str, Callable[..., str]]:
    return {
        "money": lambda amount: money(amount, currency),
        "clock": lambda then: words.clock(_local(then, timezone)),
        "moment": lambda then: moment(then, timezone),
        "day": day,
        "serial": codes.printed,
    }


def _local(then: datetime | int, timezone: ZoneInfo) -> datetime:
    return words.time_of(then, timezone) if isinstance(then, int) else then.astimezone(timezone)


def _locale() -> Locale:
    locale = get_locale()
    return locale if locale is not None else Locale("en")


def _icons(app: Flask) -> Callable[[str], str]:
    """The macro that draws an icon, for every template without an import."""
    icon: Callable[[str], str] = app.jinja_env.get_template("frame/icons.html").module.icon  # type: ignore[attr-defined]
    return icon


def _assets(app: Flask) -> Callable[[str, str], str]:
    """Addresses of static files that change with their content, so that a browser may keep each for ever."""
    digests: dict[tuple[str, str], str] = {}

    def asset(endpoint: str, filename: str) -> str:
        if (endpoint, filename) not in digests:
            owner = app.blueprints[endpoint.partition(".")[0]] if "." in endpoint else app
            content = (Path(owner.static_folder or "") / filename).read_bytes()
            digests[endpoint, filename] = hashlib.sha256(content).hexdigest()[:12]
        return url_for(endpoint, filename=filename, v=digests[endpoint, filename])

    return asset


def _page_with(**chosen: str) -> str:
    """This page in another language, or in another look."""
    return f"{request.path}?{urlencode({**request.args.to_dict(), **chosen})}"


def _finish(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if (request.endpoint or "").rpartition(".")[2] == "static":
        # A module imports others without a digest in their address: those are asked for again each time.
        kept = f"public, max-age={looks.YEAR}, immutable" if "v" in request.args else "no-cache"
        response.headers["Cache-Control"] = kept
        return response
    response.headers.setdefault("Cache-Control", "no-store")
    response.vary.update(("Accept-Language", "Cookie"))
    chosen = request.args.get("lang")
    if chosen in LANGUAGES:
        remember_language(response, chosen)
    looks.keep(response)
    return response
