"""Writes what the gate saw into the journal. What the journal cannot take is held in memory and tried again."""

import logging
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from gate.decision import Reason, Verdict
from gate.incidents import Alarmed, Incident
from gate.receipts import Shown
from gate.replica import Belief, Replica
from gate.signing import Resolve
from hardware.scanner import Scan
from shared.gate_policy import LEFT_AS_SOLD
from shared.gate_rules import Closed
from shared.items import ItemState
from shared.journal import Journal, JournalError

log = logging.getLogger(__name__)

MOST_HELD = 10_000
RETRY_SECONDS = 1.0
MOST_SENT = 8  # units in one entry: a journal entry holds them, however long their serials are
NOTHING: Mapping[str, str] = MappingProxyType({})


class Recorder:
    """The loop's only way to the journal: never waits, never raises.

    `newest` is the latest wall time that was written down, or waits in the journal for its first delivery, in µs,
    `closed` the last word on after-closing mode that did so.
    """

    def __init__(self, journal: Journal, replica: Replica) -> None:
        self._journal = journal
        self._replica = replica
        self._held: deque[Mapping[str, Any]] = deque(maxlen=MOST_HELD)
        self._next_try = 0.0
        self.fault = ""
        self.newest = 0
        self.closed = Closed(0, 0)

    @property
    def waiting(self) -> int:
        """How many entries have not reached the ledger yet."""
        return self._journal.waiting + len(self._held)

    def passage(
        self, scan: Scan, belief: Belief | None, verdict: Verdict, let_out: Mapping[str, str] = NOTHING
    ) -> None:
        """A unit passed, or something wants a look; `let_out`: the `permit`, `receipt` (its number), or who `by`."""
        self._write({
            "kind": "passage",
            **_unit(belief),
            "epoch": self._replica.epoch,
            "outcome": verdict.outcome,
            "reason": verdict.reason,
            "scanner": scan.scanner,
            "at": round(scan.wall * 1_000_000),
            "monotonic": scan.monotonic,
            "last_till": "",
            **{name: by for name, by in let_out.items() if by},
        })  # fmt: skip

    def alarm(self, incident: Incident, alarmed: Alarmed, *, has_sounded: bool) -> None:
        """An item set the gate off, or would have in trial; `has_sounded` where an output was switched on for it.

        That of a quiet alarm is a lamp at most.
        """
        self._write({
            "kind": "alarm",
            **_unit(alarmed.belief),
            "incident": incident.id,
            "reason": alarmed.reason,
            "state": "trial" if incident.is_trial else "open",
            "scanner": alarmed.scanner,
            "at": alarmed.at,
            "monotonic": time.monotonic(),
            "last_till": alarmed.last_till.name,
            "last_till_at": alarmed.last_till.at,
            "sounded": has_sounded,
            "quiet": incident.is_quiet,
        })  # fmt: skip

    def receipt(self, scan: Scan, shown: Shown) -> None:
        """A receipt was shown."""
        told = {"receipt": shown.id, "number": shown.number, "finding": shown.finding, "units": shown.units}
        self._write({"kind": "receipt", **told, "scanner": scan.scanner, "at": round(scan.wall * 1_000_000)})

    def silenced(self, incident: str, at: int) -> None:
        """Somebody answered an incident; `at` is wall time in µs."""
        self._write({"kind": "silenced", "incident": incident, "at": at})

    def sent(self, incident: str, units: Sequence[Belief], at: int) -> None:
        """Somebody at the gate sends these units of an incident to the till; `at` is wall time in µs."""
        named = [[unit.item, unit.serial] for unit in units]
        for first in range(0, len(named), MOST_SENT):
            self._write({"kind": "sent", "incident": incident, "units": named[first : first + MOST_SENT], "at": at})

    def watch(self, facts: Mapping[str, Any]) -> None:
        """What the gate's watch book, or the gate of itself, has to say."""
        self._write(facts)

    def resolved(self, resolve: Resolve, by: str) -> None:
        """Somebody said what an incident was; `by` is "" where nobody could sign."""
        told = {"incident": resolve.incident, "fact": resolve.fact, "note": resolve.note, "by": by, "at": resolve.at}
        self._write({"kind": "resolved", **told})

    def closing(self, closed: Closed, by: str) -> None:
        """Somebody put after-closing mode on or off; `by` is "" where nobody could sign."""
        self._write({"kind": "closing", "until": closed.until, "by": by, "at": closed.at})

    def tick(self, now: float) -> None:
        """Try again what the journal could not take."""
        if self._held and now >= self._next_try:
            held, self._held = list(self._held), deque(maxlen=MOST_HELD)
            for facts in held:
                self._write(facts)
            self._next_try = now + RETRY_SECONDS

    def walks(self) -> Iterator[tuple[str, int]]:
        """The walks that the journal still holds, oldest first: the scanner, and the wall time in µs."""
        for entry in self._journal.kept():
            facts = entry.facts()
            if facts["kind"] == "passage" and facts["reason"] == Reason.WALK:
                yield facts["scanner"], facts["at"]

    def receipts(self) -> Iterator[tuple[str, int]]:
        """The genuine receipts that the journal still holds, oldest first: the id, and the wall time in µs."""
        for entry in self._journal.kept():
            facts = entry.facts() if '"kind":"receipt"' in entry.body else {}
            if facts.get("kind") == "receipt" and facts["receipt"]:
                yield facts["receipt"], facts["at"]

    def rebuild(self) -> None:
        """At start: what left by this gate and has never reached a ledger is still believed to have left."""
        for entry in self._journal.never_delivered():
            facts = entry.facts()
            self.newest = max(self.newest, facts["at"])
            if facts["kind"] == "closing":
                self.closed = Closed(facts["until"], facts["at"])
            if facts["kind"] == "passage" and facts["reason"] in LEFT_AS_SOLD:
                unit = (facts["version"], facts["serial"], facts["name"], facts["price"], facts["product"])
                self._replica.depart(Belief(facts["item"], ItemState.PAID, *unit), facts["epoch"])

    def _write(self, facts: Mapping[str, Any]) -> None:
        self.newest = max(self.newest, facts["at"])
        try:
            self._journal.append(facts)
        except JournalError as error:
            if self.fault != str(error):
                log.error("the journal cannot take an entry: %s", error)  # noqa: TRY400 - its message says it all
            self.fault = str(error)
            self._held.append(facts)
        else:
            self.fault = ""


def _unit(belief: Belief | None) -> dict[str, Any]:
    if belief is None:
        return {"item": None, "version": 0, "serial": "", "name": "", "price": 0, "product": None}
    return {
        "item": belief.item,
        "version": belief.version,
        "serial": belief.serial,
        "name": belief.name,
        "price": belief.price,
        "product": belief.product,
    }
