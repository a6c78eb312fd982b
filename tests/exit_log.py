"""What a gate reports, recorded as its delivery records it."""

import json
from typing import Any

from pos.office.item_card import find_cards
from shared.deliveries import take_in
from shared.facts import Fact
from shared.gate_name import GateName
from shared.journal import Entry
from tests.shop import STORE, Shop

SECOND, MINUTE, HOUR, DAY = 1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000
NOON = 1_763_787_600_000_000  # 22 Nov 2025, 12.00 in Jakarta


class ExitLog:
    """One gate's reports; times are wall time in µs."""

    def __init__(self, shop: Shop, gate: str = "gate-1", *, armed: bool = True) -> None:
        self._shop = shop
        self._gate = gate
        self._written = 0
        shop.alter(f"INSERT INTO gate (name, armed, armed_by, version) VALUES ('{gate}', {armed}, '', 1)")

    def raised(self, incident: str, *serials: str, at: int = NOON, **more: str | bool | int) -> None:
        """Something set it off: one alarm for each serial, a second after the other."""
        for number, serial in enumerate(serials):
            with self._shop.database.snapshot() as connection:
                item = find_cards(connection, serial)[0].item
            unit = {"item": item.id, "version": item.version, "serial": item.serial, "name": item.product.name}
            unit |= {"price": item.product.price, "product": item.product.id, "last_till": "till-1"}
            unit |= {"last_till_at": at - MINUTE}
            seen = {"incident": incident, "reason": "unpaid", "state": "open", "scanner": "left"}
            self._write({"kind": "alarm", **unit, **seen, "at": at + number * SECOND, "monotonic": 0.0, **more})

    def silenced(self, incident: str, at: int = NOON) -> None:
        """Somebody asked for quiet."""
        self._write({"kind": "silenced", "incident": incident, "at": at})

    def told(self, incident: str, fact: Fact, *, by: str = "", note: str = "", at: int = NOON) -> None:
        """Somebody at the gate said what it was."""
        said = {"kind": "resolved", "incident": incident, "fact": fact, "note": note, "by": by}
        self._write({**said, "at": at})

    def _write(self, facts: dict[str, Any]) -> None:
        self._written += 1
        entry = Entry(self._gate, "00" * 8, self._written, json.dumps(facts))
        take_in(self._shop.database, GateName(STORE, self._gate), [entry], fresh=())
