"""A server that gives one answer to everything: whatever a gate's settings may lead to that is no till."""

import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from shared.table_reader import Address


class Canned(ThreadingHTTPServer):
    """Gives `status`, `headers` and `body`; keeps the paths that were asked for."""

    daemon_threads = True

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.status, self.headers, self.body = status, headers, body
        self.asked: list[str] = []

    @property
    def address(self) -> Address:
        """Where it listens."""
        return Address("localhost", self.server_port)


class _Answer(BaseHTTPRequestHandler):
    server: Canned

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def answering(
    status: int, headers: Mapping[str, str], body: bytes, tls: ssl.SSLContext | None = None
) -> Iterator[Canned]:
    """Run one."""
    server = Canned(status, headers, body)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
