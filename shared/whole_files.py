"""Files that stand under their name whole or not at all, whatever is killed in between."""

import os
from pathlib import Path


def put_in_place(draft: Path, file: Path) -> None:
    """Give a finished draft its name, durably; a file of that name is replaced at one stroke. Raises OSError."""
    _sync(draft)
    draft.rename(file)
    _sync(file.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
