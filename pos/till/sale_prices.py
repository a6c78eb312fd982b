"""What a sale costs, whether its discounts may be given, and the rows and words that keep them."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import insert

from pos.till import pricing
from pos.till.basket import Counter, Request, SaleRefusedError
from pos.till.discount import Grant
from pos.till.line import SaleLine
from pos.till.pricing import LinePrice, Pricing, TaxPart
from shared import schema
from shared.incidents import commitment
from shared.ledger import Turn
from shared.roles import LEADERS
from shared.staff import Actor
from shared.statements import Change, Statement

WHOLE = 0  # the number of no line: a discount off the whole sale


@dataclass(frozen=True, slots=True)
class PricedSale:
    """The lines of a sale in its order, what they cost, and the discount off the whole."""

    lines: Sequence[SaleLine]
    pricing: Pricing
    grant: Grant | None

    def discounts(self) -> Iterator[tuple[int, Grant, int]]:
        """Each discount: the number of its line, what was given, and what it came to."""
        if self.grant:
            yield WHOLE, self.grant, self.pricing.share
        for number, (line, cost) in enumerate(zip(self.lines, self.pricing.lines, strict=True), 1):
            if line.grant:
                yield number, line.grant, cost.discount


def price_sale(turn: Turn, counter: Counter, actor: Actor, request: Request, lines: Sequence[SaleLine]) -> PricedSale:
    """Price a sale by today's taxes.

    Raises SaleRefusedError `discount_limit` where a leader has to allow a discount.
    """
    discount = request.grant.discount if request.grant else None
    found = pricing.price([line.goods for line in lines], discount, counter.tax, counter.day(turn.now))
    for line, cost in zip(lines, found.lines, strict=True):
        if actor.role not in LEADERS and needs_leader(counter, line, cost, request.grant):
            off = cost.discount + cost.share
            why = f"{off} off {cost.full} is more than a cashier may give: a leader has to allow it"
            raise SaleRefusedError("discount_limit", why, product=line.product.code)
    return PricedSale(lines, found, request.grant)


def needs_leader(counter: Counter, line: SaleLine, cost: LinePrice, whole: Grant | None) -> bool:
    """Whether more is off a line than a cashier may give, what leaders have allowed left out.

    `whole` is the discount off the whole sale.
    """
    given = ((line.grant, cost.discount), (whole, cost.share))
    off = sum(part for grant, part in given if grant and not grant.approved_by)
    return cost.is_more(off, counter.discount_limit)


def write_prices(turn: Turn, sale_id: str, sale: PricedSale) -> dict[str, Any]:
    """Write what was off and what was taxed; what the sale's event says of it."""
    discounts = [_discount_row(turn, sale_id, *discount) for discount in sale.discounts()]
    taxes = [{"sale_id": sale_id, **tax_facts(part)} for part in sale.pricing.taxes]
    turn.write_last(Change(_ADD_DISCOUNTS, discounts))
    turn.write_last(Change(_ADD_TAXES, taxes))
    told: dict[str, Any] = {}
    if discounts:
        told["discounts"] = [_told(row) for row in discounts]
    if taxes:
        told["taxes"] = [tax_facts(part) for part in sale.pricing.taxes]
        told["on_top"] = sale.pricing.on_top
    return told


def line_row(line: SaleLine, cost: LinePrice, *, is_taxed: bool) -> dict[str, Any]:
    """The columns of a line that tell what it cost."""
    tax_class = line.product.tax_class if is_taxed else ""
    return {
        "price": line.product.price,
        "discount": cost.discount,
        "share": cost.share,
        "tax_class": tax_class,
        "tax": cost.tax,
        "amount": cost.amount,
    }


def tax_facts(part: TaxPart) -> dict[str, Any]:
    """The tax of one class as a row, an event and a receipt have it; the rate is in percent."""
    rate, base = part.rate.rate * 100, part.rate.base
    return {
        "tax_class": part.rate.tax_class,
        "rate": _decimal(rate),
        "base": str(base),
        "net": part.net,
        "taxed": part.taxed,
        "tax": part.tax,
    }


def _decimal(number: Fraction) -> str:
    return str(number) if number.denominator == 1 else f"{float(number):g}"


def _discount_row(turn: Turn, sale_id: str, number: int, grant: Grant, off: int) -> dict[str, Any]:
    return {
        "sale_id": sale_id,
        "line": number,
        "off": off,
        "amount": grant.discount.amount,
        "percent": grant.discount.percent,
        "reason": grant.reason.value,
        "note": grant.note,
        "note_salt": secrets.token_hex(16) if grant.note else "",
        "given_by": grant.by or turn.actor,
        "approved_by": grant.approved_by,
    }


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """A discount as an event says it: nothing of the note's text."""
    told = {name: value for name, value in row.items() if name not in {"sale_id", "note", "note_salt"}}
    return {**told, "note": commitment(row["note"], row["note_salt"])}


_ADD_DISCOUNTS = Statement(insert(schema.table(schema.SaleDiscount)))
_ADD_TAXES = Statement(insert(schema.table(schema.SaleTax)))
