"""The process that looks: `python -m hardware.camera DESCRIPTOR SOURCE WIDTH HEIGHT HOLD [FOLDER]`.

It says one line for each picture, in which it found labels or not. With a folder it remembers as well
(`hardware.camera.witness`), and says what went wrong with that. See `hardware.camera.looking`.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from hardware.camera.capture import Picture
from hardware.camera.decoding import Decoder
from hardware.camera.looking import Say, pictures, run
from hardware.camera.sightings import Sightings
from hardware.camera.witness import Bystander


def main(descriptor: int, source: str, width: int, height: int, hold: float, *folder: str) -> None:
    """Look until there is nothing more to see, or nobody listens any more."""
    bystander = Bystander(Path(*folder)) if folder else None
    run(descriptor, lambda say: _look(pictures(source, width, height), Sightings(hold), bystander, say))


def _look(seen: Iterable[Picture], sightings: Sightings, bystander: Bystander | None, say: Say) -> None:
    decoder = Decoder()
    for picture in seen:
        if bystander:
            bystander.show(picture)
        labels = sightings.see(decoder.decode(picture.image), picture.monotonic)
        scans = [(label.frame.decode("latin-1"), label.symbology) for label in labels]
        say({"taken": picture.monotonic, "scans": scans, "unkept": bystander.fault() if bystander else ""})


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5]), *sys.argv[6:])
