"""What a client asks to sell, where, and how a sale is refused. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pos.till.discount import Grant
from pos.till.rounding import UNROUNDED, Rounding
from shared.canonical import canonical
from shared.signed_receipt import Signer
from shared.tax_settings import TaxSettings

MICROSECONDS = 1_000_000
NO_TAX = TaxSettings()


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit by a text of its label; `product` names its product where the text alone is ambiguous."""

    serial: str
    product: str = ""
    grant: Grant | None = None


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """A quantity of a product that carries no serial."""

    product: str
    quantity: int
    grant: Grant | None = None


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment, in the currency's shop unit; `reference` is whose it came through, or a credit's id.

    `left`: what a credit is still worth after it.
    """

    method: str
    amount: int
    reference: str = ""
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks to sell; `request_hash` tells the same request from another with the same id.

    `grant` is off the whole of it; `returned` is what its receipt tells of goods that came back with it.
    """

    id: str
    lines: tuple[UnitLine | GoodsLine, ...]
    payments: tuple[Paid, ...]
    expected_total: int | None
    request_hash: bytes
    grant: Grant | None = None
    returned: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Counter:
    """Where a sale happens: the till's register, its shop's currency, clock and rounding, and the key of receipts.

    `tax` are the shop's taxes; `discount_limit` is what a cashier may take off a line, in hundredths of a percent;
    `refund_limit` what one person may give back alone; `has_shifts`: nothing is paid without an open shift.
    """

    store: str
    register: str
    currency: str
    timezone: ZoneInfo
    signer: Signer | None = None
    rounding: Rounding = UNROUNDED
    tax: TaxSettings = NO_TAX
    discount_limit: int = 0
    refund_limit: int = 0
    has_shifts: bool = False

    def day(self, at: int) -> date:
        """The shop's day at a time in µs since 1970 UTC."""
        return datetime.fromtimestamp(at / MICROSECONDS, self.timezone).date()


class SaleRefusedError(Exception):
    """The sale did not happen. `reason` is the code for programs, `facts` name the line or the amounts."""

    def __init__(self, reason: str, detail: str, **facts: Any) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.facts = facts


class SaleConflictError(SaleRefusedError):
    """The id is that of another request, or of a cancelled sale."""


class PaymentError(SaleRefusedError):
    """The payments do not fit the total."""


def hash_of(content: Mapping[str, Any]) -> bytes:
    """What tells one request from another: its content as values, so that spacing and key order do not matter."""
    return hashlib.sha256(canonical(content).encode()).digest()
