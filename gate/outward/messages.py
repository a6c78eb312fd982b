"""A journal entry as programs outside hear of it. Pure.

No note, no name or number of a person, no picture is ever in it. All messages have `id` (unique for ever: whoever hears
it twice drops it), `gate`, `event` and `at` (UTC). The events:

    alarm      incident, reason, serial, product, price, currency, scanner, last_till, trial, sounded, quiet
    silenced   incident
    resolved   incident, fact, signed (whether somebody's PIN stands behind it)
    fault      part: a scanner or an output that is lost
    recovered  part
    started    killed_at: when the program was last seen alive, where it had not been stopped in order
    stopped
    clock      seconds by which the gate's clock was set
    lost       count of messages that nobody could be told
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to tell: `id` is unique for ever, `body` is what JSON holds."""

    id: str
    event: str
    body: Mapping[str, Any]


def message(key: str, gate: str, facts: Mapping[str, Any], currency: str) -> Message | None:
    """What the entry of this key tells outside; None where that is nothing. Times in `facts` are wall time in µs."""
    found = _told(facts)
    if found is None:
        return None
    event, told = found
    money = {"currency": currency} if event == "alarm" else {}
    return _message(key, gate, event, facts["at"], {**told, **money})


def lost(key: str, gate: str, count: int, at: int) -> Message:
    """So many messages before the one of this key were never told; `at` is wall time in µs."""
    return _message(f"{key}/lost", gate, "lost", at, {"count": count})


def _message(key: str, gate: str, event: str, at: int, told: Mapping[str, Any]) -> Message:
    return Message(key, event, {"id": key, "gate": gate, "event": event, "at": _moment(at), **told})


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at / 1_000_000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _told_of_gate(what: str, value: int) -> Mapping[str, Any]:
    if what == "started":
        return {"killed_at": _moment(value) if value else None}
    return {"seconds": value / 1_000_000} if what == "clock" else {}


def _told_of_part(facts: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]] | None:
    """A part that comes at start is no news, and neither is what is only said again."""
    is_up, was_up = facts["up"], facts["was"]
    if is_up is was_up or (is_up and was_up is None):
        return None
    return "recovered" if is_up else "fault", {"part": facts["name"]}


def _told(facts: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]] | None:
    match facts["kind"]:
        case "alarm":
            named = {name: facts[name] for name in ("incident", "reason", "serial", "price", "scanner", "last_till")}
            told = {
                "product": facts["name"],
                "trial": facts["state"] == "trial",
                "sounded": facts.get("sounded", False),
                "quiet": facts.get("quiet", False),
            }
            return "alarm", named | told
        case "silenced":
            return "silenced", {"incident": facts["incident"]}
        case "resolved":
            return "resolved", {"incident": facts["incident"], "fact": facts["fact"], "signed": bool(facts["by"])}
        case "part":
            return _told_of_part(facts)
        case "gate":
            return facts["what"], _told_of_gate(facts["what"], facts["value"])
    return None
