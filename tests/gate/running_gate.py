"""A real `lunas gate` on ptys: a serial scanner and an LCUS board whose far ends the test holds."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hardware.cable import Cable
from hardware.relays.serial_board import FrameDecoder
from tests.servers.program import Program, health
from tests.servers.waiting import wait_until

ON, OFF = (1, True), (1, False)
Start = Callable[..., Program]


class RunningGate:
    """One gate's program, its cables, and what came out of them."""

    def __init__(self, folder: Path, url: str, address: str, start: Start, till: str = "") -> None:
        """`url`: what it follows, a database or, with its token in `gate-1.token`, a till's server.

        `till`: the address of one that it asks too.
        """
        self.folder = folder
        self.address = address
        self.scanner = Cable(folder / "scanner")
        self.relay = Cable(folder / "relay")
        self.file = folder / "gate.toml"
        source = f'[gate]\nfollow = "{url}"' if url.startswith("http") else f'[database]\nurl = "{url}"\n[gate]'
        self.file.write_text(
            f'{source}\nlisten = "{address}"\narmed = true\n'
            f'[[gate.scanner]]\nname = "left"\nkind = "serial"\nport = "{self.scanner.path}"\n'
            f'[gate.relay]\nkind = "lcus"\nport = "{self.relay.path}"\n[gate.alarm]\nseconds = 1\n'
            + (f'[[gate.till]]\nurl = "{till}"\n' if till else "")
        )
        self._start = start
        self._decoder = FrameDecoder()
        self.program: Program

    def start(self, *, healthy: bool = True) -> None:
        """Start the program; wait until it watches."""
        self.program = self._start("--config", str(self.file), "gate")
        if healthy:
            self.program.wait_until_healthy(self.address)

    def health(self) -> dict[str, Any]:
        """What `/healthz` says, {} while nobody answers."""
        return health(self.address)[1]

    def part(self, *names: str) -> Any:
        """One value of `/healthz`, None where it is not there."""
        value: Any = self.health()
        for name in names:
            value = value.get(name) if isinstance(value, dict) else None
        return value

    def wait_for(self, expected: Any, *names: str, seconds: float = 10.0) -> None:
        """Wait until a value of `/healthz` is as expected."""
        wait_until(
            lambda: self.part(*names) == expected, f"{'.'.join(names)} is {expected!r}: {self.health()}", seconds
        )

    def scan(self, *texts: str) -> None:
        """Let the scanner read labels."""
        for text in texts:
            self.scanner.send(text.encode() + b"\r")

    def frames(self, seconds: float) -> list[tuple[int, bool]]:
        """All relay frames of so many seconds."""
        found: list[tuple[int, bool]] = []
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            found += self._decoder.feed(self.relay.receive(left))
        return found

    def wait_for_frame(self, expected: tuple[int, bool], seconds: float = 5.0) -> float:
        """Wait for one relay frame, other ones passing; gives how long it took."""
        begin = time.monotonic()
        while (left := begin + seconds - time.monotonic()) > 0:
            if expected in self._decoder.feed(self.relay.receive(left)):
                return time.monotonic() - begin
        raise AssertionError(f"waited {seconds:g} s in vain for the relay frame {expected}; {self.health()}")
