"""Brings a gate's journal entries into the ledger, each exactly once.

An entry's key is noted in the transaction that records it, so delivering it again does nothing. One entry that cannot
be recorded is noted as refused, and never blocks the others.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select, text, update

from shared import gate_rules, incidents, schema, sent_sales
from shared.database import Database, DatabaseError
from shared.gate_name import GateName
from shared.gate_policy import LEFT_AS_SOLD
from shared.gate_rules import Closed
from shared.incidents import Fact, Resolution
from shared.items import NOT_PAID, TRANSITIONS, ItemState
from shared.journal import Entry
from shared.ledger import Turn
from shared.statements import Statement

log = logging.getLogger(__name__)

REFUSED = "refused"
LOST = "unknown"  # what the database says of a unit that it has lost, or never had
BY_LEAVE = frozenset({"permit", "bypass"})  # somebody let it out
SEEN: Mapping[str, tuple[type, ...]] = {
    "item": (int, type(None)), "version": (int,), "serial": (str,), "price": (int,), "reason": (str,),
    "scanner": (str,), "at": (int,), "last_till": (str,),
}  # fmt: skip
MEMBERS: Mapping[str, Mapping[str, tuple[type, ...]]] = {
    "alarm": {**SEEN, "incident": (str,), "state": (str,)},
    "passage": {**SEEN, "outcome": (str,)},
    "receipt": {
        "receipt": (str,),
        "number": (str,),
        "finding": (str,),
        "units": (int,),
        "scanner": (str,),
        "at": (int,),
    },
    "silenced": {"incident": (str,), "at": (int,)},
    "part": {"name": (str,), "up": (bool,), "was": (bool, type(None)), "at": (int,)},
    "gate": {"what": (str,), "value": (int,), "at": (int,)},
    "closing": {"until": (int,), "by": (str,), "at": (int,)},
    "sent": {"incident": (str,), "units": (list,), "at": (int,)},
    "resolved": {"incident": (str,), "fact": (str,), "note": (str,), "by": (str,), "at": (int,)},
}
NOT_IN_EACH: Mapping[str, tuple[type, ...]] = {"last_till_at": (int,), "by": (str,)}  # but checked where they are
TIMES = ("at", "last_till_at")
LATEST = 220_000_000_000_000_000  # µs: in the year 8941; no calendar's end is reached from there in any zone


class EntryError(ValueError):
    """An entry that says something else than gates do."""


def take_in(database: Database, gate: GateName, entries: Sequence[Entry], fresh: Collection[str]) -> set[str]:
    """Record these entries of a gate; gives the keys of fresh passages that should not have been.

    `fresh` holds the keys of what the gate saw a moment ago. Raises DatabaseError; then none of them is recorded.
    """
    try:
        return gate.take_turn(database, lambda turn: _refused(turn, entries, fresh))
    except DatabaseError:
        raise
    except Exception:  # noqa: BLE001 - whatever is wrong with one of them, the others are recorded
        return set().union(*(_by_itself(database, gate, entry, fresh) for entry in entries))


def _by_itself(database: Database, gate: GateName, entry: Entry, fresh: Collection[str]) -> set[str]:
    """So that a bad entry stops only itself."""
    try:
        return gate.take_turn(database, lambda turn: _refused(turn, [entry], fresh))
    except DatabaseError:
        raise
    except Exception as error:
        log.exception("the ledger refuses journal entry %s", entry.key)
        why = f"{REFUSED}: {getattr(error, 'orig', error)}".encode("ascii", "backslashreplace").decode()[:200]
        gate.take_turn(database, lambda turn: _note(turn, entry, why))
        return set()


def _refused(turn: Turn, entries: Sequence[Entry], fresh: Collection[str]) -> set[str]:
    return {entry.key for entry in entries if _record(turn, entry, is_fresh=entry.key in fresh)}


def _record(turn: Turn, entry: Entry, *, is_fresh: bool) -> bool:
    """Record one entry, if it is new; whether it is a fresh passage that should not have been.

    Of one that arrived before, that answer may have been lost: while the passage is fresh, it is given again.
    """
    known = _KNOWN.run(turn.connection, device=entry.device, boot=entry.boot, n=entry.n).first()
    if known is None:
        outcome = _record_new(turn, entry, is_fresh=is_fresh)
        _note(turn, entry, outcome)
        return outcome == REFUSED
    digest, outcome = known
    if digest != entry.hash:
        log.error("journal entry %s arrived before with other content; this one is not recorded", entry.key)
        return False
    return is_fresh and outcome == REFUSED


def _record_new(turn: Turn, entry: Entry, *, is_fresh: bool) -> str:
    facts = _facts(entry)
    kind = str(facts["kind"])
    if kind == "passage":
        return _record_passage(turn, entry, facts, is_fresh=is_fresh)
    if kind in _WATCHES:
        _record_watch(turn, entry, facts)
    else:
        _PLAIN[kind](turn, entry.key, facts)
    return kind


def _facts(entry: Entry) -> dict[str, Any]:
    """What the entry says. Raises EntryError where that is nothing that a gate says."""
    facts = entry.facts()
    members = MEMBERS.get(facts["kind"])
    if members is None:
        raise EntryError(f"expected one of {', '.join(MEMBERS)}, got {facts['kind']!r}")
    more = {name: kinds for name, kinds in NOT_IN_EACH.items() if name in facts}
    for name, kinds in {**members, **more}.items():
        value = facts[name]
        if type(value) not in kinds or (isinstance(value, int) and abs(value) > schema.LARGEST):
            raise EntryError(f"{name}: expected {' or '.join(kind.__name__ for kind in kinds)}, got {value!r}")
    for name in TIMES:
        if not 0 <= facts.get(name, 0) <= LATEST:
            raise EntryError(f"{name}: expected a time from 1970 on that a calendar can hold, got {facts[name]!r}")
    return facts


def _record_alarm(turn: Turn, key: str, facts: dict[str, Any]) -> None:
    unit = _UNIT.run(turn.connection, item=facts["item"], serial=facts["serial"]).first() or (None, None)
    row = {
        name: facts[name] for name in ("incident", "scanner", "at", "serial", "price", "reason", "state", "last_till")
    }
    is_quiet = facts.get("quiet") is True  # a journal may be older
    row |= {"id": key, "gate": turn.register, "item_id": unit[0], "product_id": unit[1], "quiet": is_quiet}
    row |= {"last_till_at": facts.get("last_till_at", 0), "carried_by": facts.get("by", "")}
    _ADD_ALARM.run(turn.connection, **row)
    told = {"item": unit[0], "serial": facts["serial"], "price": facts["price"], "reason": facts["reason"]}
    told |= {"incident": facts["incident"], "scanner": facts["scanner"], "seen": facts["at"]}
    told |= {"sounded": facts["sounded"]} if isinstance(facts.get("sounded"), bool) else {}
    told |= {"quiet": True} if is_quiet else {}
    told |= {"by": facts["by"]} if facts.get("by") else {}  # whose badge let it out
    turn.record("alarm", key, 1, "raised", facts["state"], told)


def _record_silence(turn: Turn, _key: str, facts: dict[str, Any]) -> None:
    incidents.silence(turn, facts["incident"], facts["at"])


def _record_resolution(turn: Turn, _key: str, facts: dict[str, Any]) -> None:
    found = Resolution(Fact(facts["fact"]), facts["note"], facts["by"], facts["at"])
    incidents.resolve(turn, facts["incident"], found)


def _record_sending(turn: Turn, key: str, facts: dict[str, Any]) -> None:
    units = [(int(item), str(serial)) for item, serial in facts["units"]]
    sent_sales.send(turn, key, facts["incident"], units, facts["at"])


def _record_receipt(turn: Turn, key: str, facts: dict[str, Any]) -> None:
    told = {name: facts[name] for name in ("receipt", "number", "units", "scanner")} | {"seen": facts["at"]}
    turn.record("receipt", key, 1, "shown", facts["finding"], told)


def _record_watch(turn: Turn, entry: Entry, facts: dict[str, Any]) -> None:
    """A part that is up or down, or a word of the gate on itself. What is only said again is no event."""
    is_part = facts["kind"] == "part"
    what = ("up" if facts["up"] else "down") if is_part else facts["what"]
    name, value = (facts["name"], 0) if is_part else ("", facts["value"])
    row = {"id": entry.key, "gate": turn.register, "at": facts["at"], "what": what, "name": name, "value": value}
    _ADD_WATCH.run(turn.connection, **row, n=entry.n)
    if not is_part or facts["up"] is not facts["was"]:
        told = {"gate": turn.register, "name": name, "value": value, "seen": facts["at"]}
        turn.record("watch", entry.key, 1, what, what, told)


def _record_closing(turn: Turn, _key: str, facts: dict[str, Any]) -> None:
    gate_rules.close(turn, turn.register, Closed(facts["until"], facts["at"]), facts["by"])


_WATCHES = frozenset({"part", "gate"})
_PLAIN = {
    "alarm": _record_alarm,
    "closing": _record_closing,
    "receipt": _record_receipt,
    "resolved": _record_resolution,
    "sent": _record_sending,
    "silenced": _record_silence,
}


def _record_passage(turn: Turn, entry: Entry, facts: dict[str, Any], *, is_fresh: bool) -> str:
    told = {name: facts[name] for name in ("item", "outcome", "reason", "scanner", "version")} | {"seen": facts["at"]}
    told |= {name: facts[name] for name in ("permit", "receipt", "badge", "by") if facts.get(name)}
    if facts["reason"] in BY_LEAVE and _had_ended(turn, facts):
        turn.record("passage", entry.key, 1, "late", facts["outcome"], told)
        return _raise_late(turn, entry, facts, "late")
    if facts["reason"] == "bypass" and facts["item"] is not None:
        _record_alarm(turn, entry.key, {**facts, "state": "bypass", "incident": entry.key, "sounded": False})
    if facts["reason"] not in LEFT_AS_SOLD:
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
        return REFUSED
    return _raise_late(turn, entry, facts, "restored" if is_lost else "late")


def _had_ended(turn: Turn, facts: dict[str, Any]) -> bool:
    """Whether somebody had ended the permit or the badge, which a gate that was cut off could not know."""
    ends = [ended.run(turn.connection, id=facts[by]).scalar() for by, ended in _ENDED.items() if facts.get(by)]
    return any(end is not None and end < facts["at"] for end in ends)


def _raise_late(turn: Turn, entry: Entry, facts: dict[str, Any], reason: str) -> str:
    """What should have alarmed, and was found out too late for that."""
    late = {"reason": reason, "state": "late", "incident": entry.key, "sounded": False}
    _record_alarm(turn, entry.key, {**facts, **late})
    return "late"


def _depart(turn: Turn, facts: dict[str, Any]) -> None:
    _DEPART.run(turn.connection, item=facts["item"], believed=facts["version"])
    told = {"scanner": facts["scanner"], "seen": facts["at"]}
    told |= {"receipt": facts["receipt"]} if facts.get("receipt") else {}
    turn.record("item", facts["item"], facts["version"] + 1, "departed", ItemState.DEPARTED, told)


def _note(turn: Turn, entry: Entry, outcome: str) -> None:
    _DELIVERED.run(turn.connection, device=entry.device, boot=entry.boot, n=entry.n, hash=entry.hash, outcome=outcome)


_D = schema.Delivery.__table__
_I = schema.Item.__table__
_M = schema.table(schema.Permit)
_B = schema.table(schema.Badge)
_KNOWN = Statement(
    select(_D.c.hash, _D.c.outcome).where(
        _D.c.device == bindparam("device"), _D.c.boot == bindparam("boot"), _D.c.n == bindparam("n")
    )
)
_DELIVERED = Statement(
    text(
        "INSERT INTO delivery (device, boot, n, hash, outcome) VALUES (:device, :boot, :n, :hash, :outcome)"
        " ON CONFLICT DO NOTHING"
    )
)
_ADD_WATCH = Statement(insert(schema.Watch))
_ADD_ALARM = Statement(insert(schema.Alarm))
# The serial too: a database that was put back gives the ids that it has lost to other units.
_same_unit = (_I.c.id == bindparam("item"), _I.c.serial == bindparam("serial"))
_LOCK_ITEM = Statement(select(_I.c.state, _I.c.version).where(*_same_unit).with_for_update())
_ENDED = {
    "permit": Statement(select(_M.c.ended_at).where(_M.c.id == bindparam("id"))),
    "badge": Statement(select(_B.c.ended_at).where(_B.c.id == bindparam("id"))),
}
_UNIT = Statement(select(_I.c.id, _I.c.product_id).where(*_same_unit))
_DEPART = Statement(
    update(schema.Item)
    .where(_I.c.id == bindparam("item"), _I.c.version == bindparam("believed"), _I.c.state == ItemState.PAID.value)
    .values(state=ItemState.DEPARTED.value, version=_I.c.version + 1)
)
