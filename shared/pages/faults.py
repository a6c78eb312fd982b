"""Plain pages for what went wrong: what happened and what to do, in the person's language, never a traceback."""

import logging
from http import HTTPStatus

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_babel import lazy_gettext
from werkzeug.exceptions import HTTPException

from shared.database import DatabaseGoneError
from shared.pages.speech import gettext

log = logging.getLogger(__name__)

BAD_REQUEST, FORBIDDEN, NOT_FOUND, WRONG_METHOD, TOO_LARGE, BROKEN, SILENT = 400, 403, 404, 405, 413, 500, 503

TITLES = {
    BAD_REQUEST: lazy_gettext("That was not understood"),
    FORBIDDEN: lazy_gettext("This is not yours to open"),
    NOT_FOUND: lazy_gettext("There is no such page"),
    WRONG_METHOD: lazy_gettext("That was not understood"),
    TOO_LARGE: lazy_gettext("That was too much at once"),
    BROKEN: lazy_gettext("Something is wrong here"),
    SILENT: lazy_gettext("The database does not answer"),
}
ADVICE = {
    BAD_REQUEST: lazy_gettext("The address or the form held something unexpected. Nothing was changed."),
    FORBIDDEN: lazy_gettext("Your role may not open this page. A manager can, or sign in as somebody else."),
    NOT_FOUND: lazy_gettext("The address may be mistyped, or the page has moved."),
    WRONG_METHOD: lazy_gettext("This address cannot be used that way. Nothing was changed."),
    TOO_LARGE: lazy_gettext("Nothing was changed. Send less at a time."),
    BROKEN: lazy_gettext("It is a fault of the program, not yours, and it was written to the log. Try again."),
    SILENT: lazy_gettext("Nothing was changed. It is asked again all the time; try once more in a moment."),
}


class BadInputError(ValueError):
    """What came in cannot be used; the message, in the person's language, says what was expected."""


def register(app: Flask) -> None:
    """Answer every fault of `app` with a plain page, or with a problem document where a program asks."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DatabaseGoneError, silent)
    app.register_error_handler(BadInputError, lambda error: tell(BAD_REQUEST, str(error)))


def tell(status: int, detail: str = "") -> Response:
    """The answer for a fault; `detail` says more than the usual words."""
    title = str(TITLES.get(status) or gettext("This did not work"))
    words = detail or str(ADVICE.get(status) or ADVICE[BAD_REQUEST])
    if asks_for_data():
        reason = HTTPStatus(status).phrase.lower().replace(" ", "_")
        problem = {"type": "about:blank", "title": title, "status": status, "reason": reason, "detail": words}
        answer = jsonify(problem)
        answer.mimetype = "application/problem+json"
    else:
        answer = make_response(render_template("frame/fault.html", title=title, advice=words, status=status))
    answer.status_code = status
    return answer


def asks_for_data() -> bool:
    """Whether a program asks, rather than a person."""
    if request.path.startswith("/api/") or request.is_json:
        return True
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _http(error: HTTPException) -> Response:
    if error.response is not None or (error.code or BROKEN) < BAD_REQUEST:
        return make_response(error.get_response())
    answer = tell(error.code or BROKEN)
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            answer.headers[name] = value
    return answer


def silent(error: DatabaseGoneError) -> Response:
    """The answer where the database gave none."""
    log.warning("%s", error)
    return tell(SILENT)
