"""After-closing mode: on from a person's word, here or in the office, until its time or until somebody ends it.

While it is on, what is not paid sounds the siren at once, and what nobody knows, or a badge lets out, wants a
look; what is paid passes.
"""

from gate.recorder import Recorder
from gate.replica import Replica
from gate.signing import Close
from gate.status import Status
from gate.wall_clock import WallClock
from shared.gate_policy import Outcome, Policy, Reason
from shared.gate_rules import Closed

ASKED = frozenset({Reason.BYPASS, Reason.UNKNOWN, Reason.DAMAGED, Reason.UNREGISTERED})
LENIENT = frozenset({Outcome.IGNORE, Outcome.PASS})


def after_closing(policy: Policy) -> Policy:
    """A policy as it is after closing."""
    return {row: Outcome.CHECK if row in ASKED and outcome in LENIENT else outcome for row, outcome in policy.items()}


class Closing:
    """What people decided of one gate, the newest word before others. For the gate's loop."""

    def __init__(self, replica: Replica, recorder: Recorder, status: Status, clock: WallClock) -> None:
        self._replica = replica
        self._recorder = recorder
        self._status = status
        self._clock = clock
        self._decided = max(recorder.closed, replica.closed(), key=lambda one: one.at)

    def learn(self) -> None:
        """The replica is level with the source: take over what the office decided."""
        self._decided = max(self._decided, self._replica.closed(), key=lambda one: one.at)

    def signed(self, close: Close, by: str | None) -> None:
        """Do what somebody at the screen asked for. Nobody ends it unsigned: a silent source opens no door."""
        if by is None:
            self._status.reply(close.ask, "wrong_pin")
        elif not by and not close.until:
            self._status.reply(close.ask, "no_signature")
        else:
            self._decided = Closed(close.until, max(close.at, self._decided.at + 1))
            self._recorder.closing(self._decided, by)
            self._status.reply(close.ask, "done")

    def until(self, wall: float) -> int:
        """Until when it is on at `wall` (seconds since 1970 UTC), in µs; 0: it is off.

        A clock that cannot be trusted ends nothing.
        """
        is_over = wall * 1_000_000 >= self._decided.until and not self._clock.doubt(wall)
        return 0 if is_over else self._decided.until
