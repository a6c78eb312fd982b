"""A real `lunas gate` on ptys, as several rows need it."""

import os
import select
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from hardware.cable import Cable
from tests.bench.bare_loop import ON
from tests.conftest import unused_port
from tests.servers.program import Program, health
from tests.servers.waiting import wait_until


class RunningGate:
    """An armed gate with scanners and a relay; `replica` is its file. It may be started and stopped again and again."""

    def __init__(self, folder: Path, url: str, scanners: Sequence[str] = ("left",), alarm_seconds: int = 60) -> None:
        """`url`: what it follows, a database or, with its token in `gate-1.token`, a till's server."""
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.address = f"127.0.0.1:{unused_port()}"
        self._cables = ExitStack()
        self.scanners = [self._cables.enter_context(Cable(folder / name)) for name in scanners]
        self.relay = self._cables.enter_context(Cable(folder / "relay"))
        self._settings = folder / "gate.toml"
        self._settings.write_text(
            (f'[gate]\nfollow = "{url}"\n' if url.startswith("http") else f'[database]\nurl = "{url}"\n[gate]\n')
            + f'name = "gate-1"\nlisten = "{self.address}"\narmed = true\njournal = "{folder / "gate.journal"}"\n'
            + "".join(
                f'[[gate.scanner]]\nname = "{cable.path.name}"\nkind = "serial"\nport = "{cable.path}"\n'
                for cable in self.scanners
            )
            + f'[gate.relay]\nkind = "lcus"\nport = "{self.relay.path}"\n[gate.alarm]\nseconds = {alarm_seconds}\n'
        )
        self.replica = folder / "gate.replica"
        self._program: Program | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._cables.close()

    @property
    def program(self) -> Program:
        """The process."""
        if self._program is None:
            raise RuntimeError("the gate is not started: start it first")
        return self._program

    def start(self) -> None:
        """Start the process; it is not waited for."""
        self._program = Program("--config", str(self._settings), "gate", log=self.folder / "gate.log")

    def stop(self) -> None:
        """End the process, if it runs."""
        if self._program:
            self._program.terminate()
            self._program = None

    def wait_for_items(self, items: int, seconds: float = 300) -> None:
        """Wait until the gate is healthy and knows so many units."""
        told: dict[str, Any] = {}

        def knows() -> bool:
            nonlocal told
            _, told = health(self.address)
            return bool(told) and told.get("replica", {}).get("items") == items

        wait_until(knows, f"the gate knows {items} units; it says {told}", seconds)

    def wait_for_relay(self, seconds: float = 60) -> None:
        """Wait until the relay is switched on. Raises TimeoutError."""
        deadline, seen = time.monotonic() + seconds, b""
        while ON not in seen:
            ready, _, _ = select.select([self.relay.far_end], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError(f"the relay was not switched on within {seconds} s; it got {seen.hex()}")
            seen += os.read(self.relay.far_end, 100)

    def memory(self, what: str = "VmRSS") -> float:
        """Tell how much memory the process holds, as `memory_of` does."""
        return memory_of(self.program, what)


def memory_of(program: Program, what: str) -> float:
    """Tell how much memory a process holds, in MB: `VmRSS` now, `VmHWM` at most so far."""
    status = Path(f"/proc/{program.pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith(what + ":"))
