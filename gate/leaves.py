"""Which exit permit or badge lets a unit out: what the feed says, against a clock that is to be trusted for that."""

from gate.bypass import Carrier
from gate.decision import Leave
from gate.replica import Belief, Permit, Replica
from gate.wall_clock import WallClock
from shared.items import NOT_PAID
from shared.roles import LEADERS


class Leaves:
    """The permits and badges of one gate's shop. For the gate's loop."""

    def __init__(self, replica: Replica, clock: WallClock) -> None:
        self._replica = replica
        self._clock = clock

    def of(self, belief: Belief, wall: float) -> tuple[Leave, str]:
        """Whether this unit may leave at `wall` (seconds since 1970 UTC), and the permit's id, "" for none."""
        permits = self._replica.permits(belief.item) if belief.state in NOT_PAID else []
        if not permits:
            return Leave.NONE, ""
        if self._clock.doubt(wall):
            return Leave.UNSURE, ""
        valid = _valid(permits, wall)
        return (Leave.VALID, valid) if valid else (Leave.NONE, "")

    def carrier(self, badge: str, wall: float) -> Carrier | None:
        """Who may carry things out by this badge at `wall`: a leader, or a person with a permit; None for nobody."""
        person, role = self._replica.badge_holder(badge) or ("", None)
        if role in LEADERS:
            return Carrier(person, badge, "")
        permit = "" if not person or self._clock.doubt(wall) else _valid(self._replica.permits_of(person), wall)
        return Carrier(person, badge, permit) if permit else None


def _valid(permits: list[Permit], wall: float) -> str:
    """The id of one whose time is not over, "" for none."""
    return next((permit.id for permit in permits if wall * 1_000_000 < permit.until), "")
