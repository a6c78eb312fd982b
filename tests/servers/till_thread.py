"""A till behind a socket of this process, for gates that a test steps by hand. See `Program` for a till of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from pos.app import create_app
from pos.till_server import TillServer
from shared import settings
from shared.table_reader import Address
from tests.shop import Shop


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # connections stay open

    def log(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(shop: Shop, folder: Path) -> Iterator[Address]:
    """Serve the shop's till, and give its address."""
    chosen = settings.load(shop.write_settings(folder))
    app = create_app(TillServer(chosen, shop.database, shop.counter))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Address("127.0.0.1", server.server_port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
