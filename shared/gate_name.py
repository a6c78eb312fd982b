"""Which gate this is, and how the ledger knows it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from shared import ledger
from shared.database import Database
from shared.ledger import Turn

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class GateName:
    """One gate of one store."""

    store: str
    name: str

    @property
    def actor(self) -> str:
        """How the ledger names it."""
        return f"gate:{self.name}"

    def take_turn(self, database: Database, work: Callable[[Turn], T]) -> T:
        """One transaction of this gate's register. Raises DatabaseError, and what `work` raises."""
        return ledger.take_turn(database, self.store, (self.name, "gate"), self.actor, work)
