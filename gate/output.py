"""One output of the gate: a relay, what it is for, and what is wrong with it. Only `gate.alarm` switches it."""

import logging
import math

from gate.pattern import Role
from hardware.errors import DeviceLost, HardwareError
from hardware.relay import Relay

OFF = -math.inf
UNTIL_TOLD = math.inf
RENEWED_SECONDS = 3.0  # a board's own timer drops what is on until told otherwise, if the gate dies

log = logging.getLogger(__name__)


class Output:
    """Opens its board, finds it gone or disobedient, and opens it again.

    Attributes:
        fault: what is wrong with it, "" for nothing.
        until: the moment until which it was switched on, OFF for one that is off.
    """

    def __init__(self, relay: Relay, role: Role) -> None:
        self.name = relay.name
        self.role = role
        self.fault = "not opened yet"
        self.until = OFF
        self._relay = relay
        self._is_open = False
        self._is_timed = False
        self._logged = self.fault

    @property
    def is_there(self) -> bool:
        """Whether its board can be reached and does as it is told."""
        return self._is_open

    @property
    def is_on(self) -> bool:
        """Whether its board has switched it on."""
        return self.until > OFF

    def open(self) -> None:
        """Take the board, which switches it off; `fault` says where it cannot be had."""
        try:
            self._relay.open()
            self._compare()
        except HardwareError as error:
            self._give_up(error)
        else:
            self._is_open = True
            self.fault = ""

    def switch(self, now: float, until: float) -> bool:
        """Have it on until then, or off; False where the board fails, which is then given up."""
        try:
            self._tell(now, until)
        except HardwareError as error:
            self._give_up(error)
        return self._is_open

    def try_again(self, now: float, until: float) -> None:
        """Open the board anew, and do what it has just failed to do."""
        self.open()
        if self._is_open:
            self.switch(now, until)

    def look_after(self, now: float) -> None:
        """Find out how the board is; one that is gone is opened, and off until it is switched again."""
        if not self._is_open:
            self.open()
            return
        try:
            self._compare()
            if self._is_timed and self.until == UNTIL_TOLD:
                self._tell(now, self.until)
        except HardwareError as error:
            self._give_up(error)
            self.open()

    def report(self) -> None:
        """Write to the log what has changed."""
        if self.fault == self._logged:
            return
        self._logged = self.fault
        if self.fault:
            log.error("output %r is lost: %s", self.name, self.fault)
        else:
            log.info("output %r is there", self.name)

    def close(self) -> None:
        """Off, and give the board back."""
        self._relay.close()
        self._is_open = False
        self.until = OFF

    def _tell(self, now: float, until: float) -> None:
        if until > now:
            self._is_timed = self._relay.pulse(
                min(until - now, RENEWED_SECONDS) if until == UNTIL_TOLD else until - now
            )
            self.until = until
        else:
            self._relay.off()
            self.until = OFF

    def _compare(self) -> None:
        found = self._relay.check()
        if found is not None and found is not self.is_on:
            told, read = ("on", "off") if self.is_on else ("off", "on")
            raise DeviceLost(f"relay {self.name!r} was told {told} and reads back {read}")

    def _give_up(self, error: HardwareError) -> None:
        self.close()
        self.fault = str(error)
