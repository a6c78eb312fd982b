"""The way to one destination, in a thread of its own: opened, kept open, and never given up."""

import logging
import time
from collections.abc import Callable

from gate.link import DaemonLine
from gate.outward.courier import Courier, Destination, Sender
from gate.outward.cursor import CursorFile
from gate.outward.journal_reader import JournalReader
from shared.gate_settings import GateSettings
from shared.settings import Settings, SettingsError

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
RETRY_SECONDS = 10.0


class Route:
    """One destination, and what is wrong with it.

    Attributes:
        name: what the shop calls it.
        destination: None until it could be made.
        why: "" while all that there is to tell is told, else why it is not.
    """

    def __init__(self, chosen: Settings, gate: GateSettings, name: str, make: Callable[[], Destination]) -> None:
        self._gate = gate
        self._sender = Sender(gate.name, chosen.shop.currency)
        self._make = make
        self._fault = "not tried yet"
        self._courier: Courier | None = None
        self.name = name
        self.destination: Destination | None = None

    @property
    def why(self) -> str:
        """See above."""
        return self._fault or (self._courier.why if self._courier else "")

    def run(self, line: DaemonLine) -> None:
        """Tell what happens, for as long as the process lives. A new status is a reason to look into the journal."""
        number = 0
        while True:
            pause = self._step()
            if pause:
                time.sleep(pause)
            else:
                number, _ = line.wait_newer(number, LOOK_SECONDS)

    def _step(self) -> float:
        try:
            courier = self._courier = self._courier or self._open()
            pause = courier.step()
        except (OSError, SettingsError) as error:
            self._fault = str(error)
        except Exception as error:
            log.exception("%s: telling failed; trying again", self.name)
            self._fault = f"telling failed: {type(error).__name__}"
        else:
            self._fault = ""
            return pause
        return RETRY_SECONDS

    def _open(self) -> Courier:
        self.destination = self.destination or self._make()
        reader = JournalReader(self._gate.journal, self._gate.name)
        file = CursorFile(self._gate.journal.with_suffix(f".{self.name.replace(' ', '-')}.cursor"))
        return Courier(self.destination, reader, file, self._sender)
