"""Pictures from a camera, a stream or a file, taken in a thread of their own.

OpenCV's `read` can block for ever, and has given pictures long after it should have given up. Whoever waits here goes
by the time that passed without one, and leaves the thread behind.
"""

import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from threading import Condition, Thread
from typing import Final, NamedTuple

import cv2
from cv2.typing import MatLike

_STILL_RATE: Final = 30.0
_STREAM_TIMEOUTS: Final = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, 5000, cv2.CAP_PROP_READ_TIMEOUT_MSEC, 5000]
# Beyond this a USB camera has no room on the wire for thirty plain pictures a second.
_WIDEST_PLAIN: Final = 640


class SourceEnded(Exception):  # noqa: N818 - a file that is over is no error
    """There are no more pictures; the message tells why."""


class Picture(NamedTuple):
    """A picture, blue-green-red, and when it was taken, in seconds of `time.monotonic()`."""

    image: MatLike
    monotonic: float


class Source(NamedTuple):
    """Pictures one after the other, and whether those that nobody took in time are gone: a file waits."""

    images: Iterable[MatLike]
    is_live: bool


class Capture:
    """The next picture of a source: of a camera or a stream the newest, of a file every one at the file's pace."""

    def __init__(self, open_source: Callable[[], Source]) -> None:
        """Begin. `open_source` is called in the thread, for it may block too; it raises SourceEnded."""
        self._open_source = open_source
        self._changed = Condition()
        self._waiting: Picture | None = None
        self._end = ""
        Thread(target=self._run, name="capture", daemon=True).start()

    def next(self, timeout: float) -> Picture | None:
        """Return the next picture as soon as there is one, or None after `timeout` seconds.

        Raises:
            SourceEnded: there will be none.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._end, timeout)
            picture, self._waiting = self._waiting, None
            self._changed.notify_all()
            if picture is None and self._end:
                raise SourceEnded(self._end)
            return picture

    def _run(self) -> None:
        end = self._follow()
        with self._changed:
            self._end = end
            self._changed.notify_all()

    def _follow(self) -> str:
        """Take pictures until there are no more, and return why."""
        try:
            source = self._open_source()
            for image in source.images:
                self._offer(Picture(image, time.monotonic()), source)
        except SourceEnded as ended:
            return str(ended)
        except cv2.error as error:
            return f"it cannot be read: {error.err}"
        return "it gives no more pictures" if source.is_live else "it has ended"

    def _offer(self, picture: Picture, source: Source) -> None:
        with self._changed:
            if not source.is_live:
                self._changed.wait_for(lambda: self._waiting is None)
            self._waiting = picture
            self._changed.notify_all()


def open_source(source: str, width: int, height: int) -> Source:
    """Return the pictures of a device below /dev, of a stream's URL, or of a video or picture file.

    A file plays once. A picture is looked at for a second. `width` and `height` are asked of a device.

    Raises:
        SourceEnded: it cannot be opened.
    """
    if source.startswith("/dev/"):
        return Source(_until_gone(_camera(source, width, height)), is_live=True)
    if "://" in source:
        why = "nobody answers there with a video: plug it in, or correct the source"
        stream = _opened(cv2.VideoCapture(source, cv2.CAP_FFMPEG, _STREAM_TIMEOUTS), why)
        return Source(_until_gone(stream), is_live=True)
    if cv2.haveImageReader(source):
        return Source(_paced(_still(source), _STILL_RATE), is_live=False)
    film = _opened(cv2.VideoCapture(source, cv2.CAP_FFMPEG), "it is no video and no picture")
    return Source(_paced(_until_gone(film), film.get(cv2.CAP_PROP_FPS) or _STILL_RATE), is_live=False)


def _camera(path: str, width: int, height: int) -> cv2.VideoCapture:
    why = "another program uses it, or it is no camera"
    camera = _opened(cv2.VideoCapture(str(Path(path).resolve()), cv2.CAP_V4L2), why)
    if width > _WIDEST_PLAIN:
        camera.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    camera.set(cv2.CAP_PROP_FRAME_WIDTH, width)
    camera.set(cv2.CAP_PROP_FRAME_HEIGHT, height)
    # Between a label held up and its scan there should be one picture, not a queue of them.
    camera.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    return camera


def _opened(capture: cv2.VideoCapture, why_not: str) -> cv2.VideoCapture:
    if not capture.isOpened():
        raise SourceEnded(f"it cannot be opened: {why_not}")
    return capture


def _until_gone(capture: cv2.VideoCapture) -> Iterator[MatLike]:
    while True:
        is_there, image = capture.read()
        if not is_there or image is None:
            return
        yield image


def _still(path: str) -> Iterator[MatLike]:
    picture = cv2.imread(path)
    if picture is not None:
        yield from itertools.repeat(picture, int(_STILL_RATE))


def _paced(images: Iterable[MatLike], rate: float) -> Iterator[MatLike]:
    began = time.monotonic()
    for number, image in enumerate(images):
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        yield image
