"""What the products in an alarm look like, asked of the source by the screen's own process: the daemon has other work.

Without an answer there is no picture, and all else is shown as ever.
"""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from threading import Lock

from flask import Flask, Response

MOST_KEPT = 100
KEEP_SECONDS = 3600

Find = Callable[[int], bytes | None]


class Pictures:
    """The pictures that were asked for last; any thread may ask."""

    def __init__(self, find: Find) -> None:
        self._find = find
        self._kept: dict[int, bytes] = {}
        self._lock = Lock()

    def of(self, product: int) -> bytes | None:
        """A product's picture, None where it has none or the source is silent."""
        with self._lock:
            found = self._kept.get(product) or self._find(product)
            if found:
                self._kept[product] = found
            if len(self._kept) > MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
            return found


def add_pictures(app: Flask, pictures: Pictures) -> None:
    """`/picture/PRODUCT`: nothing where it has none, which is no fault."""

    @app.get("/picture/<int:product>")
    def picture(product: int) -> Response:
        found = pictures.of(product)
        if found is None:
            return Response(status=204)
        return Response(found, mimetype="image/jpeg", headers={"Cache-Control": f"max-age={KEEP_SECONDS}"})


def find_in_source(file: Path, product: int) -> bytes | None:
    """A product's picture in the source of these settings; None where it has none, or nobody answers."""
    from gate.sources import open_source  # noqa: PLC0415 - a screen starts without the weight of a database's library
    from shared import settings  # noqa: PLC0415 - it brings that too
    from shared.database import DatabaseError  # noqa: PLC0415 - and so does this

    with ExitStack() as stack:
        try:
            chosen = settings.load(file)
            return open_source(chosen, chosen.gate, stack).product_picture(product) if chosen.gate else None
        except (DatabaseError, settings.SettingsError):
            return None
