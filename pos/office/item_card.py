"""Everything about one unit: what it is, its state, its history."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from pos import lookup
from pos.lookup import ItemRow
from shared import ledger, schema

MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class ItemCard:
    """A unit with what happened to it, oldest first: its events, and the alarms that it set off."""

    item: ItemRow
    history: list[dict[str, Any]]


def find_cards(connection: Connection, text: str) -> list[ItemCard]:
    """The units that this text names: none, one, or the candidates of an ambiguous serial."""
    named = lookup.name_texts(connection, [text])[0]
    return [ItemCard(item, _history(connection, item.id)) for item in lookup.find_items(connection, named.items)]


def iso_time(microseconds: int) -> str:
    """A ledger time as ISO 8601 in UTC."""
    return datetime.fromtimestamp(microseconds / MICROSECONDS, UTC).isoformat(timespec="milliseconds")


def _history(connection: Connection, item: int) -> list[dict[str, Any]]:
    events = [
        {
            "at": iso_time(event.at),
            "what": event.what,
            "state": event.state,
            "register": event.register,
            "actor": event.actor,
        }
        for event in ledger.history(connection, "item", item)
    ]
    alarm = schema.table(schema.Alarm).c
    rows = connection.execute(select(alarm.at, alarm.reason, alarm.state, alarm.gate).where(alarm.item_id == item))
    alarms = [
        {
            "at": iso_time(at),
            "what": "alarm",
            "state": state,
            "reason": reason,
            "register": gate,
            "actor": f"gate:{gate}",
        }
        for at, reason, state, gate in rows
    ]
    return sorted(events + alarms, key=lambda entry: entry["at"])
