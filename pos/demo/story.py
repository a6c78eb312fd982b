"""What happened in the demo's shop, last things first, as facts; `telling` puts them into words."""

import time
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum

MOST_KEPT = 14


class What(StrEnum):
    """One kind of thing that happens."""

    TILL_SCAN = "till_scan"  # a label's bytes went to the till's scanner
    REFUSED = "refused"  # the till took it not; `reason` is the till's code
    IN_CART = "in_cart"
    SOLD = "sold"
    GATE_SCAN = "gate_scan"  # a label's bytes went to the gate's scanner
    FRAME = "frame"  # the relay's board was switched; `reason` is on or off, `hex` the frame
    ALARM = "alarm"  # the ledger has the alarm; `reason` is the gate's
    DEPARTED = "departed"
    PASSED = "passed"  # let through for another reason than paid
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing; `serial` is the label's text, `name` the product's.

    `late` is how many ms after the label's last byte it came, None where that says nothing.
    """

    what: What
    serial: str = ""
    name: str = ""
    reason: str = ""
    hex: str = ""
    late: float | None = None
    at: float = field(default_factory=time.time)


class Story:
    """The last things that happened. Not for two threads at once."""

    def __init__(self) -> None:
        self._happenings: deque[Happening] = deque(maxlen=MOST_KEPT)

    def add(self, happening: Happening) -> None:
        """One more."""
        self._happenings.appendleft(happening)

    def told(self) -> list[Happening]:
        """The newest first."""
        return list(self._happenings)
