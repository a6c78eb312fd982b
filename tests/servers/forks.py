"""`lunas` as forks of one process in which it is imported: to import it takes a second of every process that does."""

import atexit
import ctypes
import json
import logging
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from shared.command import GROUP, main

LATE = ("alembic.command", "pos.server")  # what commands import when they run
PR_SET_PDEATHSIG = 1


class Forks:
    """The process that forks: each fork becomes `lunas ...` with files as its streams, and dies with the tests."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ended: dict[int, int] = {}
        self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "--", sys.executable, "-m", "tests.servers.forks"],
            cwd=Path(__file__).parent.parent.parent,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(
        self, arguments: Sequence[str], streams: tuple[Path, Path, Path], folder: Path, environment: Mapping[str, str]
    ) -> int:
        """Start `lunas`; `streams` are what it reads and the two that it appends to. The process id."""
        paths = [str(stream) for stream in streams]
        return int(self._ask([*arguments], paths, str(folder), {**environment}))

    def status(self, pid: int) -> int | None:
        """Its exit status, None while it runs; a signal's number is negative."""
        if pid not in self._ended:
            found = self._ask(pid)
            if found is None:
                return None
            self._ended[pid] = found
        return self._ended[pid]

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def _ask(self, *order: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())


@cache
def forks() -> Forks:
    """The one of this worker."""
    one = Forks()
    atexit.register(one.close)
    return one


def _serve() -> None:
    for point in entry_points(group=GROUP):
        point.load()
    for module in LATE:
        import_module(module)
    while line := sys.stdin.readline():
        order = json.loads(line)
        answer = _status(*order) if len(order) == 1 else _fork(*order)
        print(json.dumps(answer), flush=True)  # noqa: T201 - it is what the order's giver reads


def _status(pid: int) -> int | None:
    ended, how = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(how) if ended else None


def _fork(arguments: list[str], streams: list[str], folder: str, environment: dict[str, str]) -> int:
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
        random.seed()
        _open(streams)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        _become(arguments)
    return child


def _open(streams: list[str]) -> None:
    for number, stream in enumerate(streams):
        file = os.open(stream, os.O_WRONLY | os.O_CREAT | os.O_APPEND if number else os.O_RDONLY, 0o600)
        os.dup2(file, number)
        os.close(file)


def _become(arguments: list[str]) -> None:
    """Run the command; its end is quick, for to take all that was imported apart again costs more than most of them."""
    try:
        main(arguments)
    except SystemExit as end:
        for thread in threading.enumerate():
            if thread is not threading.current_thread() and not thread.daemon:
                thread.join()
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(int(end.code or 0))


if __name__ == "__main__":
    _serve()
