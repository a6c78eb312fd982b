"""Brings the journal's entries into the ledger, exactly once, in a thread of its own.

An entry's key is noted in the transaction that records it, so delivering it again does nothing. One entry that cannot
be recorded is noted as refused, and never blocks the others.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event as Flag
from threading import Thread
from typing import Any

from sqlalchemy import bindparam, exc, insert, select, text, update

from gate.pulse import AT_THE_SOURCE
from gate.source import DatabaseSource
from shared import schema
from shared.database import DatabaseError
from shared.items import TRANSITIONS, ItemState
from shared.journal import Entry, Journal
from shared.ledger import Turn
from shared.statements import Statement

log = logging.getLogger(__name__)

WAIT_SECONDS = 1.0
RETRY_SECONDS = 1.0
BATCH = 100
FRESH_SECONDS = 10.0
NOT_PAID = frozenset({ItemState.IN_STOCK, ItemState.RETURNED, ItemState.QUARANTINED})


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

    def __init__(
        self, journal: Journal, source: DatabaseSource, deliver: Callable[[Refused | JournalState], None]
    ) -> None:
        self._journal = journal
        self._source = source
        self._deliver = deliver
        self._fault = ""
        self._stopping = Flag()
        self._thread = Thread(target=self._run, name="delivery", daemon=True)
        self.heartbeat = time.monotonic()

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
            try:
                entries = self._journal.undelivered(BATCH)
                self._say("")
            except OSError as error:
                self._say(f"cannot be made durable: {error.strerror}")
                self._stopping.wait(RETRY_SECONDS)
                continue
            self.heartbeat = AT_THE_SOURCE
            if entries and not self._try(entries):
                self._stopping.wait(RETRY_SECONDS)

    def _try(self, entries: Sequence[Entry]) -> bool:
        try:
            self.deliver(entries)
        except DatabaseError:
            return False  # the follower says it; this tries again
        except Exception:
            log.exception("delivering %d entries failed; trying again", len(entries))
            return False
        return True

    def deliver(self, entries: Sequence[Entry]) -> None:
        """Record these entries and acknowledge them. Raises DatabaseError; then they wait on."""
        try:
            refused = self._source.take_turn(
                lambda turn: [record(turn, entry, self._journal.boot) for entry in entries]
            )
        except exc.DBAPIError:
            refused = [self._one(entry) for entry in entries]
        self._journal.acknowledge(entries)
        for passage in refused:
            if passage:
                self._deliver(passage)

    def _one(self, entry: Entry) -> Refused | None:
        """By itself, so that a bad entry stops only itself."""
        try:
            found: Refused | None = self._source.take_turn(lambda turn: record(turn, entry, self._journal.boot))
        except exc.DBAPIError as error:
            reason = str(error.orig)
            log.exception("the ledger refuses journal entry %s", entry.key)
            self._source.take_turn(lambda turn: _note(turn, entry, f"refused: {reason[:200]}"))
            return None
        return found

    def _say(self, fault: str) -> None:
        if fault != self._fault:
            self._fault = fault
            self._deliver(JournalState(fault))


def record(turn: Turn, entry: Entry, boot: str) -> Refused | None:
    """Record one entry, if it is new; a passage that should not have been comes back. `boot` tells what is fresh."""
    known = _KNOWN.run(turn.connection, device=entry.device, boot=entry.boot, n=entry.n).scalar()
    if known is not None:
        if known != entry.hash:
            log.error("journal entry %s arrived before with other content; this one is not recorded", entry.key)
        return None
    facts = entry.facts()
    if facts["kind"] == "alarm":
        _record_alarm(turn, entry.key, facts)
        _note(turn, entry, "alarm")
        return None
    outcome = _record_passage(turn, entry, facts, is_fresh=entry.boot == boot and _age(facts) < FRESH_SECONDS)
    _note(turn, entry, outcome)
    return Refused(facts) if outcome == "refused" else None


def _age(facts: dict[str, Any]) -> float:
    return time.monotonic() - float(facts["monotonic"])


def _record_alarm(turn: Turn, key: str, facts: dict[str, Any]) -> None:
    row = {
        name: facts[name] for name in ("incident", "scanner", "at", "serial", "price", "reason", "state", "last_till")
    }
    row |= {"id": key, "gate": turn.register, "item_id": facts["item"], "product_id": facts["product"]}
    _ADD_ALARM.run(turn.connection, **row)
    told = {"item": facts["item"], "serial": facts["serial"], "price": facts["price"], "reason": facts["reason"]}
    told |= {"incident": facts["incident"], "scanner": facts["scanner"], "seen": facts["at"]}
    turn.record("alarm", key, 1, "raised", facts["state"], told)


def _record_passage(turn: Turn, entry: Entry, facts: dict[str, Any], *, is_fresh: bool) -> str:
    told = {name: facts[name] for name in ("item", "outcome", "reason", "scanner", "version")} | {"seen": facts["at"]}
    if facts["reason"] != "paid":
        turn.record("passage", entry.key, 1, facts["reason"], facts["outcome"], told)
        return str(facts["reason"])
    state, version = _LOCK_ITEM.run(turn.connection, item=facts["item"]).one()
    has_moved_on = version != facts["version"]
    if not has_moved_on and state in TRANSITIONS["departed"].before:
        _DEPART.run(turn.connection, item=facts["item"], believed=version)
        turn.record(
            "item",
            facts["item"],
            version + 1,
            "departed",
            ItemState.DEPARTED,
            {"scanner": facts["scanner"], "seen": facts["at"]},
        )
        return "departed"
    turn.record("passage", entry.key, 1, "late", facts["outcome"], {**told, "found": state})
    if state not in NOT_PAID or (has_moved_on and not is_fresh):
        return "late"
    if is_fresh:
        return "refused"
    late = {**facts, "reason": "late", "state": "late", "incident": entry.key}
    _record_alarm(turn, entry.key, late)
    return "late"


def _note(turn: Turn, entry: Entry, outcome: str) -> None:
    _DELIVERED.run(turn.connection, device=entry.device, boot=entry.boot, n=entry.n, hash=entry.hash, outcome=outcome)


_D = schema.Delivery.__table__
_I = schema.Item.__table__
_KNOWN = Statement(
    select(_D.c.hash).where(
        _D.c.device == bindparam("device"), _D.c.boot == bindparam("boot"), _D.c.n == bindparam("n")
    )
)
_DELIVERED = Statement(
    text(
        "INSERT INTO delivery (device, boot, n, hash, outcome) VALUES (:device, :boot, :n, :hash, :outcome)"
        " ON CONFLICT DO NOTHING"
    )
)
_ADD_ALARM = Statement(insert(schema.Alarm))
_LOCK_ITEM = Statement(select(_I.c.state, _I.c.version).where(_I.c.id == bindparam("item")).with_for_update())
_DEPART = Statement(
    update(schema.Item)
    .where(_I.c.id == bindparam("item"), _I.c.version == bindparam("believed"), _I.c.state == ItemState.PAID.value)
    .values(state=ItemState.DEPARTED.value, version=_I.c.version + 1)
)
