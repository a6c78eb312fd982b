"""What stands on the demo's shelf, and the labels on it."""

import secrets
from dataclasses import dataclass
from enum import StrEnum

from shared import codes


class Mark(StrEnum):
    """How a product's units are told apart."""

    OWN = "own"  # the shop's own serial, as Code 128
    MAKER = "maker"  # the maker's serial beside the GTIN, as GS1 DataMatrix
    NONE = "none"  # not at all: sold by quantity, EAN-13


@dataclass(frozen=True, slots=True)
class Good:
    """One product; `slot` names its place on the shelf and its picture. Prices are in rupiah."""

    slot: str
    code: str
    name: str
    price: int
    mark: Mark


# 952 is GS1's prefix for demonstrations, 200 the one for a shop's own use: neither is anybody's.
GOODS = (
    Good("watch", "JAM-SENJA", "Jam tangan Senja", 1_250_000, Mark.OWN),
    Good("shoes", "SEPATU-JELAJAH-42", "Sepatu lari Jelajah 42", 689_000, Mark.OWN),
    Good("headphones", "9521234500018", "Headphone Gema Pro", 899_000, Mark.MAKER),
    Good("backpack", "TAS-RIMBA-24", "Tas punggung Rimba 24 L", 429_000, Mark.OWN),
    Good("kettle", "KETEL-UAP-17", "Ketel listrik Uap 1,7 L", 315_000, Mark.OWN),
    Good("drill", "9521234500025", "Bor tangan Kukuh", 540_000, Mark.MAKER),
    Good("carrier", "2000000000015", "Tas belanja kain", 12_000, Mark.NONE),
)


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing on the shelf; `serial` is "" for what has none."""

    good: Good
    serial: str

    @property
    def label(self) -> str:
        """What a scanner reads off it: the text of the barcode, with the identifier that scanners put before GS1."""
        if self.good.mark is Mark.MAKER:
            return f"]d201{codes.gtin_of(self.good.code)}21{self.serial}"
        return self.serial or self.good.code


def new_unit(good: Good) -> Unit:
    """A unit that nobody has seen before."""
    if good.mark is Mark.OWN:
        return Unit(good, codes.issue())
    return Unit(good, f"{good.slot[:2].upper()}{secrets.randbelow(10**8):08}" if good.mark is Mark.MAKER else "")
