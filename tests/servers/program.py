"""The `lunas` command as a process of its own."""

import http.client
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.servers.forks import forks
from tests.servers.waiting import wait_until

LUNAS = str(Path(sys.executable).with_name("lunas"))


class Program:
    """One running `lunas ...`, whose output goes to a file; it dies with the test process, however that ends."""

    def __init__(self, *arguments: str, log: Path, environment: Mapping[str, str] | None = None) -> None:
        self.arguments = arguments
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "--", LUNAS, *arguments],
                env={**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    @property
    def pid(self) -> int:
        """The process id of the server itself: the wrapper has made way for it."""
        return self._process.pid

    @property
    def output(self) -> str:
        """All that it has printed so far, both streams in the order of printing."""
        return self.log.read_text(errors="replace")

    @property
    def exit_status(self) -> int | None:
        """None while it runs; a signal's number is negative."""
        return self._process.poll()

    def wait_until_healthy(self, address: str, seconds: float = 15.0) -> dict[str, Any]:
        """Wait until `http://address/healthz` answers 200, and give its body; fail at once if the program has ended."""
        answer: tuple[int, dict[str, Any]] = (0, {})

        def healthy() -> bool:
            nonlocal answer
            assert self.exit_status is None, f"{self} ended with {self.exit_status}:\n{self.output}"
            answer = health(address)
            return answer[0] == 200

        wait_until(healthy, f"{self} is healthy; it printed:\n{self.output}", seconds)
        return answer[1]

    def wait(self, seconds: float = 15.0) -> int:
        """Wait for its end and give its exit status."""
        return self._process.wait(seconds)

    def terminate(self, seconds: float = 15.0) -> int:
        """Ask it to end (SIGTERM), wait for that, and give its exit status."""
        self._process.terminate()
        return self.wait(seconds)

    def kill(self) -> None:
        """Take its life (SIGKILL) without a word, and reap it."""
        self._process.kill()
        self._process.wait()

    def __str__(self) -> str:
        return " ".join(["lunas", *self.arguments])


class ForkedProgram(Program):
    """The same as a fork of what has `lunas` imported: it starts at once, and is not what starts in a shop."""

    def __init__(self, *arguments: str, log: Path) -> None:
        self.arguments = arguments
        self.log = log
        log.touch()
        self._pid = forks().start(arguments, (Path(os.devnull), log, log), Path.cwd(), os.environ)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._pid

    @property
    def exit_status(self) -> int | None:
        """None while it runs; a signal's number is negative."""
        return forks().status(self._pid)

    def wait(self, seconds: float = 15.0) -> int:
        """Wait for its end and give its exit status."""
        wait_until(lambda: self.exit_status is not None, f"{self} ends; it printed:\n{self.output}", seconds)
        return self.exit_status or 0

    def terminate(self, seconds: float = 15.0) -> int:
        """Ask it to end (SIGTERM), wait for that, and give its exit status."""
        self._signal(signal.SIGTERM)
        return self.wait(seconds)

    def kill(self) -> None:
        """Take its life (SIGKILL) without a word, and reap it."""
        self._signal(signal.SIGKILL)
        self.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self.exit_status is None:
            os.kill(self._pid, number)


def health(address: str) -> tuple[int, dict[str, Any]]:
    """Ask `http://address/healthz`: its status and body; (0, {}) while nobody answers."""
    try:
        with urllib.request.urlopen(f"http://{address}/healthz", timeout=5) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, json.load(refusal)
    except (OSError, http.client.HTTPException):
        return 0, {}
