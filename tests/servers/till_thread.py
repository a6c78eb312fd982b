"""A till behind a socket of this process, for gates that a test steps by hand. See `Program` for a till of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from waitress import wasyncore
from waitress.server import create_server

from pos.app import create_app
from pos.till_server import TillServer
from shared import settings
from shared.table_reader import Address
from tests.shop import Shop


@contextmanager
def serving(shop: Shop, folder: Path) -> Iterator[Address]:
    """Serve the shop's till, and give its address."""
    chosen = settings.load(shop.write_settings(folder))
    app = create_app(TillServer(chosen, shop.database, shop.counter))
    sockets: dict[int, Any] = {}
    server: Any = create_server(app, map=sockets, host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield Address("127.0.0.1", int(server.effective_port))
    finally:
        # With nothing left to listen to its loop ends.
        server.trigger.pull_trigger(lambda: wasyncore.close_all(sockets))
        thread.join()
        server.task_dispatcher.shutdown()
