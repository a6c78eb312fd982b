"""What a receipt says, line by line: the page, the printer and the PDF all print these, in one order.

Words are those of the language that the request or the shop speaks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pos.customers.buyers import Buyer
from pos.till.discount_words import reason_word
from pos.till.paying_words import method_name
from shared import codes
from shared.pages import frame, words
from shared.pages.speech import gettext
from shared.settings import ShopSettings


class Weight(StrEnum):
    """How a line stands out."""

    ITEM = "item"
    UNDER = "under"  # more about the line above
    TOTAL = "total"  # after a rule
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Row:
    """One line: words, and the amount at its right; "" where it has none. `is_serial`: the words hold a serial."""

    words: str
    amount: str = ""
    weight: Weight = Weight.PLAIN
    is_serial: bool = False


@dataclass(frozen=True, slots=True)
class ReceiptText:
    """All that is on a receipt but its codes.

    `copy` marks one that was printed before, "" on the first; `buyer` is empty where nobody asked who it is.
    """

    heading: tuple[str, ...]
    number: str
    when: str
    rows: tuple[Row, ...]
    thanks: str
    copy: str
    buyer: tuple[str, ...] = ()


def receipt_text(receipt: Mapping[str, Any], shop: ShopSettings, *, is_copy: bool = False) -> ReceiptText:
    """The words of a receipt as `pos.till.past_sales` finds it; `is_copy`: it was printed before."""
    phone = (gettext("Tel. %(phone)s", phone=shop.phone),) if shop.phone else ()
    npwp = (f"NPWP {receipt['npwp']}",) if receipt.get("npwp") else ()
    return ReceiptText(
        heading=(shop.name, *shop.address, *phone, *npwp),
        number=receipt["number"],
        when=f"{_when(receipt['at'].astimezone(shop.timezone))}, {receipt['register']}",
        buyer=tuple(_buyer(receipt["buyer"])),
        rows=(*_lines(receipt), *(_sums(receipt) if receipt["lines"] else ()), *_returned(receipt)),
        thanks=gettext("Thank you. Keep this receipt for exchange and warranty."),
        copy=gettext("COPY") if is_copy else "",
    )


def _when(at: datetime) -> str:
    """With its year: a receipt is kept."""
    return f"{frame.day(at.date().isoformat())} {words.clock(at)}"


def _buyer(buyer: Buyer | None) -> Iterator[str]:
    """Not the phone: receipts are left lying about."""
    if buyer and buyer.name:
        yield gettext("Customer: %(name)s", name=buyer.name)
    if buyer and buyer.note:
        yield gettext("Note: %(note)s", note=buyer.note)


def _lines(receipt: Mapping[str, Any]) -> Iterator[Row]:
    currency = receipt["currency"]
    for line in receipt["lines"]:
        yield Row(line["product"]["name"], frame.money(line["amount"], currency), Weight.ITEM)
        if "serial" in line:
            yield Row(f"S/N {codes.printed(line['serial'])}", weight=Weight.UNDER, is_serial=True)
        elif line["quantity"] > 1:
            yield Row(f"{line['quantity']} × {frame.money(line['price'], currency)}", weight=Weight.UNDER)  # noqa: RUF001 - a times sign is meant
        if "discount" in line:
            words = gettext("Discount (%(reason)s)", reason=reason_word(line["reason"]))
            yield Row(words, frame.money(-line["discount"], currency), Weight.UNDER)
        if "warranty_until" in line:
            until = gettext("Warranty until %(day)s", day=frame.day(line["warranty_until"]))
            yield Row(until, weight=Weight.UNDER)


def _returned(receipt: Mapping[str, Any]) -> Iterator[Row]:
    """What came back, and how it was paid back beyond what it paid of this receipt."""
    currency, returned = receipt["currency"], receipt.get("returned")
    if not returned:
        return
    for line in returned["lines"]:
        pieces = f"{line['quantity']} × " if line["quantity"] > 1 else ""  # noqa: RUF001 - a times sign is meant
        name = gettext("Came back: %(name)s", name=pieces + line["product"]["name"])
        yield Row(name, frame.money(-line["amount"], currency), Weight.ITEM)
        if "serial" in line:
            yield Row(f"S/N {codes.printed(line['serial'])}", weight=Weight.UNDER, is_serial=True)
        yield Row(gettext("of receipt %(number)s", number=line["of"]), weight=Weight.UNDER)
    yield Row(gettext("Worth in all"), frame.money(returned["total"], currency), Weight.TOTAL)
    for refund in returned["refunds"]:
        yield Row(_refund_words(refund), frame.money(refund["amount"], currency))
    if returned["rounding"]:
        yield Row(gettext("Rounded for cash"), frame.money(returned["rounding"], currency))


def _refund_words(refund: Mapping[str, Any]) -> str:
    if "code" in refund:
        return gettext("Store credit %(code)s", code=refund["code"])
    told = " ".join(filter(None, (method_name(refund["method"]), refund.get("reference"))))
    return gettext("Given back: %(how)s", how=told)


def _sums(receipt: Mapping[str, Any]) -> Iterator[Row]:
    currency = receipt["currency"]
    yield from _costs(receipt)
    yield Row(gettext("Total"), frame.money(receipt["total"], currency), Weight.TOTAL)
    if receipt.get("rounding"):
        yield Row(gettext("Rounded for cash"), frame.money(receipt["rounding"], currency))
    for payment in receipt["payments"]:
        yield from _payment(payment, currency)
    if receipt["change"]:
        yield Row(gettext("Change"), frame.money(receipt["change"], currency))
    if receipt.get("prices") == "inclusive":
        yield from _taxes(receipt)


def _costs(receipt: Mapping[str, Any]) -> Iterator[Row]:
    """What stands between the lines and the total: what is off the whole, and a tax on top of it."""
    currency, is_on_top = receipt["currency"], receipt.get("prices") == "on_top"
    if "discount" in receipt:
        yield Row(gettext("Subtotal"), frame.money(receipt["subtotal"], currency))
        words = gettext("Discount (%(reason)s)", reason=reason_word(receipt["reason"]))
        yield Row(words, frame.money(-receipt["discount"], currency))
    if is_on_top:
        yield from _taxes(receipt)


def _taxes(receipt: Mapping[str, Any]) -> Iterator[Row]:
    """What each class is taxed of ("DPP"), and the tax."""
    currency = receipt["currency"]
    for part in receipt["taxes"]:
        share = "" if part["base"] == "1" else f" ({part['base']})"
        yield Row(gettext("Tax base") + share, frame.money(part["taxed"], currency))
        words = gettext("VAT %(rate)s%% in the prices", rate=part["rate"])
        if receipt["prices"] == "on_top":
            words = gettext("VAT %(rate)s%%", rate=part["rate"])
        yield Row(words, frame.money(part["tax"], currency))


def _payment(payment: Mapping[str, Any], currency: str) -> Iterator[Row]:
    """A credit is not named: its id says nothing to the customer, what is left on it does."""
    reference = "" if "left" in payment else payment.get("reference", "")
    told = " ".join(filter(None, (method_name(payment["method"]), reference)))
    yield Row(told, frame.money(payment["amount"], currency))
    if payment.get("left"):
        yield Row(gettext("left on it: %(left)s", left=frame.money(payment["left"], currency)), weight=Weight.UNDER)
