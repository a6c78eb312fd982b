"""Reads the gate's journal from another process than the one that writes it."""

import os
from dataclasses import dataclass
from pathlib import Path

from shared.journal import SLOT, SLOTS, Entry, parse_slot

LOOK = 64  # slots beyond the next that are looked at: so many in a row are never spoilt by one power cut


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of a journal: everything up to it was told. `n` 0 is before the first."""

    boot: str = ""
    n: int = 0


class JournalReader:
    """The journal of one device. For one thread."""

    def __init__(self, file: Path, device: str) -> None:
        """Raises OSError."""
        self._device = device
        self._descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)

    def close(self) -> None:
        """Let the file go."""
        os.close(self._descriptor)

    def end(self) -> Place:
        """Where the journal ends now. Raises OSError."""
        entries = self._all(0)
        return Place(entries[-1].boot, entries[-1].n) if entries else Place()

    def resumed(self, place: Place) -> Place:
        """The place itself; the beginning where this is another journal than the place was in. Raises OSError."""
        there = self._slot(place.n) if place.n else None
        is_other = there is not None and there.n == place.n and there.boot != place.boot
        return Place() if is_other or self.end().n < place.n else place

    def after(self, n: int) -> list[Entry]:
        """The next entries, without a gap between them; durable, so that their numbers are never given again.

        The first is not `n + 1` where the ring went round, or a power cut spoilt what lay between. Raises OSError.
        """
        entries = self._look(n)
        if entries and entries[0].n > n + 1:
            entries = self._look(n)  # what was just being written at the first look is there now
        if entries:
            os.fdatasync(self._descriptor)
        return [entry for place, entry in enumerate(entries) if entry.n == entries[0].n + place]

    def _look(self, n: int) -> list[Entry]:
        found = [entry for number in range(n + 1, n + 1 + LOOK) if (entry := self._slot(number)) and entry.n > n]
        went_round = any(entry.n > n + LOOK for entry in found)
        return self._all(n) if went_round else found

    def _all(self, n: int) -> list[Entry]:
        found = [entry for number in range(SLOTS) if (entry := self._slot(number)) and entry.n > n]
        return sorted(found, key=lambda entry: entry.n)

    def _slot(self, number: int) -> Entry | None:
        return parse_slot(self._device, os.pread(self._descriptor, SLOT, SLOT * (1 + number % SLOTS)))
