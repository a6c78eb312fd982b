"""Serial servers on the network, with a scanner on their line: raw TCP, and RFC 2217 as pyserial serves it."""

import contextlib
import socket
from threading import Lock, Thread
from types import TracebackType
from typing import Self

import serial
from serial.rfc2217 import PortManager


class SerialServer:
    """Raw TCP: one client at a time; keeps what was scanned before it came, as such servers can."""

    scheme = "socket"

    def __init__(self) -> None:
        self._lock = Lock()
        self._held = b""
        self._client: socket.socket | None = None
        self._listener: socket.socket | None = socket.create_server(("127.0.0.1", 0))
        self._address = self._listener.getsockname()
        self._begin(self._listener)

    @property
    def url(self) -> str:
        """The port as the settings name it."""
        host, port = self._address
        return f"{self.scheme}://{host}:{port}"

    def send(self, data: bytes) -> None:
        """Scan."""
        with self._lock:
            if self._client:
                self._hand_over(self._client, data)
            else:
                self._held += data

    def unplug(self) -> None:
        """Vanish from the network."""
        with self._lock:
            ends, self._client, self._listener, self._held = (self._client, self._listener), None, None, b""
        for end in filter(None, ends):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._thread.join()

    def replug(self) -> None:
        """Come back at the same address."""
        self._listener = socket.create_server(self._address)
        self._begin(self._listener)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.unplug()

    def _begin(self, listener: socket.socket) -> None:
        self._thread = Thread(target=self._serve, args=(listener,))
        self._thread.start()

    def _serve(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                with client:
                    self._listen(client)

    def _listen(self, client: socket.socket) -> None:
        if self._welcome(client):
            while data := client.recv(4096):
                self._hear(data)
        with self._lock:
            self._client = None

    def _welcome(self, client: socket.socket) -> bool:
        with self._lock:
            if self._listener is None:
                return False
            self._client = client
            held, self._held = self._held, b""
            self._hand_over(client, held)
            return True

    def _hand_over(self, client: socket.socket, data: bytes) -> None:
        client.sendall(data)

    def _hear(self, data: bytes) -> None:
        """Nothing is said to a scanner."""


class Rfc2217Server(SerialServer):
    """Speaks Telnet with the COM port option; the line whose settings the client makes is pyserial's loop."""

    scheme = "rfc2217"

    def _welcome(self, client: socket.socket) -> bool:
        # Its types name the client's class for both; any port and anything that writes will do.
        self._manager = PortManager(serial.serial_for_url("loop://"), _Telling(client))  # type: ignore[arg-type]
        return super()._welcome(client)

    def _hand_over(self, client: socket.socket, data: bytes) -> None:
        client.sendall(b"".join(self._manager.escape(data)))

    def _hear(self, data: bytes) -> None:
        for _ in self._manager.filter(data):
            pass


class _Telling:
    """What pyserial's manager answers through."""

    def __init__(self, client: socket.socket) -> None:
        self.write = client.sendall
