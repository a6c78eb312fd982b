"""The process that looks through a camera, as its owner sees it: started, listened to, ended."""

import contextlib
import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from threading import Lock
from typing import Any, Final

from hardware.children import start_child
from hardware.errors import DeviceLost, OpenFailed
from hardware.hotplug import wait_for_device

OPEN_PATIENCE: Final = 30.0  # OpenCV takes seconds to load on a small machine, a camera seconds to wake
_PLUG_PATIENCE: Final = 0.25
_CHUNK: Final = 65_536
# Longer than it waits for a picture itself: then it says why.
_LONGEST_SILENCE: Final = 6.0
_QUIET: Final = {"OPENCV_LOG_LEVEL": "OFF", "OPENCV_FFMPEG_LOGLEVEL": "-8"}


class Eye:
    """One process, from start to end. It dies with the thread that made it."""

    def __init__(self, module: str, *arguments: str) -> None:
        """Start `module`, with the descriptor to speak to and `arguments`.

        Raises OSError where the system has no room for another process.
        """
        self._line, theirs = os.pipe()
        command = [sys.executable, "-m", module, str(theirs), *arguments]
        try:
            self._process = start_child(
                command, signal="KILL", pass_fds=[theirs], stdin=subprocess.PIPE, env={**os.environ, **_QUIET}
            )
        except OSError:
            os.close(self._line)
            raise
        finally:
            os.close(theirs)
        assert self._process.stdin is not None  # noqa: S101 - it was asked for
        self._ear = self._process.stdin
        self._ear_lock = Lock()
        os.set_blocking(self._ear.fileno(), False)
        self._poll = select.poll()
        self._poll.register(self._line, select.POLLIN)
        self._heard = b""
        self._end = ""
        self._last_word = time.monotonic()

    def hear(self, timeout: float, silence: float = _LONGEST_SILENCE) -> list[dict[str, Any]]:
        """Return what it said of new pictures, as soon as it said anything, or nothing after `timeout` seconds.

        Each has `taken`, the time of the picture. Where it looks for labels each has `scans`, pairs of text and AIM
        identifier, and `unkept`, why a picture could not be kept, "" for nothing new.

        Raises:
            DeviceLost: it sees no more, it ended, or it said nothing for `silence` seconds.
        """
        if self._end:
            raise DeviceLost(self._end)
        overdue = self._last_word + silence
        if not self._poll.poll(max(0.0, min(timeout, overdue - time.monotonic())) * 1000):
            if time.monotonic() >= overdue:
                raise DeviceLost(f"its process has said nothing for {silence:g} s")
            return []
        self._last_word = time.monotonic()
        said = os.read(self._line, _CHUNK)
        if not said:
            raise DeviceLost(f"its process ended with status {self._process.wait()}")
        return self._understood(said)

    def ask(self, line: str) -> None:
        """Say a line to it, from any thread; never waits: one that does not listen, or was ended, misses it."""
        with self._ear_lock, contextlib.suppress(OSError):
            if not self._ear.closed:
                os.write(self._ear.fileno(), f"{line}\n".encode())

    def end(self) -> None:
        """End it, whatever it does; never raises."""
        self._process.kill()
        self._process.wait()
        with self._ear_lock:
            self._ear.close()
        with contextlib.suppress(OSError):
            os.close(self._line)

    def _understood(self, said: bytes) -> list[dict[str, Any]]:
        *lines, self._heard = (self._heard + said).split(b"\n")
        messages = [json.loads(line) for line in lines]
        # What it saw before the end counts first.
        self._end = next((message["end"] for message in messages if "end" in message), "")
        return [message for message in messages if "end" not in message]


def require_there(source: str) -> None:
    """Wait a moment for a device to be plugged in. Raises OpenFailed where no device or file is at `source`."""
    if "://" in source:
        return
    if source.startswith("/dev/"):
        wait_for_device(source, "video4linux", _PLUG_PATIENCE)
    if not Path(source).exists():
        raise OpenFailed(f"cannot open camera {source}: nothing is there: plug it in, or correct the source")
