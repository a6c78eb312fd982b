"""How a till stands that sells alone. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """How a till stands that sells alone: since when (µs since 1970 UTC), how many sales wait.

    `is_back`: the database is there again, and the till goes back to it as soon as its cart is paid or cancelled.
    """

    since: int
    waiting: int
    is_back: bool
