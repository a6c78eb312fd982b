"""Pictures that are kept, as files in one folder, until somebody takes them away. It never holds more than `MOST`.

A file's name says all: `NAME.NUMBER.TIME.jpg`, TIME being wall time in µs. It stands there whole or not at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MOST: Final = 500  # about 30 MB
_ENDING: Final = ".jpg"


@dataclass(frozen=True, slots=True)
class Page:
    """One picture: what it belongs to, its place there, and when it was taken, in µs of wall time."""

    file: Path
    name: str
    number: int
    at: int


class Album:
    """The folder, which only its owner may look into."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError where it cannot be made."""
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def add(self, name: str, number: int, at: int, jpeg: bytes) -> None:
        """Put a picture in; the oldest ones go where there is no room. Raises OSError."""
        pages = list(self.pages())
        for page in pages[: max(0, len(pages) + 1 - MOST)]:
            page.file.unlink(missing_ok=True)
        file = self._folder / f"{name}.{number}.{at}{_ENDING}"
        draft = file.with_suffix(".new")
        draft.write_bytes(jpeg)
        draft.replace(file)

    def pages(self) -> Iterator[Page]:
        """What is in it, oldest first. Raises OSError."""
        found = (_page(file) for file in self._folder.glob(f"*{_ENDING}"))
        yield from sorted((page for page in found if page), key=lambda page: page.at)


def _page(file: Path) -> Page | None:
    try:
        name, number, at = file.name.removesuffix(_ENDING).split(".")
        return Page(file, name, int(number), int(at))
    except ValueError:
        return None
