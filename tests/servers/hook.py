"""A receiver of webhooks, which checks their signature as docs/outward.md says, with nothing of the gate's own code."""

import hashlib
import hmac
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "a-secret-that-both-ends-know"


class Hook(ThreadingHTTPServer):
    """Answers with `status`.

    Attributes:
        taken: the content of what it answered with 2xx, in order.
        refused: how many it answered otherwise.
        forged: how many bore no good signature, or another id than their content.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, status: int) -> None:
        super().__init__(("127.0.0.1", port), _Post)
        self.status = status
        self.taken: list[dict[str, Any]] = []
        self.refused = self.forged = 0


class _Post(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        told = json.loads(body)
        parts = dict(part.split("=", 1) for part in self.headers["Lunas-Signature"].split(","))
        expected = hmac.new(SECRET.encode(), parts["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, parts["v1"]) or self.headers["Lunas-Id"] != told["id"]:
            self.server.forged += 1
        elif 200 <= self.server.status < 300:
            self.server.taken.append(told)
        else:
            self.server.refused += 1
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def receiving(port: int = 0, status: int = 204, tls: ssl.SSLContext | None = None) -> Iterator[Hook]:
    """Run one; with `tls` it speaks nothing else."""
    server = Hook(port, status)
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
