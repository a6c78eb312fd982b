"""What happened in an incident, one thing after the other, as the ledger tells it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select

from shared import ledger, schema
from shared.ledger import EVENT_FIELDS, Event
from shared.statements import Statement


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing: an alarm was `raised` by `serial`, or a badge let it out.

    It was `silenced`, `resolved` as `fact`, `classed`, or `viewed`.

    `at` is in µs since 1970 UTC. `by` is an actor, "" where nobody signed; `is_theft` is what it was classed as.
    """

    at: int
    what: str
    serial: str = ""
    fact: str = ""
    by: str = ""
    is_theft: bool = False


def timeline(connection: Connection, incident: str) -> list[Happening]:
    """Everything about the incident of this id, oldest first."""
    raised = (Event(*row) for row in _RAISED.run(connection, incident=incident))
    said = ledger.history(connection, "incident", incident)
    looks = ledger.history(connection, "viewing", incident)
    return sorted(_told([*raised, *said, *looks]), key=lambda happening: happening.at)


def spoken_at(event_at: int, facts: dict[str, Any]) -> int:
    """When somebody spoke, in µs: the gate's own time; what is said in the office is said when it is written."""
    return int(facts.get("at", event_at))


def _told(events: list[Event]) -> Iterator[Happening]:
    for event in events:
        facts = event.facts()
        if event.kind == "alarm":
            yield Happening(facts["seen"], event.what, serial=facts["serial"], by=facts.get("by", ""))
        else:
            yield Happening(
                spoken_at(event.at, facts),
                event.what,
                fact=facts.get("fact", ""),
                by=facts.get("by", ""),
                is_theft=facts.get("theft", False),
            )


_A = schema.table(schema.Alarm)
_E = schema.table(schema.Event)
_RAISED = Statement(
    select(*(_E.c[name] for name in EVENT_FIELDS)).where(
        _E.c.kind == "alarm", _E.c.subject.in_(select(_A.c.id).where(_A.c.incident == bindparam("incident")))
    )
)
