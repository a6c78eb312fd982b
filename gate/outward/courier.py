"""Tells one destination what the journal holds: in order, each entry at least once, from where it was left off.

What cannot be told now is tried again, with longer and longer pauses. The journal is a ring: what it has overwritten
meanwhile is counted, and the count is told before anything else is.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from gate.outward.cursor import Cursor, CursorFile
from gate.outward.journal_reader import JournalReader, Place
from gate.outward.messages import Message, lost, message
from shared.journal import Entry

log = logging.getLogger(__name__)

FIRST_PAUSE = 1.0
SAVE_SECONDS = 1.0  # a long run of entries does not keep the disk busy with each


class NotTakenError(Exception):
    """The destination did not take a message; the message says why."""


class Destination(Protocol):
    """Where messages go.

    Attributes:
        name: what the shop calls it.
        patience: for how many seconds at least it may refuse everything before a message is given up; None: for ever.
        longest_pause: seconds between two tries, after many in vain.
    """

    name: str
    patience: float | None
    longest_pause: float

    def take(self, told: Message) -> None:
        """Return once it has this message for good. Raises NotTakenError."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Which gate tells, and in which currency its prices are."""

    gate: str
    currency: str


class Courier:
    """One destination's. For one thread.

    Attributes:
        why: "" while all that there is to tell is told, else why it is not.
    """

    def __init__(
        self,
        destination: Destination,
        reader: JournalReader,
        file: CursorFile,
        sender: Sender,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`clock` is wall time. The first time of all begins with what happens from now on. Raises OSError."""
        self._destination = destination
        self._reader = reader
        self._file = file
        self._sender = sender
        self._clock = clock
        known = file.read()
        place = reader.resumed(known.place) if known else reader.end()
        self._cursor = replace(known or Cursor(place), place=place)
        self._saved_at = 0.0
        self._save()
        self._pause = FIRST_PAUSE
        self.why = ""

    def step(self) -> float:
        """Tell what there is to tell; gives for how many seconds to wait after a failure, 0 after none."""
        try:
            while entries := self._reader.after(self._cursor.place.n):
                for entry in entries:
                    self._tell(entry)
                    self._pause, self.why = FIRST_PAUSE, ""
                self._save()
        except NotTakenError as error:
            return self._failed(str(error))
        except OSError as error:
            return self._failed(f"{error.filename or 'the journal'}: {error.strerror}")
        self.why = ""
        return 0.0

    def _tell(self, entry: Entry) -> None:
        missing = entry.n - self._cursor.place.n - 1
        if missing:
            log.warning("%s: %d entries of the journal were gone before they could be told", self._name, missing)
            before = Place(entry.boot, entry.n - 1)
            self._cursor = replace(self._cursor, place=before, lost=self._cursor.lost + missing)
        facts = entry.facts()
        told = message(entry.key, self._sender.gate, facts, self._sender.currency)
        if told:
            self._take(told, entry, facts["at"])
        self._cursor = replace(self._cursor, place=Place(entry.boot, entry.n))
        if time.monotonic() - self._saved_at > SAVE_SECONDS:
            self._save()

    def _take(self, told: Message, entry: Entry, at: int) -> None:
        try:
            if self._cursor.lost:
                self._destination.take(lost(entry.key, self._sender.gate, self._cursor.lost, at))
                self._cursor = replace(self._cursor, lost=0)
            self._destination.take(told)
            self._cursor = replace(self._cursor, vain=0.0)
        except NotTakenError:
            if not self._is_given_up(at):
                raise
            log.warning("%s: %s is given up: nothing was taken for too long", self._name, told.id)
            self._cursor = replace(self._cursor, lost=self._cursor.lost + 1)

    def _is_given_up(self, at: int) -> bool:
        """By the pauses that were waited, and by the entry's age: a clock that is set gives nothing up."""
        patience = self._destination.patience
        if patience is None:
            return False
        return self._cursor.vain >= patience and self._clock() - at / 1_000_000 >= patience

    def _failed(self, why: str) -> float:
        if why != self.why:
            log.warning("%s is not told: %s", self._name, why)
        self.why = why
        pause, self._pause = self._pause, min(2 * self._pause, self._destination.longest_pause)
        self._cursor = replace(self._cursor, vain=self._cursor.vain + pause)
        self._save()
        return pause

    def _save(self) -> None:
        try:
            self._file.write(self._cursor)
        except OSError as error:
            log.warning("%s: how far it was told cannot be kept: %s", self._name, error.strerror)
        self._saved_at = time.monotonic()

    @property
    def _name(self) -> str:
        return self._destination.name
