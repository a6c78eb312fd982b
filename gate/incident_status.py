"""What the status tells of incidents."""

from typing import Any

from gate.alarm import Alarm
from gate.incidents import Alarmed, Incident
from gate.replica import Replica
from shared.items import SOLD


def tell_incident(incident: Incident, replica: Replica, alarm: Alarm, now: float) -> dict[str, Any]:
    """The one that fills the screen."""
    return tell_waiting(incident, replica) | {
        "trial": incident.is_trial,
        "quiet": incident.is_quiet,
        "sounding": alarm.ends_in(now) > 0,
        "ends_in": round(alarm.ends_in(now), 1),
        "items": [_item(alarmed) for alarmed in reversed(incident.newest)],
    }


def tell_waiting(incident: Incident, replica: Replica) -> dict[str, Any]:
    """What there is to say of an incident that somebody should say something about."""
    first = incident.newest[0].belief
    told = {"incident": incident.id, "at": incident.at / 1_000_000, "name": first.name, "serial": first.serial}
    return told | {"count": incident.count, "total": incident.total, "till": _till(incident, replica)}


def _till(incident: Incident, replica: Replica) -> str:
    """Where the sending of its items to the till is.

    `offered`, `waits` for the database, `sent`, `paid` there; "" where there is nothing to send.
    """
    if incident.unsent():
        return "" if incident.is_trial else "offered"
    if not incident.sent <= incident.told:
        return "waits"
    beliefs = replica.recall(sorted(incident.sent))
    return "paid" if beliefs and all(belief.state in SOLD for belief in beliefs) else "sent"


def _item(alarmed: Alarmed) -> dict[str, Any]:
    return {
        "serial": alarmed.belief.serial,
        "name": alarmed.belief.name,
        "product": alarmed.belief.product,
        "price": alarmed.belief.price,
        "reason": alarmed.reason,
        "last_till": alarmed.last_till.name,
        "last_till_at": alarmed.last_till.at / 1_000_000,
        "scanner": alarmed.scanner,
        "at": alarmed.at / 1_000_000,
    }
