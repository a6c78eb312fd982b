"""A network between two programs that cuts, delays, halves and garbles what goes through it."""

import random
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

FATES = ("cut", "delay", "halve", "garble")
LONGEST_PEACE = 3_000  # bytes that pass between two fates
DELAY = 0.3  # s


class BadNetwork:
    """Listens on loopback and connects on to a port there, or a Unix socket; while `is_bad`, each meets some fate."""

    def __init__(self, far: int | Path, seed: int) -> None:
        self.is_bad = False
        self.met = 0
        self._far = far
        self._dice = random.Random(seed)
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()
        self.drop()

    def drop(self) -> None:
        """Cut every connection, as a network that goes away and comes back."""
        for end in list(self._open):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with near, suppress(OSError), self._connected() as far:
            self._open |= {near, far}
            answers = threading.Thread(target=self._pump, args=(far, near), daemon=True)
            answers.start()
            self._pump(near, far)
            answers.join()
        self._open -= {near, far}

    def _connected(self) -> socket.socket:
        if isinstance(self._far, int):
            return socket.create_connection(("127.0.0.1", self._far))
        far = socket.socket(socket.AF_UNIX)
        try:
            far.connect(str(self._far))
        except OSError:
            far.close()
            raise
        return far

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        left = self._dice.randrange(1, LONGEST_PEACE)
        passes = True
        with suppress(OSError):
            while passes and (data := source.recv(16_384)):
                left -= len(data)
                fate = self._dice.choice(FATES) if self.is_bad and left < 0 else ""
                passes = self._meet(fate, data, sink.sendall)
                left = self._dice.randrange(1, LONGEST_PEACE) if fate else left
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _meet(self, fate: str, data: bytes, send: Callable[[bytes], None]) -> bool:
        """Pass the data on as fate wants it; whether the connection lives on."""
        if fate:
            self.met += 1
        if fate == "delay":
            time.sleep(DELAY)
        if fate == "garble":
            place = self._dice.randrange(len(data))
            data = data[:place] + bytes([data[place] ^ (1 << self._dice.randrange(8))]) + data[place + 1 :]
        send(data[: len(data) // 2] if fate == "halve" else b"" if fate == "cut" else data)
        return fate not in {"cut", "halve"}
