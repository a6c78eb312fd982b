"""The alarm: all outputs of a gate, and what they should do now. Off at open, off at close, never on for too long.

The caller gives the time (`time.monotonic()`), and calls `tick` at least as often as `tick` asks for. An output that
fails is tried once more at once. Where then none that should be heard is left, all others of the alarm stand in.
"""

from collections.abc import Sequence

from gate.output import OFF, UNTIL_TOLD, Output
from gate.pattern import HEARD, Level, Role, Sounding, lengthened, lengths

CHECK_SECONDS = 0.5


class Alarm:
    """Switches the outputs; nobody else does."""

    def __init__(self, outputs: Sequence[Output], seconds: float) -> None:
        """`seconds`: how long one alarm lasts. At least one output is not for faults."""
        self.outputs = outputs
        self._alarming = [output for output in outputs if output.role is not Role.FAULT]
        self._roles = {output.role for output in self._alarming}
        self._seconds = seconds
        self._sounding: Sounding | None = None
        self._is_watching = False
        self._next_check = 0.0

    @property
    def is_lost(self) -> bool:
        """Whether no output could tell of an alarm; `fault` then says why."""
        return not any(output.is_there for output in self._alarming)

    @property
    def fault(self) -> str:
        """What is wrong with the outputs."""
        return "; ".join(output.fault for output in self.outputs if output.fault)

    @property
    def has_chime(self) -> bool:
        """Whether it can ask gently before it asks loudly."""
        return {Role.CHIME, Role.SIREN} <= self._roles

    def ends_in(self, now: float) -> float:
        """Seconds for which it is, or should be, heard; 0 when it is silent."""
        return self._sounding.ends_in(now) if self._sounding else 0.0

    def sound(self, now: float, level: Level) -> bool:
        """Switch on now; while on, make it last, up to the hard maximum. Returns whether any output is on."""
        self._sounding = lengthened(self._sounding, now, lengths(level, self._roles, self._seconds))
        self._switch(now)
        if not all(output.is_there for output in self._alarming):
            self._next_check = now  # try the boards at the next tick
        return any(output.is_on for output in self._alarming)

    def silence(self, now: float) -> None:
        """Switch off at once."""
        self._sounding = None
        self._switch(now)

    def watch(self, now: float, *, is_watching: bool) -> None:
        """Let the fault outputs tell whether the gate watches."""
        if is_watching is not self._is_watching:
            self._is_watching = is_watching
            self._switch(now)

    def tick(self, now: float) -> float:
        """Do what is due: end what is over, look after the boards. Returns when to call again at the latest."""
        if self._sounding and now >= self._sounding.end:
            self._sounding = None
        if now >= self._due():
            self._switch(now)
        if now >= self._next_check:
            self._next_check = now + CHECK_SECONDS
            for output in self.outputs:
                output.look_after(now)
            self._switch(now)
        return self._due()

    def close(self) -> None:
        """All off, and give the boards back."""
        self._sounding = None
        for output in self.outputs:
            output.close()

    def _due(self) -> float:
        return min([self._next_check, *(output.until for output in self.outputs if output.is_on)])

    def _switch(self, now: float) -> None:
        """Have every output as it should be. Who fails twice is lost, and what others should be is seen anew."""
        while failed := [
            (output, until)
            for output, until in self._wanted(now).items()
            if output.is_there and output.until != until and not output.switch(now, until)
        ]:
            for output, until in failed:
                output.try_again(now, until)
        for output in self.outputs:
            output.report()

    def _wanted(self, now: float) -> dict[Output, float]:
        wanted = {output: self._by_role(output.role, now) for output in self.outputs}
        heard = [output for output, until in wanted.items() if output.role in HEARD and until > now]
        if heard and not any(output.is_there for output in heard):
            end = max(wanted[output] for output in heard)
            wanted |= {output: max(wanted[output], end) for output in self._alarming}
        return wanted

    def _by_role(self, role: Role, now: float) -> float:
        if role is Role.FAULT:
            return UNTIL_TOLD if self._is_watching else OFF
        until = self._sounding.until.get(role, OFF) if self._sounding else OFF
        return until if until > now else OFF
