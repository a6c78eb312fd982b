"""What every receipt printer can do."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hardware.device import Device

NARROW, WIDE = 58, 80  # mm of paper
COLUMNS: Final = {NARROW: 32, WIDE: 48}  # characters of 12 dots across the printable 48 and 72 mm at 203 dpi


@dataclass(frozen=True, slots=True)
class Text:
    """One line of print. A large one has half as many characters across. What is too long goes on below."""

    text: str
    centred: bool = False
    strong: bool = False
    large: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code of this text, in the middle, as large as the paper allows."""

    text: str


Slip = Sequence[Text | Code]
"""What comes out of a printer in one piece."""


class PrinterState(StrEnum):
    """How a printer says that it is. One that never answers counts as ready: many cheap ones cannot."""

    READY = "ready"
    LOW_PAPER = "low_paper"  # prints on
    NO_PAPER = "no_paper"
    COVER_OPEN = "cover_open"
    FAULT = "fault"  # its own light tells: cutter, heat


PRINTING: Final = frozenset({PrinterState.READY, PrinterState.LOW_PAPER})


class Printer(Device):
    """A receipt printer, perhaps with a cash drawer on its cable.

    Open it for each use: a printer on the network serves one till at a time.

    Attributes:
        columns: how many characters of the ordinary size a line holds.
    """

    columns: int

    @abstractmethod
    def open(self) -> None:
        """Take the printer; nothing is printed.

        Raises:
            OpenFailed: it is absent, busy, or not allowed.
        """

    @abstractmethod
    def print(self, slip: Slip) -> None:
        """Print, and cut the paper off, or feed it to where it is torn; returns once the printer has taken it all.

        Raises:
            DeviceLost: it is gone, not open, or takes no more: perhaps a part of the slip came out.
        """

    @abstractmethod
    def open_drawer(self) -> None:
        """Let the cash drawer spring open; nothing tells whether one is there.

        Raises:
            DeviceLost: the printer is gone, not open, or takes no more.
        """

    @abstractmethod
    def state(self) -> PrinterState:
        """Ask the printer how it is; waits a moment for its answer.

        Raises:
            DeviceLost: it is gone, or not open.
        """
