"""What the source says of one unit right now. Pure."""

from dataclasses import dataclass

from shared.items import ItemState


@dataclass(frozen=True, slots=True)
class Truth:
    """A unit's state and version, and the till that last had it, "" for none."""

    item: int
    state: ItemState
    version: int
    till: str
