"""The process that remembers: `python -m hardware.camera.remembering DESCRIPTOR SOURCE WIDTH HEIGHT FOLDER`.

It keeps the last seconds of a camera in memory, and writes down what it is asked for (`hardware.camera.witness`). It
says one line of JSON to the descriptor for each picture that it remembers, and a last one when there are no more. See
`hardware.camera.lookout` for the other end.
"""

import functools
import json
import os
import sys
from pathlib import Path
from typing import Any, Final

import cv2

from hardware.camera.capture import Capture, SourceEnded, open_source
from hardware.camera.witness import Witness

_FIRST_PICTURE: Final = 12.0
_OLDEST_PICTURE: Final = 4.0
_POLITENESS: Final = 5  # the till and the gate come first


def main(descriptor: int, source: str, width: int, height: int, folder: str) -> None:
    """Remember until there is nothing more to see, or nobody listens any more."""
    os.nice(_POLITENESS)
    cv2.setNumThreads(1)
    say = functools.partial(_say, descriptor)
    try:
        _remember(Capture(functools.partial(open_source, source, width, height)), Witness(Path(folder)), say)
    except SourceEnded as ended:
        say({"end": str(ended)})
    except OSError as error:
        say({"end": f"its pictures cannot be kept: {error.strerror}"})
    # The capture's thread may be stuck in OpenCV, which would also be stuck in its clearing up.
    os._exit(0)


def _remember(capture: Capture, witness: Witness, say: "functools.partial[None]") -> None:
    patience = _FIRST_PICTURE
    while picture := capture.next(patience):
        patience = _OLDEST_PICTURE
        if witness.see(picture):
            say({"taken": picture.monotonic})
    raise SourceEnded(f"no picture came for {patience:g} s")


def _say(descriptor: int, message: dict[str, Any]) -> None:
    os.write(descriptor, f"{json.dumps(message)}\n".encode())


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
