"""PURE. The fixed text that a scanner is set to send before and after each label.

Line ends, tabs and padding at their outer ends are no part of a frame: `hardware.framing` has taken them already.
"""

from dataclasses import dataclass
from typing import Final

from hardware.framing import PADDING, TERMINATORS

PREFIX: Final = r"[\x00\x02\x03\t\n\r]*[^\x03\t\n\r\u0100-\U0010ffff]*"
"""What a prefix may be, as a regular expression: characters of one byte; what ends a label only in front."""

SUFFIX: Final = r"[^\x03\t\n\r\u0100-\U0010ffff]*([\x03\t\n\r][\x00\x02\x03\t\n\r]*)?"
"""The same of a suffix: what ends a label only behind."""


@dataclass(frozen=True, slots=True)
class Affixes:
    """What to take off a frame, each side where it is there."""

    before: bytes
    after: bytes

    @classmethod
    def of(cls, prefix: str, suffix: str) -> "Affixes":
        """Return what is left in a frame of texts that fit `PREFIX` and `SUFFIX`."""
        *_, before = TERMINATORS.split(prefix.encode("latin-1"))
        after, *_ = TERMINATORS.split(suffix.encode("latin-1"))
        return cls(before.lstrip(PADDING), after)

    def off(self, frame: bytes) -> bytes:
        """Return the label alone. A frame of nothing but them is a label that looks like them, and stays as it is."""
        return frame.removeprefix(self.before).removesuffix(self.after) or frame
