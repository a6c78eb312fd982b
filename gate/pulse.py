"""The gate's pulse: the supervisor's watchdog is fed for as long as everything that watches goes round.

The loop beats it, so a loop that hangs is silence; so is a reader, a follower or a delivery that has not gone round,
and a replica that cannot be read. A device that is absent is none of these, and neither is a database that does not
answer: to be started again would help nothing then.
"""

import logging
import math
import time
from collections.abc import Callable
from typing import Final, Protocol

from shared import supervisor

log = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
HANG_SECONDS = 15.0
OPENING_SECONDS = 45.0  # a reader's patience: a camera may take half a minute to open

AT_THE_SOURCE: Final = math.inf
"""The heartbeat of a thread that waits for the source's answer: how long that takes is no fault of the thread."""


class Part(Protocol):
    """A thread of the gate; `heartbeat` is when it last went round, in seconds of `time.monotonic()`."""

    heartbeat: float


class Pulse:
    """Beaten by the loop at each of its rounds; heard by the supervisor about once a second."""

    def __init__(self, question: Callable[[], object], clock: Callable[[], float] = time.monotonic) -> None:
        """`question`: asks the replica something, and raises where it cannot answer."""
        self._question = question
        self._clock = clock
        self._parts: dict[str, tuple[Part, float]] = {}
        self._next = 0.0
        self._hanging: list[str] = []

    def watch(self, name: str, part: Part, patience: float = HANG_SECONDS) -> None:
        """From now on this thread must go round too, at least every `patience` seconds."""
        self._parts[name] = (part, patience)

    def beat(self) -> None:
        """Feed the watchdog, if it is time and nothing hangs."""
        now = self._clock()
        if now < self._next:
            return
        self._next = now + BEAT_SECONDS
        hanging = [name for name, (part, patience) in self._parts.items() if now - part.heartbeat > patience]
        if not self._replica_answers():
            hanging.append("replica")
        if hanging and hanging != self._hanging:
            log.error("the watchdog is not fed: no answer from %s", ", ".join(hanging))
        self._hanging = hanging
        if not hanging:
            supervisor.alive()

    def _replica_answers(self) -> bool:
        try:
            self._question()
        except Exception:
            log.exception("the replica cannot be read")
            return False
        return True
