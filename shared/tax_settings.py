"""`[tax]`: whether the shop is registered for VAT, and the rates of each class of goods, each from a day on. Pure."""

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from shared.table_reader import TableReader

GENERAL, LUXURY, EXEMPT = "general", "luxury", "exempt"
PRICES = ("inclusive", "on_top")
NPWP_DIGITS = range(15, 23)  # 15 until 2024, 16 since, 22 with the place of business
NPWP = re.compile(r"[0-9][0-9.\- ]*")
SHARE = re.compile(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})")
WHOLE = Fraction(1)


@dataclass(frozen=True, slots=True)
class TaxRate:
    """What a class of goods is taxed at from a day on: `rate` of the `base` share of its price without tax."""

    tax_class: str
    start: date
    rate: Fraction
    base: Fraction = WHOLE

    @property
    def effective(self) -> Fraction:
        """The tax as a share of the price without tax."""
        return self.rate * self.base


INDONESIA = (
    TaxRate(EXEMPT, date.min, Fraction(0)),
    TaxRate(GENERAL, date(2022, 4, 1), Fraction(11, 100)),
    TaxRate(GENERAL, date(2025, 1, 1), Fraction(12, 100), Fraction(11, 12)),
    TaxRate(LUXURY, date(2022, 4, 1), Fraction(11, 100)),
    TaxRate(LUXURY, date(2025, 1, 1), Fraction(12, 100), Fraction(11, 12)),
    TaxRate(LUXURY, date(2025, 2, 1), Fraction(12, 100)),
)
"""PPN by law 7/2021 (11%) and by PMK 131/2024: 12% of the price of luxury goods, to consumers from February 2025 on;
of all other goods 12% of 11/12 of the price ("DPP nilai lain")."""


@dataclass(frozen=True, slots=True)
class TaxSettings:
    """`[tax]`; a later one of `rates` goes before an earlier one of the same class and day."""

    registered: bool = False
    npwp: str = ""
    on_top: bool = False
    rates: tuple[TaxRate, ...] = INDONESIA

    @property
    def classes(self) -> frozenset[str]:
        """The classes that products may be of."""
        return frozenset(rate.tax_class for rate in self.rates)

    def on(self, day: date) -> dict[str, TaxRate]:
        """The rate of each class on a day; a class without any then is not in it."""
        begun = (rate for rate in self.rates if rate.start <= day)
        return {rate.tax_class: rate for rate in sorted(begun, key=lambda rate: rate.start)}


def read_tax(reader: TableReader) -> TaxSettings:
    """Read `[tax]` and its `[[tax.rate]]`."""
    registered = reader.flag("registered", default=False)
    npwp = reader.optional_text("npwp", 40) or ""
    if npwp and (not NPWP.fullmatch(npwp) or sum(sign.isdigit() for sign in npwp) not in NPWP_DIGITS):
        reader.mistake("npwp", f"expected 15, 16 or 22 digits, got {npwp!r}")
    if registered and not npwp:
        reader.mistake("npwp", "expected it beside registered = true: receipts have to show it")
    on_top = reader.choice("prices", PRICES[0], PRICES) == PRICES[1]
    rates = [_rate(reader.entry("rate", table)) for table in reader.tables("rate")]
    reader.finish()
    return TaxSettings(registered, npwp, on_top, (*INDONESIA, *(rate for rate in rates if rate)))


def _rate(reader: TableReader) -> TaxRate | None:
    tax_class = reader.name("class", GENERAL)
    start = reader.day("from")
    # What a person wrote has few decimals: as text it is exact.
    rate = Fraction(str(reader.number("rate", 0, 0, 100))) / 100
    base = SHARE.fullmatch(reader.text("base", "1/1", 9))
    share = Fraction(int(base[1]), int(base[2])) if base else WHOLE
    if not base or share > 1:
        reader.mistake("base", 'expected the share of the price that is taxed, such as "11/12"')
    if not reader.has("rate"):
        reader.mistake("rate", "expected a percentage such as 12, it is missing")
    reader.finish()
    return TaxRate(tax_class, start, rate, share) if start else None
