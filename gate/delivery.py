"""Brings the journal's entries into the ledger, exactly once, in a thread of its own.

An entry's key is noted in the transaction that records it, so delivering it again does nothing. One entry that cannot
be recorded is noted as refused, and never blocks the others. A database that was put back to an earlier day has another
epoch: it gets again what the journal still holds, and what it has lost the sale of is shown to a person.
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
from shared import incidents, schema
from shared.database import DatabaseError
from shared.incidents import Fact, Resolution
from shared.items import TRANSITIONS, ItemState
from shared.journal import Entry, Journal
from shared.ledger import Turn
from shared.statements import Statement

log = logging.getLogger(__name__)

WAIT_SECONDS = 1.0
RETRY_SECONDS = 1.0
BATCH = 100
FRESH_SECONDS = 10.0
LOST = "unknown"  # what the database says of a unit that it has lost, or never had
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
                self.step()
            except DatabaseError:
                self._stopping.wait(RETRY_SECONDS)  # the follower says it
            except Exception:
                log.exception("delivering failed; trying again")
                self._stopping.wait(RETRY_SECONDS)

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
    if facts["kind"] in _PLAIN:
        _PLAIN[facts["kind"]](turn, entry.key, facts)
        _note(turn, entry, facts["kind"])
        return None
    outcome = _record_passage(turn, entry, facts, is_fresh=entry.boot == boot and _age(facts) < FRESH_SECONDS)
    _note(turn, entry, outcome)
    return Refused(facts) if outcome == "refused" else None


def _age(facts: dict[str, Any]) -> float:
    return time.monotonic() - float(facts["monotonic"])


def _record_alarm(turn: Turn, key: str, facts: dict[str, Any]) -> None:
    unit = _UNIT.run(turn.connection, item=facts["item"], serial=facts["serial"]).first() or (None, None)
    row = {
        name: facts[name] for name in ("incident", "scanner", "at", "serial", "price", "reason", "state", "last_till")
    }
    row |= {"id": key, "gate": turn.register, "item_id": unit[0], "product_id": unit[1]}
    _ADD_ALARM.run(turn.connection, **row)
    told = {"item": unit[0], "serial": facts["serial"], "price": facts["price"], "reason": facts["reason"]}
    told |= {"incident": facts["incident"], "scanner": facts["scanner"], "seen": facts["at"]}
    turn.record("alarm", key, 1, "raised", facts["state"], told)


def _record_silence(turn: Turn, _key: str, facts: dict[str, Any]) -> None:
    incidents.silence(turn, facts["incident"], facts["at"])


def _record_resolution(turn: Turn, _key: str, facts: dict[str, Any]) -> None:
    found = Resolution(Fact(facts["fact"]), facts["note"], facts["by"], facts["at"])
    incidents.resolve(turn, facts["incident"], found)


_PLAIN = {"alarm": _record_alarm, "silenced": _record_silence, "resolved": _record_resolution}


def _record_passage(turn: Turn, entry: Entry, facts: dict[str, Any], *, is_fresh: bool) -> str:
    told = {name: facts[name] for name in ("item", "outcome", "reason", "scanner", "version")} | {"seen": facts["at"]}
    if facts["reason"] != "paid":
        turn.record("passage", entry.key, 1, facts["reason"], facts["outcome"], told)
        return str(facts["reason"])
    state, version = _LOCK_ITEM.run(turn.connection, item=facts["item"], serial=facts["serial"]).first() or (LOST, 0)
    if version == facts["version"] and state in TRANSITIONS["departed"].before:
        _depart(turn, facts)
        return "departed"
    turn.record("passage", entry.key, 1, "late", facts["outcome"], {**told, "found": state})
    is_lost = version < facts["version"]
    if not is_lost and (state not in NOT_PAID or (version > facts["version"] and not is_fresh)):
        return "late"
    if is_fresh and not is_lost:
        return "refused"
    reason = "restored" if is_lost else "late"
    _record_alarm(turn, entry.key, {**facts, "reason": reason, "state": "late", "incident": entry.key})
    return "late"


def _depart(turn: Turn, facts: dict[str, Any]) -> None:
    _DEPART.run(turn.connection, item=facts["item"], believed=facts["version"])
    told = {"scanner": facts["scanner"], "seen": facts["at"]}
    turn.record("item", facts["item"], facts["version"] + 1, "departed", ItemState.DEPARTED, told)


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
# The serial too: a database that was put back gives the ids that it has lost to other units.
_same_unit = (_I.c.id == bindparam("item"), _I.c.serial == bindparam("serial"))
_LOCK_ITEM = Statement(select(_I.c.state, _I.c.version).where(*_same_unit).with_for_update())
_UNIT = Statement(select(_I.c.id, _I.c.product_id).where(*_same_unit))
_DEPART = Statement(
    update(schema.Item)
    .where(_I.c.id == bindparam("item"), _I.c.version == bindparam("believed"), _I.c.state == ItemState.PAID.value)
    .values(state=ItemState.DEPARTED.value, version=_I.c.version + 1)
)
