"""The alarm: the only caller of the relay. Off at open, off at close, never on for longer than the hard maximum.

The caller gives the time (`time.monotonic()`), and calls `tick` at least as often as `tick` asks for.
"""

import logging
from dataclasses import dataclass

from hardware.errors import HardwareError
from hardware.relay import Relay

HARD_MAXIMUM = 60.0  # seconds on without a pause, whatever comes
GENTLE_SECONDS = 1.0  # with one output, the gentle pattern is a short pulse
CHECK_SECONDS = 0.5

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Sounding:
    """From when, and until when, the relay should be on."""

    since: float
    until: float


class Alarm:
    """One relay output and how long it should be on; reopens the board whenever it is lost."""

    def __init__(self, relay: Relay, seconds: float) -> None:
        """`seconds`: how long one alarm lasts."""
        self._relay = relay
        self._seconds = seconds
        self._sounding: _Sounding | None = None
        self._is_open = False
        self._next_check = 0.0
        self.fault = "not opened yet"

    @property
    def is_lost(self) -> bool:
        """Whether the board cannot be reached; `fault` then says why."""
        return not self._is_open

    @property
    def is_sounding(self) -> bool:
        """Whether the relay is, or should be, on."""
        return self._sounding is not None

    def ends_in(self, now: float) -> float:
        """Seconds until the relay goes off; 0 when it is off."""
        return max(0.0, self._sounding.until - now) if self._sounding else 0.0

    def sound(self, now: float, *, gentle: bool = False) -> None:
        """Switch on now; while on, make it last, up to the hard maximum."""
        until = now + (min(GENTLE_SECONDS, self._seconds) if gentle else self._seconds)
        since = self._sounding.since if self._sounding else now
        latest = max(until, self._sounding.until if self._sounding else until)
        self._sounding = _Sounding(since, min(latest, since + HARD_MAXIMUM))
        self._switch(now)

    def silence(self, now: float) -> None:
        """Switch off at once."""
        self._sounding = None
        self._switch(now)

    def tick(self, now: float) -> float:
        """Do what is due: end the alarm, look after the board. Returns when to call again at the latest."""
        if self._sounding and now >= self._sounding.until:
            self.silence(now)
        if now >= self._next_check:
            self._next_check = now + CHECK_SECONDS
            self._look_after(now)
        return min(self._next_check, self._sounding.until) if self._sounding else self._next_check

    def close(self) -> None:
        """Off, and give the board back."""
        self._sounding = None
        self._relay.close()
        self._is_open = False

    def _look_after(self, now: float) -> None:
        try:
            if self._is_open:
                self._relay.check()
                return
            self._relay.open()
        except HardwareError as error:
            self._lose(error)
            return
        self._is_open = True
        self.fault = ""
        log.info("relay %r is there", self._relay.name)
        if self._sounding:
            self._switch(now)

    def _switch(self, now: float) -> None:
        if not self._is_open:
            self._next_check = now  # try the board at the next tick
            return
        try:
            if self._sounding:
                self._relay.on()
            else:
                self._relay.off()
        except HardwareError as error:
            self._lose(error)

    def _lose(self, error: HardwareError) -> None:
        if self._is_open or self.fault != str(error):
            log.error("relay %r is lost: %s", self._relay.name, error)
        self.fault = str(error)
        self._relay.close()
        self._is_open = False
