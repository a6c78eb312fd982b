"""Cash as it is counted: by notes and coins where the shop's money is rupiah, else as one amount. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.canonical import canonical

# Bank Indonesia's notes and coins that are about; the note and the coin of 1,000 count as one.
RUPIAH = (100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100)
MOST_PIECES = 100_000


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted, in the currency's shop unit; `pieces` by what one is worth, none where an amount was told."""

    amount: int
    pieces: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, pieces: Mapping[int, int]) -> "Count":
        """The count of these pieces."""
        kept = {worth: number for worth, number in pieces.items() if number}
        return cls(sum(worth * number for worth, number in kept.items()), kept)

    @property
    def told(self) -> str:
        """The pieces as rows and events keep them, "" for none."""
        return canonical({str(worth): number for worth, number in self.pieces.items()}) if self.pieces else ""


def worths(currency: str) -> tuple[int, ...]:
    """What the notes and coins of a currency are worth, the largest first; none where nothing is counted by them."""
    return RUPIAH if currency == "IDR" else ()
