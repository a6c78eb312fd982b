"""What a sale costs: discounts of lines and of the whole sale, and the tax in its prices or on top of them. Pure.

Amounts are whole numbers of the currency's shop unit. What is rounded once is shared out over the lines to the last
unit, so that each line knows what was paid for it, and a return gives back neither more nor less.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from shared.tax_settings import EXEMPT, GENERAL, TaxRate, TaxSettings

HUNDRED_PERCENT = 10_000


@dataclass(frozen=True, slots=True)
class Discount:
    """What is off a price: an amount, or else a percentage in hundredths."""

    amount: int = 0
    percent: int = 0

    def off(self, price: int) -> int:
        """What is off this price: never more than the price, and a percentage never more than it says."""
        return min(price, self.amount or price * self.percent // HUNDRED_PERCENT)


class Goods(NamedTuple):
    """One line to be priced; `price` is that of one."""

    price: int
    quantity: int
    tax_class: str
    discount: Discount | None = None


class LinePrice(NamedTuple):
    """What one line costs: the `full` price, the line's own discount, its share of the sale's, its part of the tax.

    `amount` is what is paid for it in the end, with the tax.
    """

    full: int
    discount: int
    share: int
    tax: int
    amount: int

    def is_more(self, off: int, percent: int) -> bool:
        """Whether `off` is more than so many hundredths of a percent of the full price."""
        return off > -(-self.full * percent // HUNDRED_PERCENT)


@dataclass(frozen=True, slots=True)
class TaxPart:
    """The tax of one class: `net` is the price without it, `taxed` what the rate is taken of ("DPP")."""

    rate: TaxRate
    net: int
    taxed: int
    tax: int


@dataclass(frozen=True, slots=True)
class Pricing:
    """What a sale costs; `lines` are in the order of the goods. No `taxes` where none are due, or shown."""

    lines: tuple[LinePrice, ...]
    taxes: tuple[TaxPart, ...] = ()
    on_top: bool = False

    @property
    def total(self) -> int:
        """What is to be paid."""
        return sum(line.amount for line in self.lines)

    @property
    def subtotal(self) -> int:
        """What the lines cost before the sale's discount, and before a tax on top."""
        return sum(line.full - line.discount for line in self.lines)

    @property
    def share(self) -> int:
        """What the sale's own discount takes off."""
        return sum(line.share for line in self.lines)

    @property
    def discount(self) -> int:
        """What all discounts take off."""
        return sum(line.discount + line.share for line in self.lines)

    @property
    def tax(self) -> int:
        """The tax of all classes."""
        return sum(part.tax for part in self.taxes)


def price(goods: Sequence[Goods], discount: Discount | None, tax: TaxSettings, day: date) -> Pricing:
    """Price a sale made on this day; `discount` is off the whole of it."""
    full = [one.price * one.quantity for one in goods]
    own = [one.discount.off(cost) if one.discount else 0 for one, cost in zip(goods, full, strict=True)]
    left = [cost - off for cost, off in zip(full, own, strict=True)]
    shares = share_out(discount.off(sum(left)), left) if discount else [0] * len(goods)
    costs = [cost - share for cost, share in zip(left, shares, strict=True)]
    taxed = [0] * len(goods)
    parts: list[TaxPart] = []
    for rate, places in _classes(goods, tax, day):
        part = _tax(rate, sum(costs[place] for place in places), on_top=tax.on_top)
        parts.append(part)
        for place, portion in zip(places, share_out(part.tax, [costs[place] for place in places]), strict=True):
            taxed[place] = portion
    amounts = [cost + portion for cost, portion in zip(costs, taxed, strict=True)] if tax.on_top else costs
    lines = map(LinePrice, full, own, shares, taxed, amounts)
    return Pricing(tuple(lines), tuple(parts), tax.on_top)


def share_out(whole: int, weights: Sequence[int]) -> list[int]:
    """Share a whole number out by weights to the last unit: what is left goes to the largest remainders, in order."""
    total = sum(weights)
    if not whole or not total:
        return [0] * len(weights)
    shares = [whole * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: -(whole * weights[place] % total))
    for place in by_remainder[: whole - sum(shares)]:
        shares[place] += 1
    return shares


def _classes(goods: Sequence[Goods], tax: TaxSettings, day: date) -> Iterator[tuple[TaxRate, list[int]]]:
    """Each rate that is due, and the places of its lines; none where the shop is not registered."""
    if not tax.registered:
        return
    rates = tax.on(day)
    places: dict[TaxRate, list[int]] = {}
    for place, one in enumerate(goods):
        rate = rates.get(one.tax_class) or rates.get(GENERAL) or rates[EXEMPT]
        places.setdefault(rate, []).append(place)
    yield from ((rate, found) for rate, found in places.items() if rate.effective)


def _tax(rate: TaxRate, cost: int, *, on_top: bool) -> TaxPart:
    """The tax of one class, rounded once; `cost` holds it already, unless it comes on top."""
    due = cost * (rate.effective if on_top else rate.effective / (1 + rate.effective))
    tax = _rounded(due)
    net = cost if on_top else cost - tax
    return TaxPart(rate, net, _rounded(net * rate.base), tax)


def _rounded(amount: Fraction) -> int:
    """To the nearest whole number, a half upwards."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)
