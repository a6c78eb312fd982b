"""What every process that looks through a camera does: politely, until there is nothing more to see or nobody listens.

It says lines of JSON to a descriptor, the last one why it ended. See `hardware.camera.eye` for the other end.
"""

import functools
import json
import os
from collections.abc import Callable, Iterator
from typing import Any, Final

import cv2

from hardware.camera.capture import Capture, Picture, SourceEnded, open_source
from hardware.camera.witness import UnkeptError

_FIRST_PICTURE: Final = 12.0
_OLDEST_PICTURE: Final = 4.0
_POLITENESS: Final = 5  # the till and the gate come first

Say = Callable[[dict[str, Any]], None]


def run(descriptor: int, look: Callable[[Say], None]) -> None:
    """Look, and end this process once that ends; `look` is given what to say lines with."""
    os.nice(_POLITENESS)
    cv2.setNumThreads(1)
    say = functools.partial(_say, descriptor)
    try:
        look(say)
    except (SourceEnded, UnkeptError) as ended:
        say({"end": str(ended)})
    # The capture's thread may be stuck in OpenCV, which would also be stuck in its clearing up.
    os._exit(0)


def pictures(source: str, width: int, height: int) -> Iterator[Picture]:
    """Every picture that there is time for. Raises SourceEnded once there are no more."""
    capture = Capture(functools.partial(open_source, source, width, height))
    patience = _FIRST_PICTURE
    while picture := capture.next(patience):
        patience = _OLDEST_PICTURE
        yield picture
    raise SourceEnded(f"no picture came for {patience:g} s")


def _say(descriptor: int, message: dict[str, Any]) -> None:
    os.write(descriptor, f"{json.dumps(message)}\n".encode())
