"""A board's twin at the far end of a cable: it hears what it is told for as long as it is plugged in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Protocol, TypeVar

from hardware.cable import Cable


class Twin(Protocol):
    """What acts as a board."""

    def hear(self, data: bytes) -> None: ...


AnyTwin = TypeVar("AnyTwin", bound=Twin)


@contextmanager
def plugged_in(path: Path, make: Callable[[Cable], AnyTwin]) -> Iterator[tuple[AnyTwin, Cable]]:
    """Plug a twin in at `path`."""
    with Cable(path) as cable:
        twin = make(cable)
        is_over = False

        def run() -> None:
            while not is_over:
                twin.hear(cable.receive(0.02))

        thread = Thread(target=run)
        thread.start()
        try:
            yield twin, cable
        finally:
            is_over = True
            thread.join()
