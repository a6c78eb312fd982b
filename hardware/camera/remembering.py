"""The process that remembers: `python -m hardware.camera.remembering DESCRIPTOR SOURCE WIDTH HEIGHT FOLDER`.

It keeps the last seconds of a camera in memory, and writes down what it is asked for (`hardware.camera.witness`). It
says one line for each picture that it remembers. See `hardware.camera.looking`, and `hardware.camera.lookout` for the
other end.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from hardware.camera.capture import Picture
from hardware.camera.looking import Say, pictures, run
from hardware.camera.witness import Witness


def main(descriptor: int, source: str, width: int, height: int, folder: str) -> None:
    """Remember until there is nothing more to see, or nobody listens any more."""
    run(descriptor, lambda say: _remember(pictures(source, width, height), Witness(Path(folder)), say))


def _remember(seen: Iterable[Picture], witness: Witness, say: Say) -> None:
    for picture in seen:
        if witness.see(picture):
            say({"taken": picture.monotonic})


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
