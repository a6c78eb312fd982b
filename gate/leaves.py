"""Which exit permit lets a unit out: what the feed says, against a clock that is to be trusted for that."""

from gate.decision import Leave
from gate.replica import Belief, Replica
from gate.wall_clock import WallClock
from shared.items import ItemState

COVERED = frozenset({ItemState.IN_STOCK, ItemState.RETURNED, ItemState.QUARANTINED})


class Leaves:
    """The permits of one gate's shop. For the gate's loop."""

    def __init__(self, replica: Replica, clock: WallClock) -> None:
        self._replica = replica
        self._clock = clock

    def of(self, belief: Belief, wall: float) -> tuple[Leave, str]:
        """Whether this unit may leave at `wall` (seconds since 1970 UTC), and the permit's id, "" for none."""
        permits = self._replica.permits(belief.item) if belief.state in COVERED else []
        if not permits:
            return Leave.NONE, ""
        if self._clock.doubt(wall):
            return Leave.UNSURE, ""
        valid = next((permit for permit in permits if wall * 1_000_000 < permit.until), None)
        return (Leave.VALID, valid.id) if valid else (Leave.NONE, "")
