"""Brings the journal's entries into the ledger, exactly once, in a thread of its own.

Delivering an entry again does nothing. A database that was put back to an earlier day has another epoch: it gets again
what the journal still holds, and what it has lost the sale of is shown to a person.
"""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Event as Flag
from threading import Thread
from typing import Any

from gate.pulse import AT_THE_SOURCE
from gate.source import Source
from shared.database import DatabaseError
from shared.journal import Entry, Journal

log = logging.getLogger(__name__)

WAIT_SECONDS = 1.0
RETRY_SECONDS = 1.0
BATCH = 100
ALIVE_SECONDS = 10.0
FRESH_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Refused:
    """A passage that the gate let through, but the unit is in fact not paid; the facts are the journal's."""

    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class JournalState:
    """How the journal is: "" or what is wrong with the file."""

    fault: str


class Delivery:
    """Keeps the journal empty."""

    def __init__(self, journal: Journal, source: Source, deliver: Callable[[Refused | JournalState], None]) -> None:
        self._journal = journal
        self._source = source
        self._deliver = deliver
        self._fault = ""
        self._stopping = Flag()
        self._thread = Thread(target=self._run, name="delivery", daemon=True)
        self.heartbeat = time.monotonic()
        self._marked_at = 0.0

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; one that waits for a dead source is left behind."""
        self._stopping.set()
        self._thread.join(2 * WAIT_SECONDS)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._journal.wait(WAIT_SECONDS)
            self.heartbeat = time.monotonic()
            self._mark_alive()
            try:
                self.step()
            except DatabaseError:
                self._stopping.wait(RETRY_SECONDS)  # the follower says it
            except Exception:
                log.exception("delivering failed; trying again")
                self._stopping.wait(RETRY_SECONDS)

    def _mark_alive(self) -> None:
        if time.monotonic() - self._marked_at > ALIVE_SECONDS:
            self._marked_at = time.monotonic()
            with suppress(OSError):  # the next entry says what is wrong with the file
                self._journal.mark_alive()

    def step(self) -> int:
        """Deliver some of what waits, and return how much it was. Raises DatabaseError."""
        try:
            entries = self._journal.undelivered(BATCH)
            self._say("")
        except OSError as error:
            self._say(f"cannot be made durable: {error.strerror}")
            self._stopping.wait(RETRY_SECONDS)
            return 0
        self.heartbeat = AT_THE_SOURCE
        epoch = self._source.epoch()
        if epoch != self._journal.epoch:
            self._journal.deliver_again(epoch)
            entries = self._journal.undelivered(BATCH)
        if entries:
            self.deliver(entries)
        return len(entries)

    def deliver(self, entries: Sequence[Entry]) -> None:
        """Record these entries and acknowledge them. Raises DatabaseError; then they wait on."""
        fresh = {entry.key for entry in entries if self._is_fresh(entry)}
        refused = self._source.deliver(entries, fresh)
        self._journal.acknowledge(entries)
        for entry in entries:
            if entry.key in refused:
                self._deliver(Refused(entry.facts()))

    def _is_fresh(self, entry: Entry) -> bool:
        """Of a passage; only this machine can tell, and only since it started: monotonic clocks are its own."""
        facts = entry.facts()
        is_ours = facts["kind"] == "passage" and entry.boot == self._journal.boot
        return is_ours and time.monotonic() - float(facts["monotonic"]) < FRESH_SECONDS

    def _say(self, fault: str) -> None:
        if fault != self._fault:
            self._fault = fault
            self._deliver(JournalState(fault))
