"""Who says what an incident was: the PIN is checked by the source, in a thread of its own; no PIN is kept at the gate.

While the source is silent a word still counts, unsigned: the office shows that nobody signed it.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread

from gate.source import Source
from shared.database import DatabaseError
from shared.incidents import Fact
from shared.staff import Actor

log = logging.getLogger(__name__)

LOOK_SECONDS = 30.0  # between two looks at who there is


@dataclass(frozen=True, slots=True)
class Resolve:
    """What somebody at the screen says of an incident; `ask` names the request that waits, `at` is wall time in µs."""

    ask: str
    incident: str
    fact: Fact
    note: str
    person: str
    pin: str
    at: int

    def __repr__(self) -> str:
        """Without the PIN and the note: this may stand in a log."""
        return f"Resolve({self.incident!r}, {self.fact!r}, {self.person!r})"


@dataclass(frozen=True, slots=True)
class Close:
    """What somebody at the screen wants of after-closing mode: on until `until`, or off with 0; wall times in µs."""

    ask: str
    until: int
    person: str
    pin: str
    at: int

    def __repr__(self) -> str:
        """Without the PIN."""
        return f"Close({self.until!r}, {self.person!r})"


@dataclass(frozen=True, slots=True)
class Signed:
    """How a signature was found: `by` is the person's id, "" where the source was silent, None for a wrong PIN."""

    request: Resolve | Close
    by: str | None


@dataclass(frozen=True, slots=True)
class People:
    """Who may say what an incident was."""

    people: tuple[Actor, ...]


class Signing:
    """Requests in, signatures out by `deliver`; between them it looks who there is."""

    def __init__(self, source: Source, deliver: Callable[[Signed | People], None]) -> None:
        self._source = source
        self._deliver = deliver
        self._requests: SimpleQueue[Resolve | Close | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="signing", daemon=True)

    def start(self) -> None:
        """Begin to check."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; one that waits for a dead source is left behind."""
        self._requests.put(None)
        self._thread.join(1.0)

    def check(self, request: Resolve | Close) -> None:
        """Have this checked."""
        self._requests.put(request)

    def _run(self) -> None:
        look_at = time.monotonic()
        while True:
            try:
                request = self._requests.get(timeout=max(0.0, look_at - time.monotonic()))
            except Empty:
                self._look()
                look_at = time.monotonic() + LOOK_SECONDS
                continue
            if request is None:
                return
            self._deliver(Signed(request, self._signature(request)))

    def _signature(self, request: Resolve | Close) -> str | None:
        try:
            who = self._source.sign_in(request.person, request.pin)
        except DatabaseError as error:
            log.warning("nobody could sign %r: %s", request, error)
            return ""
        return who.id if who else None

    def _look(self) -> None:
        try:
            self._deliver(People(tuple(self._source.people())))
        except DatabaseError:
            return  # the follower says it
