"""The `lunas` command, run to its end on one settings file."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.servers.program import LUNAS


@dataclass(frozen=True)
class Told:
    """What a command said, and how it ended."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Lunas:
    """Runs commands; no one of them may ever show a traceback."""

    settings: Path

    def __call__(self, *arguments: str) -> Told:
        """Run one."""
        done = subprocess.run(
            [LUNAS, "--config", str(self.settings), *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.settings.parent,
            env=os.environ | {"COLUMNS": "200"},
        )
        assert "Traceback" not in done.stderr + done.stdout, done.stderr
        assert done.returncode in {0, 1, 2}
        assert done.returncode == 0 or done.stderr
        return Told(done.returncode, done.stdout, done.stderr)

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
