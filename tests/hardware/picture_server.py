"""A network camera: pictures one after the other over HTTP, as such cameras send them (multipart, JPEG)."""

import contextlib
import socket
from collections import deque
from collections.abc import Callable
from threading import Event, Thread

import cv2
import numpy as np
from zxingcpp import BarcodeFormat

from tests.pictures import SMALL, Held, Picture, aisle, hold, label, photographed

RATE = 25.0
SHOWN = 6
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=next\r\n\r\n"


class PictureServer:
    """Shows an empty aisle, and for a moment each label that is held into it.

    Attributes:
        frozen: it goes on answering, but no picture comes.
    """

    def __init__(self) -> None:
        self.frozen = Event()
        self._random = np.random.default_rng(1)
        self._aisle = aisle(SMALL, self._random)
        self._empty = jpeg(photographed(self._aisle, Held(), self._random))
        self._labels: deque[bytes] = deque()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._address = self._listener.getsockname()
        self._stopping = Event()
        self._begin()

    @property
    def url(self) -> str:
        """The source as the settings name it."""
        return f"http://{self._address[0]}:{self._address[1]}/video.mjpg"

    def show(self, text: bytes, kind: BarcodeFormat = BarcodeFormat.QRCode) -> None:
        """Hold a label up for a moment, after those that are waiting."""
        picture = hold(self._aisle, label(text.decode("latin-1"), kind), Held(module=3), self._random)
        self._labels += [*[jpeg(picture)] * SHOWN, *[self._empty] * 2]

    @property
    def is_empty(self) -> bool:
        """Whether every label was shown and is gone."""
        return not self._labels

    def unplug(self) -> None:
        """Vanish from the network."""
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        self._labels.clear()

    def replug(self) -> None:
        """Come back at the same address."""
        self._stopping.clear()
        self._listener = socket.create_server(self._address)
        self._begin()

    def _begin(self) -> None:
        self._thread = Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                with client, contextlib.suppress(OSError):
                    client.recv(4096)
                    client.sendall(HEAD)
                    self._send_pictures(client.sendall)

    def _send_pictures(self, send: Callable[[bytes], None]) -> None:
        while not self._stopping.wait(1 / RATE):
            if not self.frozen.is_set():
                picture = self._labels.popleft() if self._labels else self._empty
                send(b"--next\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(picture))
                send(picture + b"\r\n")


def jpeg(picture: Picture) -> bytes:
    """Compress a picture."""
    return bytes(cv2.imencode(".jpg", picture)[1])
