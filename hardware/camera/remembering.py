"""The process that remembers: `python -m hardware.camera.remembering DESCRIPTOR SOURCE WIDTH HEIGHT FOLDER`.

It keeps the last seconds of a camera in memory, four pictures a second, and writes down what surrounds a moment when a
line `{"keep": NAME, "at": MONOTONIC}` asks for it. It says one line of JSON to the descriptor for each picture that it
remembers, and a last one when there are no more. See `hardware.camera.lookout` for the other end.
"""

import functools
import json
import os
import sys
import time
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Final

import cv2
from cv2.typing import MatLike

from hardware.camera.album import Album
from hardware.camera.capture import Capture, SourceEnded, open_source
from hardware.camera.memory import Kept, Memory, Shot

_FIRST_PICTURE: Final = 12.0
_OLDEST_PICTURE: Final = 4.0
_POLITENESS: Final = 5  # the till and the gate come first
_PACE: Final = 0.25
_WIDEST, _HIGHEST = 640, 480
_QUALITY: Final = [cv2.IMWRITE_JPEG_QUALITY, 80]

Wishes = SimpleQueue[tuple[str, float]]


def main(descriptor: int, source: str, width: int, height: int, folder: str) -> None:
    """Remember until there is nothing more to see, or nobody listens any more."""
    os.nice(_POLITENESS)
    cv2.setNumThreads(1)
    say = functools.partial(_say, descriptor)
    wishes: Wishes = SimpleQueue()
    Thread(target=_listen, args=(wishes,), daemon=True).start()
    try:
        _remember(Capture(functools.partial(open_source, source, width, height)), wishes, Album(Path(folder)), say)
    except SourceEnded as ended:
        say({"end": str(ended)})
    except OSError as error:
        say({"end": f"its pictures cannot be kept: {error.strerror}"})
    # The capture's thread may be stuck in OpenCV, which would also be stuck in its clearing up.
    os._exit(0)


def _remember(capture: Capture, wishes: Wishes, album: Album, say: "functools.partial[None]") -> None:
    memory = Memory()
    patience, due = _FIRST_PICTURE, 0.0
    while picture := capture.next(patience):
        patience = _OLDEST_PICTURE
        if picture.monotonic < due:
            continue
        due = picture.monotonic + _PACE
        _hear(wishes, memory)
        for kept in memory.see(Shot(_jpeg(picture.image), picture.monotonic)):
            album.add(kept.name, kept.number, _wall(kept), kept.shot.jpeg)
        say({"taken": picture.monotonic})
    raise SourceEnded(f"no picture came for {patience:g} s")


def _hear(wishes: Wishes, memory: Memory) -> None:
    try:
        while True:
            memory.keep(*wishes.get_nowait())
    except Empty:
        return


def _listen(wishes: Wishes) -> None:
    for line in sys.stdin:
        wish = json.loads(line)
        wishes.put((wish["keep"], wish["at"]))


def _jpeg(image: MatLike) -> bytes:
    height, width = image.shape[:2]
    scale = min(1.0, _WIDEST / width, _HIGHEST / height)
    if scale < 1:
        image = cv2.resize(image, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    return cv2.imencode(".jpg", image, _QUALITY)[1].tobytes()


def _wall(kept: Kept) -> int:
    """When the picture was taken, in µs since 1970 UTC."""
    return round((time.time() - time.monotonic() + kept.shot.monotonic) * 1_000_000)


def _say(descriptor: int, message: dict[str, Any]) -> None:
    os.write(descriptor, f"{json.dumps(message)}\n".encode())


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
