"""Follows the feed into the replica, in a thread of its own, and copies afresh when the feed does not fit."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from threading import Event as Flag
from threading import Thread

from gate.elsewhere import Passed
from gate.pulse import AT_THE_SOURCE
from gate.replica import Replica
from gate.source import Source
from shared.database import DatabaseError
from shared.gate_policy import Reason
from shared.ledger import Event, Head, is_behind

log = logging.getLogger(__name__)

POLL_SECONDS = 0.2
RETRY_SECONDS = 1.0
SECOND = 1_000_000
LEAVING = frozenset({Reason.AGAIN.value, Reason.TWICE.value})
CHUNK = 200  # events a step, so that a busy feed never holds the replica for long


@dataclass(frozen=True, slots=True)
class Followed:
    """The replica was level with the source at `monotonic`; `changed` says whether something new came.

    `elsewhere`: what other gates saw, of that.
    """

    monotonic: float
    changed: bool
    elsewhere: tuple[Passed, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceLost:
    """The source does not answer, and why; said at every try."""

    why: str


@dataclass(frozen=True, slots=True)
class PutBack:
    """The source is not what it was: it was put back to an earlier day, or changed behind the ledger's back."""


class Follower:
    """Keeps the replica level with the source."""

    def __init__(
        self,
        source: Source,
        replica: Replica,
        deliver: Callable[[Followed | SourceLost | PutBack], None],
        *,
        armed: bool,
        policy: Mapping[str, str],
    ) -> None:
        """`armed` and `policy`: what the settings say, which the source is told."""
        self._source = source
        self._replica = replica
        self._deliver = deliver
        self._armed = armed
        self._policy = policy
        self._is_introduced = False
        self._is_lost = False
        self._passed: list[Passed] = []
        self._stopping = Flag()
        self._thread = Thread(target=self._run, name="follower", daemon=True)
        self.heartbeat = time.monotonic()

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; one that waits for a dead source is left behind."""
        self._stopping.set()
        self._thread.join(1.0)

    def _run(self) -> None:
        while not self._stopping.is_set():
            pause = POLL_SECONDS
            self.heartbeat = AT_THE_SOURCE
            try:
                changed = self.follow()
                self._is_lost = False
                self._deliver(Followed(time.monotonic(), changed, self.elsewhere()))
            except Exception as error:  # noqa: BLE001 - whatever it is, the gate goes on with what it believes
                pause = RETRY_SECONDS
                self._lose(error)
            self.heartbeat = time.monotonic()
            self._stopping.wait(pause)

    def follow(self) -> bool:
        """Come level with the source once; whether something new came. Raises DatabaseError."""
        if not self._is_introduced:
            self._introduce()
            self._is_introduced = True
        epoch, heads = self._source.heads()
        known = self._replica.heads()
        followed = self._replica.fact("epoch")
        if followed is None:
            self._copy()
            return True
        if followed != epoch or any(is_behind(heads, register, head) for register, head in known.items()):
            self._begin_anew("the database is not the one that this gate followed: it was put back to an earlier day")
            return True
        changed = False
        for register, head in heads.items():
            seq = known.get(register, Head(0, b"")).seq
            changed |= seq < head.seq
            while seq < head.seq:
                events = self._source.newer(register, seq, CHUNK)
                if not events or not self._replica.apply(events):
                    self._begin_anew(f"the feed of {'/'.join(register)} does not go on from what this gate knows")
                    return True
                self._passed += passed(events, self._replica.gate)
                seq = events[-1].seq
                time.sleep(0)
        return changed

    def elsewhere(self) -> tuple[Passed, ...]:
        """What other gates saw, of what came since this was asked last."""
        told = tuple(self._passed)
        self._passed.clear()
        return told

    def _introduce(self) -> None:
        self._source.introduce(armed=self._armed, policy=self._policy)

    def _begin_anew(self, why: str) -> None:
        """What the source knew of this gate may be lost too."""
        log.error("%s; copying afresh", why)
        self._deliver(PutBack())
        self._introduce()
        self._copy()

    def _copy(self) -> None:
        log.info("copying everything from the source")
        with self._source.copy() as copy:
            self._replica.fill(copy)

    def _lose(self, error: Exception) -> None:
        self._is_introduced = False
        if not self._is_lost:
            self._is_lost = True
            expected = isinstance(error, DatabaseError)
            log.warning("the database does not answer the gate: %s", error, exc_info=None if expected else error)
        self._deliver(SourceLost(str(error)))


def passed(events: Iterable[Event], gate: str) -> Iterator[Passed]:
    """What other gates than this one saw, of all that happened."""
    for event in events:
        is_departure = event.kind == "item" and event.what == "departed"
        if event.register == gate or not (is_departure or event.kind == "passage"):
            continue
        facts = event.facts()
        item = int(event.subject) if is_departure else facts["item"]
        is_in = event.what == Reason.ENTERED
        if item is not None and (is_departure or is_in or event.what in LEAVING):
            yield Passed(item, max(0, event.at - facts["seen"]) / SECOND, is_in)
