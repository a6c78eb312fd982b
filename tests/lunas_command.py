"""The `lunas` command, run to its end."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.servers.forks import forks
from tests.servers.waiting import wait_until


@dataclass(frozen=True)
class Told:
    """What a command said, and how it ended."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Lunas:
    """Runs commands on one settings file."""

    settings: Path

    def __call__(self, *arguments: str) -> Told:
        """Run one."""
        return run(["--config", str(self.settings), *arguments], self.settings.parent)

    def well(self, *arguments: str) -> str:
        """Run one that has to end well, and give what it said."""
        told = self(*arguments)
        assert told.status == 0, told
        return told.out

    def refused(self, *arguments: str) -> str:
        """Run one that has to fail, and give what it said of it."""
        told = self(*arguments)
        assert told.status == 1, told
        return told.err


def run(arguments: Sequence[str], folder: Path, typed: str = "") -> Told:
    """Run a command in this folder, in a process of its own; no one of them may ever show a traceback."""
    with TemporaryDirectory() as name:
        typed_in, out, err = (Path(name, stream) for stream in ("in", "out", "err"))
        typed_in.write_text(typed)
        pid = forks().start(arguments, (typed_in, out, err), folder, os.environ | {"COLUMNS": "200"})
        wait_until(lambda: forks().status(pid) is not None, f"lunas {' '.join(arguments)} ends", seconds=60)
        told = Told(forks().status(pid) or 0, out.read_text(), err.read_text())
    assert "Traceback" not in told.err + told.out, told.err
    assert told.status in {0, 1, 2}
    assert told.status == 0 or told.err
    return told
