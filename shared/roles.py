"""What a person, or a program with a token, may do in the shop. Pure."""

from enum import StrEnum


class Role(StrEnum):
    """One per person or token."""

    CASHIER = "cashier"
    SECURITY = "security"
    CLERK = "clerk"
    SERVICE = "service"
    MANAGER = "manager"
    ADMIN = "admin"
    GATE = "gate"  # a gate's program, never a person


LEADERS = frozenset({Role.MANAGER, Role.ADMIN})
WATCHERS = LEADERS | {Role.SECURITY}  # who may read the alarm log, and say what an alarm was
SELLERS = LEADERS | {Role.CASHIER}
STOCK_KEEPERS = LEADERS | {Role.CLERK}
PEOPLE = frozenset(Role) - {Role.GATE}
