"""Looks at the shop as the till and the gate leave it: the units' states, the till's cart, what the ledger gained."""

from collections.abc import Sequence
from dataclasses import dataclass

from pos import lookup
from pos.demo.goods import Unit
from pos.till import cart
from pos.till.basket import Counter
from pos.till.cart_view import CartView
from shared import ledger
from shared.database import Database
from shared.items import ItemState
from shared.ledger import Event

MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Look:
    """The shop at one moment: items' ids and states by slot, the till's cart, the new events in order of time."""

    items: dict[str, int]
    states: dict[str, ItemState]
    cart: CartView
    news: tuple[Event, ...]


class Observer:
    """Follows the ledger from the moment it is made."""

    def __init__(self, database: Database, counter: Counter) -> None:
        self._database = database
        self._counter = counter
        with database.snapshot() as connection:
            self._seen = {register: head.seq for register, head in ledger.heads(connection).items()}

    def look(self, units: Sequence[Unit]) -> Look:
        """The shop now. Raises DatabaseError."""
        serial = [unit for unit in units if unit.serial]
        with self._database.snapshot() as connection:
            named = lookup.name_texts(connection, [unit.label for unit in serial])
            items = {
                unit.good.slot: named_unit.items[0]
                for unit, named_unit in zip(serial, named, strict=True)
                if named_unit.items
            }
            states = {item.id: ItemState(item.state) for item in lookup.find_items(connection, list(items.values()))}
            news: list[Event] = []
            for register, head in ledger.heads(connection).items():
                after = self._seen.get(register, 0)
                if head.seq > after:
                    found = ledger.newer(connection, register, after, MOST_AT_ONCE)
                    self._seen[register] = found[-1].seq if found else after
                    news += found
        seen = cart.view(self._database, self._counter)
        by_slot = {slot: states[item] for slot, item in items.items() if item in states}
        return Look(items, by_slot, seen, tuple(sorted(news, key=lambda event: event.at)))
