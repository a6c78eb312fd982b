"""Item states and their legal transitions, as one table. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from shared.roles import LEADERS, SELLERS, STOCK_KEEPERS, Role


class ItemState(StrEnum):
    """Where one physical unit stands."""

    IN_STOCK = "in_stock"
    PAID = "paid"
    DEPARTED = "departed"  # left through a gate, paid
    RETURNED = "returned"  # back, awaiting inspection
    QUARANTINED = "quarantined"
    IN_TRANSIT = "in_transit"
    WRITTEN_OFF = "written_off"  # lost, stolen, destroyed


@dataclass(frozen=True, slots=True)
class Transition:
    """One way an item may move: from where, to where, and who may do it. Its name is the event that it writes."""

    before: frozenset[ItemState]
    after: ItemState
    roles: frozenset[Role]


S = ItemState


def _way(before: set[ItemState], after: ItemState, roles: frozenset[Role]) -> Transition:
    return Transition(frozenset(before), after, roles)


TRANSITIONS: dict[str, Transition] = {
    "received_again": _way({S.DEPARTED, S.RETURNED, S.WRITTEN_OFF}, S.IN_STOCK, STOCK_KEEPERS),
    "sold": _way({S.IN_STOCK}, S.PAID, SELLERS),
    "departed": _way({S.PAID}, S.DEPARTED, frozenset({Role.GATE})),
    "returned": _way({S.PAID, S.DEPARTED}, S.RETURNED, SELLERS | {Role.SERVICE}),
    "voided": _way({S.PAID}, S.IN_STOCK, SELLERS),  # its sale was a mistake, and it never left the counter
    "restocked": _way({S.RETURNED, S.QUARANTINED, S.IN_TRANSIT}, S.IN_STOCK, STOCK_KEEPERS),
    "quarantined": _way({S.IN_STOCK, S.RETURNED}, S.QUARANTINED, STOCK_KEEPERS | {Role.SERVICE}),
    "sent": _way({S.IN_STOCK}, S.IN_TRANSIT, STOCK_KEEPERS),
    "written_off": _way({S.IN_STOCK, S.RETURNED, S.QUARANTINED, S.IN_TRANSIT}, S.WRITTEN_OFF, LEADERS),
    "found": _way({S.WRITTEN_OFF}, S.IN_STOCK, LEADERS),
}

SOLD = frozenset({S.PAID, S.DEPARTED})
NOT_PAID = frozenset({S.IN_STOCK, S.RETURNED, S.QUARANTINED})  # the shop's, in the shop
RECEIVED = "received"  # the first event of an item, from nothing to in_stock


class IllegalMoveError(ValueError):
    """A transition that the table does not have, from the item's state or for the role."""


def move(name: str, state: ItemState, role: Role) -> ItemState:
    """The state after the transition `name`. Raises IllegalMoveError with what was expected."""
    way = TRANSITIONS[name]
    if state not in way.before:
        raise IllegalMoveError(f"{name}: expected an item that is {_words(way.before)}, it is {state}")
    if role not in way.roles:
        raise IllegalMoveError(f"{name}: expected one of {_words(way.roles)}, got {role}")
    return way.after


def _words(values: frozenset[ItemState] | frozenset[Role]) -> str:
    return " or ".join(sorted(values))
