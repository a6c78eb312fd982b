"""How the source's feed becomes rows of the replica's base, event by event or as a copy of everything.

To be called within a transaction of the writing connection; nothing here reads what the gate believes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from gate import replica_tables as tables
from shared import receipt_keys
from shared.gate_rules import BY_SETTINGS, Closed
from shared.items import RECEIVED
from shared.ledger import Event, Head
from shared.signed_receipt import KeyState
from shared.source import Copy


def closed_of(told: str | None) -> Closed:
    """What the fact `closed` says of after-closing mode."""
    until, at = (told or "0 0").split()
    return Closed(int(until), int(at))


class Feed:
    """What one gate takes from it."""

    def __init__(self, writer: Any, gate: str) -> None:
        self._writer = writer
        self._gate = gate

    def follow(self, events: Sequence[Event], head: Head, items: int) -> None:
        """Take over the next events of one register, up to this head; the base then has so many `items`."""
        for event in events:
            self._apply(event)
        self._writer.execute(tables.SET_HEAD, (events[0].store, events[0].register, head.seq, head.hash))
        self._set_fact("items", str(items))
        newest = max(int(self._fact("newest") or 0), *(event.at for event in events))
        self._set_fact("newest", str(newest))

    def fill(self, copy: Copy) -> int:
        """Replace everything by a copy; gives how many items that are."""
        for table in tables.TABLES:
            self._writer.execute(f"DELETE FROM {table}")  # noqa: S608 - the names are a module's
        self._writer.executemany(tables.ADD_PRODUCT, copy.products)
        self._writer.executemany(tables.ADD_ITEM, copy.items)
        self._writer.executemany(tables.ADD_CODE, copy.codes)
        self._writer.executemany(tables.ADD_PERMIT, copy.permits)
        self._writer.executemany(tables.ADD_KEY, copy.keys)
        self._writer.executemany(tables.ADD_PERSON, copy.people)
        self._writer.executemany(tables.ADD_BADGE, copy.badges)
        heads = [(*register, head.seq, head.hash) for register, head in copy.heads.items()]
        self._writer.executemany(tables.SET_HEAD, heads)
        items: int = self._writer.execute(tables.COUNT_ITEMS).fetchone()[0]
        self._set_fact("items", str(items))
        self._set_fact("newest", str(copy.newest))
        self._set_fact("epoch", copy.epoch)
        if copy.gate:
            self._set_fact("armed", "yes" if copy.gate.armed else "no")
            self._choose(copy.gate.policy)
            if copy.gate.closed.at:
                self._close(copy.gate.closed)
        return items

    def _apply(self, event: Event) -> None:
        facts = event.facts()
        if event.kind == "item":
            item = int(event.subject)
            batch = facts.get("batch", "" if event.what == RECEIVED else None)
            row = (item, event.state, event.version, facts.get("product"), facts.get("serial"), batch)
            self._writer.execute(tables.ADD_ITEM, row)
            if event.what == RECEIVED:
                codes = [(text, scheme, scope, item) for scheme, scope, text in facts["codes"]]
                self._writer.executemany(tables.ADD_CODE, codes)
        elif event.kind == "product":
            self._writer.execute(tables.ADD_PRODUCT, (int(event.subject), event.version, facts["name"], facts["price"]))
        elif event.kind == receipt_keys.KIND:
            is_retired = event.state == KeyState.RETIRED
            self._writer.execute(tables.ADD_KEY, (event.subject, event.version, facts.get("public"), is_retired))
        elif event.kind == "gate" and event.subject == self._gate:
            self._set_fact("armed", "yes" if event.state == "armed" else "no")
            if event.what == "policy" and facts["by"] != BY_SETTINGS:
                self._choose(facts["rows"])
            if event.what == "closing":
                self._close(Closed(facts["until"], facts["at"]))
        else:
            self._apply_leave(event, facts)

    def _apply_leave(self, event: Event, facts: Mapping[str, Any]) -> None:
        """What or who may leave unpaid."""
        if event.kind == "permit" and event.what == "issued":
            what = (facts["item"], facts["product"], facts["batch"], facts["person"], facts["until"])
            self._writer.execute(tables.ADD_PERMIT, (event.subject, event.version, *what, 0))
        elif event.kind == "permit":
            self._writer.execute(tables.END_PERMIT, (event.version, event.subject))
        elif event.kind == "staff":
            self._writer.execute(tables.ADD_PERSON, (int(event.subject), facts["role"], event.state == "active"))
        elif event.kind == "badge" and event.what == "issued":
            self._writer.execute(tables.ADD_BADGE, (event.subject, event.version, facts["person"], 0))
        elif event.kind == "badge":
            self._writer.execute(tables.END_BADGE, (event.version, event.subject))

    def _choose(self, rows: Mapping[str, str]) -> None:
        """Take over what a person chose of the policy; "" leaves a row to the settings again."""
        for row, outcome in rows.items():
            self._writer.execute("DELETE FROM fact WHERE name = ?", (tables.CHOSEN + row,))
            if outcome:
                self._set_fact(tables.CHOSEN + row, outcome)

    def _close(self, closed: Closed) -> None:
        if closed.at >= closed_of(self._fact("closed")).at:
            self._set_fact("closed", f"{closed.until} {closed.at}")

    def _set_fact(self, name: str, value: str) -> None:
        self._writer.execute(tables.SET_FACT, (name, value))

    def _fact(self, name: str) -> str | None:
        row = self._writer.execute(tables.FACT, (name,)).fetchone()
        return row[0] if row else None
