"""A small disk of a test's own, a way to fill it, and ways to damage a file."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

DAMAGES = ("empty", "cut", "no database", "overwritten")
PAGE = 4096


@contextlib.contextmanager
def mounted(folder: Path, megabytes: int) -> Iterator[Path]:
    """Mount a disk of so many megabytes at `folder`, which is made; only root may."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill_up(filler: Path) -> None:
    """Write into this file until the disk has no room."""
    with filler.open("wb", buffering=0) as out, contextlib.suppress(OSError):
        while True:
            out.write(b"x" * 4096)


def damage(file: Path, how: str) -> None:
    """Harm a database file, as disks, people and programs do."""
    size = file.stat().st_size
    with file.open("r+b") as raw:
        if how == "cut":
            raw.truncate(size // 2 // PAGE * PAGE)
        elif how == "overwritten":
            for place in range(2 * PAGE, size, PAGE):
                raw.seek(place)
                raw.write(b"\xa5" * (PAGE // 2))
        else:
            raw.truncate(0)
            raw.write(b"serial,product\n" * 1000 if how == "no database" else b"")
