"""A camera that remembers its last seconds, as its owner sees it: opened, asked, listened to, closed.

A video device gives its pictures to one process. Where a scanner looks through it already, that process remembers too.
"""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from hardware.camera.eye import OPEN_PATIENCE, Eye, require_there
from hardware.errors import DeviceLost, OpenFailed
from hardware.options import DeviceOptions, expects
from hardware.scanner import Scanner
from hardware.scanners.camera import CameraScanner


@dataclass(frozen=True, slots=True, kw_only=True)
class LookoutOptions(DeviceOptions):
    """Settings of a camera that remembers."""

    name: str = "snapshots"
    kind: str = field(default="camera", metadata=expects("the driver", choices=("camera",)))
    source: str = field(metadata=expects("a path such as /dev/v4l/by-id/..., a URL such as rtsp://..., or a file"))
    width: int = field(default=640, metadata=expects("pixels across, asked of a camera", 160, 3840))
    height: int = field(default=480, metadata=expects("pixels down, asked of a camera", 120, 2160))


class Lookout:
    """One camera, with a process that remembers what it saw. For one thread."""

    def __init__(self, options: LookoutOptions, folder: Path) -> None:
        """`folder`: where pictures that are to be kept are put, as `hardware.camera.album` has them."""
        self._options = options
        self._folder = folder
        self._eye: Eye | None = None

    def open(self) -> None:
        """Begin to look, and wait for the first picture. Raises OpenFailed, DeviceLost."""
        self.close()
        wanted = self._options
        require_there(wanted.source)
        try:
            self._eye = Eye(
                "hardware.camera.remembering", wanted.source, str(wanted.width), str(wanted.height), str(self._folder)
            )
            while not self._eye.hear(OPEN_PATIENCE, OPEN_PATIENCE):
                pass
        except OSError as error:
            self.close()
            raise OpenFailed(f"cannot open camera {wanted.source}: {error}") from error

    def keep(self, name: str, at: float) -> None:
        """Have the pictures around a moment (`time.monotonic()`) kept under this name; never waits."""
        if self._eye:
            self._eye.ask(json.dumps({"keep": name, "at": at}))

    def watch(self, timeout: float) -> None:
        """Wait for its next word, at most so long. Raises DeviceLost where it sees no more."""
        if self._eye is None:
            raise DeviceLost(f"camera {self._options.source} is not open: open it first")
        try:
            self._eye.hear(timeout)
        except DeviceLost as error:
            self.close()
            raise DeviceLost(f"camera {self._options.source} is gone: {error}") from error

    def close(self) -> None:
        """Give the camera back."""
        eye, self._eye = self._eye, None
        if eye is not None:
            eye.end()


class SharedLookout:
    """The same through the eye of a scanner, whose owner opens and closes it."""

    def __init__(self, scanner: CameraScanner, folder: Path) -> None:
        """`folder`: as a lookout's own. `scanner` is not open yet."""
        self._scanner = scanner
        scanner.remember(folder)

    def open(self) -> None:
        """Find that it looks. Raises OpenFailed."""
        if not self._scanner.sees:
            raise OpenFailed(f"scanner {self._scanner.name}, whose camera it is, does not see")

    def keep(self, name: str, at: float) -> None:
        """Have the pictures around a moment (`time.monotonic()`) kept under this name; never waits."""
        self._scanner.keep(name, at)

    def watch(self, timeout: float) -> None:
        """Wait for so long. Raises DeviceLost where it sees no more, or a picture could not be kept."""
        time.sleep(timeout)
        why = self._scanner.unkept()
        if why:
            raise DeviceLost(f"the camera of scanner {self._scanner.name}: {why}")
        if not self._scanner.sees:
            raise DeviceLost(f"scanner {self._scanner.name}, whose camera it is, does not see any more")

    def close(self) -> None:
        """Leave the camera to the scanner."""


def lookout(options: LookoutOptions, folder: Path, scanners: Iterable[Scanner]) -> Lookout | SharedLookout:
    """The lookout for these settings: through the eye of the scanner that has the camera, where one has."""
    for scanner in scanners:
        if isinstance(scanner, CameraScanner) and scanner.looks_at(options.source):
            return SharedLookout(scanner, folder)
    return Lookout(options, folder)
