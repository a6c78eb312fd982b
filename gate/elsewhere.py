"""Units that another gate of the shop has just let out: who sees one leave again at once, may see a copied label. Pure.

How long ago that was goes by the ledger's own times, that gate's and the database's, and by a steady clock from there
on: this machine's wall clock decides nothing.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field

IMPOSSIBLE_SECONDS = 60.0  # nobody carries a unit out, in again unseen, and out by another door in this time
LEVEL_SECONDS = 5.0  # what a gate hears that has not followed for longer may have happened any time ago
MOST_KNOWN = 10_000  # the longest gone are forgotten first


@dataclass(frozen=True, slots=True)
class Passed:
    """Another gate saw a unit leave, or with `is_in` come in, so many seconds before the ledger was told of it."""

    item: int
    ago: float
    is_in: bool


@dataclass(slots=True)
class Elsewhere:
    """What one gate knows of the others' last minute. Time is passed in, in seconds of its steady clock."""

    _left: OrderedDict[int, float] = field(default_factory=OrderedDict)
    _level_at: float = float("-inf")

    def hear(self, news: Iterable[Passed], now: float) -> None:
        """The gate is level with the shop, and this is what came."""
        is_fresh = now - self._level_at <= LEVEL_SECONDS
        self._level_at = now
        for one in news:
            self._left.pop(one.item, None)
            if is_fresh and not one.is_in:
                self._left[one.item] = now - one.ago
        while len(self._left) > MOST_KNOWN:
            self._left.popitem(last=False)

    def came_in(self, item: int) -> None:
        """This gate itself saw the unit come in again."""
        self._left.pop(item, None)

    def has_just_left(self, item: int, now: float) -> bool:
        """Whether another gate let this unit out so lately that it cannot leave here as well."""
        return now - self._left.get(item, float("-inf")) <= IMPOSSIBLE_SECONDS
