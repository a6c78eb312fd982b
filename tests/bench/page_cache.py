"""Files in and out of the machine's memory, for what is warm and what is cold."""

import os
from pathlib import Path

BLOCK = 1 << 20


def warm(file: Path) -> None:
    """Read a file once, so that the machine holds it in memory."""
    with file.open("rb") as content:
        while content.read(BLOCK):
            pass


def chill(*files: Path) -> None:
    """Let the machine forget what it holds of these files; the disk of a virtual machine may remember them."""
    for file in files:
        descriptor = os.open(file, os.O_RDONLY)
        os.fsync(descriptor)  # only what is on the disk can be forgotten
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)
