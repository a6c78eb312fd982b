"""What happened in a shift, reckoned from the entries that the till's ledger has since its opening. Pure.

The entries are the only source: what a report says can be reckoned again from the ledger by anybody who doubts it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from pos.returns.rules import Reason
from pos.till.methods import Method
from shared.ledger import Event

SALE, RETURN, TAKING, MOVE, DRAWER = "sale", "return", "taking", "cash_move", "drawer"
KINDS = (SALE, RETURN, TAKING, MOVE, DRAWER)  # of the entries that a report reads


@dataclass(slots=True)
class Tally:
    """Sums over some of a shift's entries.

    `methods` is what was paid by each way to pay, cash less its change: together the total and its cash rounding.
    `taxes` is the tax by class and rate. `returned` is what the goods that came back were worth, `refunds` what of it
    was paid back by each way; `given_back` counts payments that were given back before their sale was made.
    """

    sales: int = 0
    total: int = 0
    discounts: int = 0
    rounding: int = 0
    methods: dict[str, int] = field(default_factory=dict)
    taxes: dict[str, int] = field(default_factory=dict)
    returns: int = 0
    returned: int = 0
    returned_tax: int = 0
    refunds: dict[str, int] = field(default_factory=dict)
    voids: int = 0
    given_back: int = 0
    paid_in: int = 0
    paid_out: int = 0
    drawer: int = 0

    @property
    def cash(self) -> int:
        """What the drawer has more by all this."""
        return self.methods.get(Method.CASH, 0) - self.refunds.get(Method.CASH, 0) + self.paid_in - self.paid_out

    def add(self, event: Event) -> None:
        """Count one entry."""
        facts = event.facts()
        if event.kind == SALE:
            self._sold(facts)
        elif event.kind == RETURN:
            self._came_back(facts)
        elif event.kind == MOVE:
            self.paid_in += max(0, facts["amount"])
            self.paid_out += max(0, -facts["amount"])
        elif event.kind == DRAWER:
            self.drawer += 1
        elif event.what == "given_back":
            self.given_back += 1

    def _sold(self, facts: Mapping[str, Any]) -> None:
        self.sales += 1
        self.total += facts["total"]
        self.rounding += facts.get("rounding", 0)
        self.discounts += sum(discount["off"] for discount in facts.get("discounts", ()))
        for payment in facts["payments"]:
            _add(self.methods, payment["method"], payment["amount"])
        if facts.get("change"):
            _add(self.methods, Method.CASH, -facts["change"])
        for part in facts.get("taxes", ()):
            _add(self.taxes, f"{part['tax_class']} {part['rate']}", part["tax"])

    def _came_back(self, facts: Mapping[str, Any]) -> None:
        self.returns += 1
        self.returned += facts["total"]
        self.returned_tax += sum(line["tax"] for line in facts["lines"])
        self.voids += sum(line["reason"] == Reason.VOID for line in facts["lines"])
        for refund in facts["refunds"]:
            _add(self.refunds, refund["method"], refund["amount"])


@dataclass(frozen=True, slots=True)
class Report:
    """A shift's sums: of all of it, and of each person's part by actor; `opening` is the float it began with."""

    opening: int
    whole: Tally
    people: Mapping[str, Tally]

    @property
    def expected(self) -> int:
        """What is to be in the drawer."""
        return self.opening + self.whole.cash

    def facts(self) -> dict[str, Any]:
        """The report as rows and events keep it."""
        people = {actor: asdict(tally) for actor, tally in self.people.items()}
        return {"opening": self.opening, "whole": asdict(self.whole), "people": people}

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> "Report":
        """The report that was kept so."""
        people = {actor: Tally(**tally) for actor, tally in facts["people"].items()}
        return cls(facts["opening"], Tally(**facts["whole"]), people)


def reckon(opening: int, events: Iterable[Event]) -> Report:
    """The report of a shift that began with this float and had these entries."""
    whole, people = Tally(), dict[str, Tally]()
    for event in events:
        for tally in (whole, people.setdefault(event.actor, Tally())):
            tally.add(event)
    return Report(opening, whole, people)


def _add(sums: dict[str, int], name: str, amount: int) -> None:
    sums[name] = sums.get(name, 0) + amount
