"""How a browser shows the pages: light or dark, and how large. Chosen by a link, kept in the browser's own cookies."""

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

LOOKS = {
    "theme": ("system", "light", "dark"),
    "text": ("normal", "large"),
}  # the first of each is where none was chosen
COOKIE = "lunas_"  # before the look's name
YEAR = 365 * 24 * 3600


def looks() -> dict[str, str]:
    """What this request's browser chose of each look."""
    return {name: _chosen(name) or choices[0] for name, choices in LOOKS.items()}


def keep(response: Response) -> None:
    """Remember what the address chose."""
    for name, choices in LOOKS.items():
        if request.args.get(name) in choices:
            remember(response, COOKIE + name, request.args[name])


def remember(response: AnyResponse, cookie: str, chosen: str) -> None:
    """Let the browser keep what somebody chose of the pages."""
    response.set_cookie(cookie, chosen, max_age=YEAR, samesite="Lax", httponly=True)


def _chosen(name: str) -> str:
    given = (request.args.get(name), request.cookies.get(COOKIE + name))
    return next((choice for choice in given if choice in LOOKS[name]), None) or ""
