"""The shop floor's page and what its buttons ask."""

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, jsonify, render_template, request, stream_with_context

from hardware.errors import HardwareError
from pos.demo import barcodes, telling
from pos.demo.cashier import Cashier, TillError
from pos.demo.floor import Floor
from pos.demo.goods import GOODS
from pos.demo.shop import CASHIER, MANAGER
from pos.demo.telling import Told
from shared.pages import frame
from shared.pages.speech import gettext
from shared.settings import ShopSettings

BEAT_SECONDS = 1.0  # a page that has gone is noticed at the next write
RETRY_MILLISECONDS = 300
OUR_SITE = {"same-origin", "none"}


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the real pages are."""

    till: str
    gate: str
    alarms: str


@dataclass(frozen=True, slots=True)
class Backstage:
    """Who acts on a click."""

    floor: Floor
    cashier: Cashier
    silence: "Silence"


class Silence:
    """The button on the gate's screen."""

    def __init__(self, port: int) -> None:
        self._address = f"http://127.0.0.1:{port}/silence"

    def press(self) -> None:
        """Raises OSError where the screen does not answer."""
        asked = urllib.request.Request(self._address, method="POST")  # noqa: S310 - our own http address
        with urllib.request.urlopen(asked, timeout=2):  # noqa: S310 - our own http address
            pass


def create_app(backstage: Backstage, shop: ShopSettings, addresses: Addresses) -> Flask:
    """The shop floor's server."""
    app = Flask(__name__)
    translations = [Path(__file__).with_name("translations")]
    frame.prepare(
        app, language=shop.language, currency=shop.currency, timezone=shop.timezone, translations=translations
    )
    app.before_request(_refuse_other_sites)
    _add_page(app, backstage.floor, shop, addresses)
    _add_deeds(app, backstage)
    _add_controls(app, backstage)
    return app


def _add_page(app: Flask, floor: Floor, shop: ShopSettings, addresses: Addresses) -> None:
    def told() -> Told:
        return floor.show(lambda scene: telling.tell(scene, shop.currency, shop.timezone))

    @app.get("/")
    def page() -> str:
        kinds = telling.kinds()
        return render_template(
            "demo/floor.html", told=told(), goods=GOODS, kinds=kinds, shop=shop, addresses=addresses,
            cashier=CASHIER, manager=MANAGER,
        )  # fmt: skip

    @app.get("/events")
    def events() -> Response:
        def stream() -> Iterator[str]:
            yield f"retry: {RETRY_MILLISECONDS}\n\n"
            number = 0
            while floor.is_open:
                newest = floor.wait_newer(number, BEAT_SECONDS)
                yield f"data: {json.dumps(told())}\n\n" if newest > number else ": beat\n\n"
                number = newest

        return Response(stream_with_context(stream()), mimetype="text/event-stream")

    @app.get("/barcode/<slot>/<path:label>")
    def barcode(slot: str, label: str) -> Response:
        unit = floor.show(lambda scene: scene.units.get(slot))
        if unit is None or unit.label != label:
            abort(404)
        return Response(barcodes.barcode(unit).svg, mimetype="image/svg+xml")


def _add_deeds(app: Flask, backstage: Backstage) -> None:
    floor, cashier = backstage.floor, backstage.cashier

    @app.post("/carry/<slot>/<any(till, gate):to>")
    def carry(slot: str, to: str) -> Response | tuple[Response, int]:
        try:
            floor.carry(slot, to)
        except KeyError:
            abort(404)
        except (HardwareError, TimeoutError) as error:
            return _not_done(str(error))
        return _done()

    @app.post("/pay")
    def pay() -> Response | tuple[Response, int]:
        try:
            answer = cashier.pay()
        except TillError:
            return _not_done(gettext("The till does not answer."))
        return _done() if "receipt" in answer else _not_done(str(answer.get("told") or answer.get("detail") or ""))

    @app.post("/reset")
    def reset() -> Response | tuple[Response, int]:
        try:
            backstage.silence.press()
            floor.restock(cashier)
        except (TillError, OSError):
            return _not_done(gettext("The till or the gate does not answer."))
        return _done()


def _add_controls(app: Flask, backstage: Backstage) -> None:
    @app.post("/silence")
    def silence() -> Response | tuple[Response, int]:
        try:
            backstage.silence.press()
        except OSError:
            return _not_done(gettext("The gate's screen does not answer."))
        return _done()

    @app.post("/scanner")
    def take_scanner() -> Response:
        backstage.cashier.take_scanner()
        return _done()


def _done() -> Response:
    return jsonify({"told": ""})


def _not_done(told: str) -> tuple[Response, int]:
    return jsonify({"told": told}), 409


def _refuse_other_sites() -> None:
    """No other site's page may press these buttons."""
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "same-origin") not in OUR_SITE:
        abort(403)
