"""Child processes that die with their parent, however it dies."""

import subprocess
from collections.abc import Sequence
from typing import Any


def start_child(command: Sequence[str], *, signal: str = "TERM", **options: Any) -> subprocess.Popen[bytes]:
    """Start `command`; the kernel sends it the signal when the parent ends (PR_SET_PDEATHSIG, see prctl(2)).

    The kernel goes by the thread that started the child, so call this in a thread that lives as long as the program.
    `setpriv` of util-linux sets it and then becomes the command, so the pid is the command's.
    """
    return subprocess.Popen(["/usr/bin/setpriv", "--pdeathsig", signal, "--", *command], **options)
