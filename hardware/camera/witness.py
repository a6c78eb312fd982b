"""Remembers the last seconds of what it is shown, and writes down what surrounds a moment when a line asks for it.

A line is `{"keep": NAME, "at": MONOTONIC}`. Four pictures a second are remembered, none larger than 640 x 480.
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Full, Queue, SimpleQueue
from threading import Thread
from typing import Final

import cv2
from cv2.typing import MatLike

from hardware.camera.album import Album
from hardware.camera.capture import Picture
from hardware.camera.memory import Kept, Memory, Shot

_PACE: Final = 0.25
_WIDEST, _HIGHEST = 640, 480
_QUALITY: Final = [cv2.IMWRITE_JPEG_QUALITY, 80]
_MOST_UNSEEN: Final = 4


class UnkeptError(Exception):
    """A picture that could not be kept."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"its pictures cannot be kept: {error.strerror}")


class Witness:
    """Hears the lines on this process's standard input."""

    def __init__(self, folder: Path) -> None:
        """Raises UnkeptError where pictures cannot be kept there."""
        with _keeping():
            self._album = Album(folder)
        self._memory = Memory()
        self._wishes: SimpleQueue[tuple[str, float]] = SimpleQueue()
        self._due = 0.0
        Thread(target=self._listen, daemon=True).start()

    def see(self, picture: Picture) -> bool:
        """Remember a picture, if it is time for one again; whether it was. Raises UnkeptError."""
        if picture.monotonic < self._due:
            return False
        self._due = picture.monotonic + _PACE
        self._hear()
        for kept in self._memory.see(Shot(_jpeg(picture.image), picture.monotonic)):
            with _keeping():
                self._album.add(kept.name, kept.number, _wall(kept), kept.shot.jpeg)
        return True

    def _hear(self) -> None:
        try:
            while True:
                self._memory.keep(*self._wishes.get_nowait())
        except Empty:
            return

    def _listen(self) -> None:
        for line in sys.stdin:
            wish = json.loads(line)
            self._wishes.put((wish["keep"], wish["at"]))


class Bystander:
    """A witness in a thread of its own, beside a scanner that never waits for it: a disk may take its time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pictures: Queue[Picture] = Queue(_MOST_UNSEEN)
        self._faults: SimpleQueue[str] = SimpleQueue()
        Thread(target=self._run, name="bystander", daemon=True).start()

    def show(self, picture: Picture) -> None:
        """Let it see a picture; one too many is not seen."""
        try:
            self._pictures.put_nowait(picture)
        except Full:
            return

    def fault(self) -> str:
        """Why a picture could not be kept, told once; "" for nothing new."""
        try:
            return self._faults.get_nowait()
        except Empty:
            return ""

    def _run(self) -> None:
        witness: Witness | None = None
        while True:
            picture = self._pictures.get()
            try:
                witness = witness or Witness(self._folder)
                witness.see(picture)
            except UnkeptError as error:
                self._faults.put(str(error))


@contextmanager
def _keeping() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnkeptError(error) from error


def _jpeg(image: MatLike) -> bytes:
    height, width = image.shape[:2]
    scale = min(1.0, _WIDEST / width, _HIGHEST / height)
    if scale < 1:
        image = cv2.resize(image, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    return cv2.imencode(".jpg", image, _QUALITY)[1].tobytes()


def _wall(kept: Kept) -> int:
    """When the picture was taken, in µs since 1970 UTC."""
    return round((time.time() - time.monotonic() + kept.shot.monotonic) * 1_000_000)
