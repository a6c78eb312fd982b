"""`lunas till` and `lunas gate` as processes of their own, which die with the demo however it dies."""

import socket
import subprocess
import sysconfig
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from hardware.children import start_child
from shared.command import Failure

LUNAS = Path(sysconfig.get_path("scripts"), "lunas")
START_SECONDS = 60.0  # a second on a quiet machine
STOP_SECONDS = 3.0
ASK_AGAIN = 0.03


def free_port(wanted: int) -> int:
    """The wanted port on loopback where nobody has it, else another one."""
    for port in (wanted, 0):
        with socket.socket() as trial:
            trial.setsockopt(
                socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
            )  # as the servers do: it is free right after a stop
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            chosen: int = trial.getsockname()[1]
            return chosen
    raise Failure("no TCP port is free on 127.0.0.1")


class Program:
    """One `lunas ...`; what it says goes to a log beside the settings file. Make it in the main thread."""

    def __init__(self, settings: Path, name: str, port: int) -> None:
        self.name = name
        self.log = settings.with_name(f"{name}.log")
        self._address = f"http://127.0.0.1:{port}/"
        with self.log.open("ab") as log:
            # A group of its own: Ctrl-C is for the demo, which then ends its programs in order.
            self._process = start_child(
                [str(LUNAS), "--config", str(settings), name],
                signal="KILL", stdin=subprocess.DEVNULL, stdout=log, stderr=log, process_group=0,
            )  # fmt: skip

    def check(self) -> None:
        """Raises Failure if it has ended."""
        status = self._process.poll()
        if status is not None:
            last = self.log.read_text(errors="replace").strip().rpartition("\n")[2]
            raise Failure(f"lunas {self.name} ended with status {status}: {last or 'it said nothing'} (see {self.log})")

    def wait_until_well(self) -> None:
        """Wait until its health check says so. Raises Failure if it ends or takes too long."""
        deadline = time.monotonic() + START_SECONDS
        while not self._is_well():
            self.check()
            if time.monotonic() > deadline:
                raise Failure(f"lunas {self.name} is not well: look at {self._address}healthz (and {self.log})")
            time.sleep(ASK_AGAIN)

    def ask_to_stop(self) -> None:
        """Ask it to end in order."""
        self._process.terminate()

    def wait_until_stopped(self) -> None:
        """Wait for its end; one that takes too long is killed."""
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _is_well(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self._address}healthz", timeout=2):  # noqa: S310 - our own http address
                return True
        except OSError:
            return False


def stop(programs: Sequence[Program]) -> None:
    """End them all, side by side."""
    for program in programs:
        program.ask_to_stop()
    for program in programs:
        program.wait_until_stopped()
