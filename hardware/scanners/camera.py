"""Kind `camera`: labels seen by a camera, in a stream, or in a video or picture file.

Looked for are Code 128, QR, DataMatrix, EAN-13 and UPC-A; GS1 labels are told by their AIM identifier (`]C1`, `]d2`,
`]Q3`) before the text. A label held in view is a scan every `hold` seconds. A file plays once, then is lost as an
unplugged camera is, and played again by whoever opens it again.

Pictures are taken and decoded in a process of its own (`hardware.camera`): decoding would hold up whatever shares its
process, OpenCV may hang for ever, and a picture of somebody's making that crashes a decoder must crash nothing else.
"""

import json
import os
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from hardware.camera.eye import OPEN_PATIENCE, Eye, require_there
from hardware.errors import DeviceLost, OpenFailed
from hardware.options import DeviceOptions, expects
from hardware.scanner import Scan, Scanner


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraOptions(DeviceOptions):
    """Settings of a camera."""

    kind: str = "camera"
    source: str = field(metadata=expects("a path such as /dev/v4l/by-id/..., a URL such as rtsp://..., or a file"))
    width: int = field(default=640, metadata=expects("pixels across, asked of a camera", 160, 3840))
    height: int = field(default=480, metadata=expects("pixels down, asked of a camera", 120, 2160))
    hold: float = field(default=2.0, metadata=expects("seconds between two scans of a label held still", 0.1, 60))


class CameraScanner(Scanner):
    """A camera, with a process that looks through it while it is open."""

    options_class: ClassVar[type[DeviceOptions]] = CameraOptions

    def __init__(self, options: CameraOptions) -> None:
        super().__init__(options)
        self._options = options
        self._eye: Eye | None = None
        self._ready: deque[Scan] = deque()
        self._album: tuple[str, ...] = ()
        self._unkept = ""
        self._sees = False

    def open(self) -> None:
        """Start to look, and wait for the first picture."""
        self.close()
        source, wanted = self._options.source, self._options
        require_there(source)
        try:
            numbers = (str(wanted.width), str(wanted.height), str(wanted.hold))
            self._eye = Eye("hardware.camera", source, *numbers, *self._album)
            self._await_picture(self._eye)
            self._sees = True
        except OSError as error:
            self.close()
            raise OpenFailed(f"cannot open camera {source}: {error}") from error

    def read(self, timeout: float) -> Scan | None:
        """Return the next scan, or None when none came within `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while not self._ready:
            self._take(max(0.0, deadline - time.monotonic()))
            if time.monotonic() >= deadline and not self._ready:
                return None
        return self._ready.popleft()

    def close(self) -> None:
        """Stop looking, and give the camera back."""
        self._sees = False
        eye, self._eye = self._eye, None
        self._ready.clear()
        if eye is not None:
            eye.end()

    @property
    def sees(self) -> bool:
        """Whether pictures come, as far as is known. Any thread may ask."""
        return self._sees

    def looks_at(self, source: str) -> bool:
        """Whether this source is its own, by whichever of its names."""
        mine = self._options.source
        return source == mine or (source.startswith("/") and os.path.realpath(source) == os.path.realpath(mine))

    def remember(self, folder: Path) -> None:
        """From its next opening on, remember too, and put what is to be kept into this folder, an album's."""
        self._album = (str(folder),)

    def keep(self, name: str, at: float) -> None:
        """Have the pictures around a moment (`time.monotonic()`) kept under this name; never waits. For any thread."""
        eye = self._eye
        if eye is not None:
            eye.ask(json.dumps({"keep": name, "at": at}))

    def unkept(self) -> str:
        """Why a picture could not be kept, told once; "" for nothing new. For any thread."""
        why, self._unkept = self._unkept, ""
        return why

    def _await_picture(self, eye: Eye) -> None:
        while not (pictures := eye.hear(OPEN_PATIENCE, OPEN_PATIENCE)):
            pass
        self._note(pictures)

    def _take(self, timeout: float) -> None:
        if self._eye is None:
            raise DeviceLost(f"camera {self._options.source} is not open: open it first")
        try:
            self._note(self._eye.hear(timeout))
        except DeviceLost as error:
            self.close()
            raise DeviceLost(f"camera {self._options.source} is gone: {error}") from error

    def _note(self, pictures: list[dict[str, Any]]) -> None:
        for picture in pictures:
            self._unkept = picture["unkept"] or self._unkept
            for text, symbology in picture["scans"]:
                self._ready.append(Scan.of(text.encode("latin-1"), self.name, picture["taken"], symbology))
