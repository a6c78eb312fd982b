"""The other end of a program's NOTIFY_SOCKET, where systemd would be."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self


class Supervisor:
    """Hears what one program says of itself; `environment` is what that program must be started with."""

    def __init__(self, folder: Path) -> None:
        path = folder / "notify"
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._line.bind(str(path))
        self.environment = {"NOTIFY_SOCKET": str(path)}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._line.close()

    def hears(self, seconds: float) -> Iterator[str]:
        """Give each thing said in so many seconds, as it is said."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._line.settimeout(left)
            try:
                yield self._line.recv(1024).decode()
            except TimeoutError:
                return

    def wait_for(self, expected: str, seconds: float = 30.0) -> None:
        """Wait until this is said, other words passing."""
        heard: list[str] = []
        for said in self.hears(seconds):
            heard.append(said)
            if said == expected:
                return
        message = f"waited {seconds:g} s in vain for {expected}; heard {heard}"
        raise AssertionError(message)
