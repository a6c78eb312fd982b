"""Who answers a request while the database is gone: the till's page and what it asks are answered from the own copy.

All else (the office, held sales, goods that come back) goes to the database as ever, and is told that it is silent. A
request of the till that finds the database gone is answered once more, from the copy: each of them may be sent again.
"""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from pos.alone.keeper import Keeper

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
App = Callable[[Environ, StartResponse], Iterable[bytes]]

SILENT = "503"
LARGEST_BODY = 1_000_000
STREAM = "/till/scans"
TILL = frozenset(
    f"/till{path}"
    for path in (
        "",
        "/cart",
        "/scan",
        "/take-out",
        "/quantity",
        "/discount",
        "/discount/drop",
        "/pay",
        "/give-back",
        "/cancel",
        "/keep",
        "/qris.svg",
        "/print",
        "/print/drop",
    )
)
DOOR = frozenset({"/sign-in", "/sign-out"})
RECEIPTS = "/till/receipt/"
GATES, TRUTHS = "/api/v1/gates/", "/truths"


def is_for_the_till(path: str) -> bool:
    """Whether the till can answer this alone."""
    is_gates_question = path.startswith(GATES) and path.endswith(TRUTHS)
    return path in TILL | DOOR | {STREAM} or path.startswith(RECEIPTS) or is_gates_question


class Fallback:
    """A WSGI application (PEP 3333) before two: one on the database, one on the till's own copy."""

    def __init__(self, keeper: Keeper, shop: App, alone: App) -> None:
        self._keeper = keeper
        self._shop = shop
        self._alone = alone

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        path = str(environ.get("PATH_INFO", ""))
        if not is_for_the_till(path):
            return self._shop(environ, start_response)
        if path == STREAM:  # it lasts, and needs a database only to know who asks
            app = self._alone if self._keeper.is_alone else self._shop
            return app(environ, start_response)
        size = min(int(environ.get("CONTENT_LENGTH") or 0), LARGEST_BODY)
        body = environ["wsgi.input"].read(size) if size else b""
        answer = None if self._keeper.is_alone else _Answer(self._shop, environ, body)
        if answer is None or (answer.status.startswith(SILENT) and self._keeper.lose()):
            with self._keeper.serving() as is_alone:
                answer = _Answer(self._alone if is_alone else self._shop, environ, body)
        return answer.give(start_response)


class _Answer:
    """A whole answer, kept until it is known to be the one to give."""

    def __init__(self, app: App, environ: Environ, body: bytes) -> None:
        self.status = ""
        self._started: tuple[Any, ...] = ()
        parts = app({**environ, "wsgi.input": BytesIO(body)}, self._start)
        try:
            self._body = b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close:
                close()

    def give(self, start_response: StartResponse) -> list[bytes]:
        start_response(*self._started)
        return [self._body]

    def _start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        self.status, self._started = status, (status, headers, *([exc_info] if exc_info else []))
        return lambda _: None
