"""The process that looks: `python -m hardware.camera DESCRIPTOR SOURCE WIDTH HEIGHT HOLD [FOLDER]`.

It says one line of JSON to the descriptor for each picture, in which it found labels or not, and a last one when there
are no more. With a folder it remembers as well (`hardware.camera.witness`), and says what went wrong with that. See
`hardware.camera.eye` for the other end.
"""

import functools
import json
import os
import sys
from pathlib import Path
from typing import Any, Final

import cv2

from hardware.camera.capture import Capture, SourceEnded, open_source
from hardware.camera.decoding import Decoder
from hardware.camera.sightings import Sightings
from hardware.camera.witness import Bystander

_FIRST_PICTURE: Final = 12.0
_OLDEST_PICTURE: Final = 4.0
# The till and the gate come first.
_POLITENESS: Final = 5


def main(descriptor: int, source: str, width: int, height: int, hold: float, *folder: str) -> None:
    """Look until there is nothing more to see, or nobody listens any more."""
    os.nice(_POLITENESS)
    cv2.setNumThreads(1)
    say = functools.partial(_say, descriptor)
    bystander = Bystander(Path(*folder)) if folder else None
    try:
        _look(Capture(functools.partial(open_source, source, width, height)), Sightings(hold), bystander, say)
    except SourceEnded as ended:
        say({"end": str(ended)})
    # The capture's thread may be stuck in OpenCV, which would also be stuck in its clearing up.
    os._exit(0)


def _look(capture: Capture, sightings: Sightings, bystander: Bystander | None, say: "functools.partial[None]") -> None:
    decoder = Decoder()
    patience = _FIRST_PICTURE
    while picture := capture.next(patience):
        patience = _OLDEST_PICTURE
        if bystander:
            bystander.show(picture)
        labels = sightings.see(decoder.decode(picture.image), picture.monotonic)
        scans = [(label.frame.decode("latin-1"), label.symbology) for label in labels]
        say({"taken": picture.monotonic, "scans": scans, "unkept": bystander.fault() if bystander else ""})
    raise SourceEnded(f"no picture came for {patience:g} s")


def _say(descriptor: int, message: dict[str, Any]) -> None:
    os.write(descriptor, f"{json.dumps(message)}\n".encode())


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5]), *sys.argv[6:])
