"""What the report of a shift says, line by line, on the page and on paper."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pos.shifts.report import CASH, Report, Tally
from pos.shifts.shift import ShiftRow
from pos.till.paying_words import method_name
from pos.till.receipt_text import ReceiptText, Row, Weight
from shared.pages import frame
from shared.pages.speech import gettext
from shared.settings import ShopSettings

SHOWN_OF_HASH = 16  # hex digits: enough to tell two heads apart by eye


@dataclass(frozen=True, slots=True)
class ShiftText:
    """Puts a shift into words; `names` are people's by actor. `is_blind`: nothing tells what the drawer must hold."""

    shop: ShopSettings
    names: Mapping[str, str]
    is_blind: bool = False

    def of(self, shift: ShiftRow, report: Report) -> ReceiptText:
        """The whole report: X while the shift is open, Z once it is closed."""
        words = gettext("X report, shift %(number)d") if shift.is_open else gettext("Z report, shift %(number)d")
        rows = (*self._times(shift), *self._drawer(shift, report), *self._sold(report.whole), *self._people(report))
        return ReceiptText(
            heading=(self.shop.name, *self.shop.address),
            number=words % {"number": shift.number},
            when=shift.register,
            rows=(*rows, *_heads(shift)),
            thanks="",
            copy="",
        )

    def _times(self, shift: ShiftRow) -> Iterator[Row]:
        yield Row(gettext("Opened at"), self._moment(shift.opened_at))
        yield Row(self._name(shift.opened_by), weight=Weight.UNDER)
        if shift.closed_at is not None:
            yield Row(gettext("Closed at"), self._moment(shift.closed_at))
            yield Row(self._name(shift.closed_by), weight=Weight.UNDER)

    def _drawer(self, shift: ShiftRow, report: Report) -> Iterator[Row]:
        if self.is_blind:
            return
        whole = report.whole
        yield Row(gettext("Cash at the start"), self._money(report.opening), Weight.TOTAL)
        parts = (
            (gettext("Cash sales, less change"), whole.methods.get(CASH, 0)),
            (gettext("Cash given back for returns"), -whole.refunds.get(CASH, 0)),
            (gettext("Put in"), whole.paid_in),
            (gettext("Taken out"), -whole.paid_out),
        )
        for words, amount in parts:
            yield Row(words, self._money(amount))
        yield Row(gettext("Expected in the drawer"), self._money(report.expected), Weight.TOTAL)
        if shift.counted is not None:
            yield Row(gettext("Counted"), self._money(shift.counted))
            yield Row(gettext("Difference"), self._money(shift.counted - report.expected), Weight.TOTAL)

    def _sold(self, whole: Tally) -> Iterator[Row]:
        yield Row(gettext("Sales"), str(whole.sales), Weight.TOTAL)
        if not self.is_blind:
            yield Row(gettext("Total"), self._money(whole.total))
        yield from self._methods(whole.methods, Weight.PLAIN)
        if whole.rounding and not self.is_blind:
            yield Row(gettext("Rounded for cash"), self._money(whole.rounding))
        for name, tax in whole.taxes.items():
            tax_class, _, rate = name.rpartition(" ")
            yield Row(gettext("VAT %(rate)s%%", rate=rate) + f" ({tax_class})", self._money(tax))
        yield Row(gettext("Discounts"), self._money(whole.discounts))
        yield Row(gettext("Returns"), str(whole.returns))
        if whole.returns:
            yield Row(gettext("Worth"), self._money(whole.returned), Weight.UNDER)
            yield Row(gettext("Tax in it"), self._money(whole.returned_tax), Weight.UNDER)
            yield from self._methods(whole.refunds, Weight.UNDER)
        yield Row(gettext("Lines of undone sales"), str(whole.voids))
        yield Row(gettext("Payments given back"), str(whole.given_back))
        yield Row(gettext("Drawer opened without a sale"), str(whole.drawer))

    def _methods(self, amounts: Mapping[str, int], weight: Weight) -> Iterator[Row]:
        for method, amount in amounts.items():
            if not (self.is_blind and method == CASH):
                yield Row(method_name(method), self._money(amount), weight)

    def _people(self, report: Report) -> Iterator[Row]:
        for actor, tally in report.people.items():
            amount = "" if self.is_blind else self._money(tally.total)
            yield Row(self._name(actor), amount, Weight.TOTAL)
            counts = (
                (gettext("Sales"), str(tally.sales)),
                (gettext("Discounts"), self._money(tally.discounts)),
                (gettext("Returns"), str(tally.returns)),
                (gettext("Drawer opened without a sale"), str(tally.drawer)),
            )
            for words, told in counts:
                yield Row(words, told, Weight.UNDER)

    def _name(self, actor: str) -> str:
        return self.names.get(actor, actor)

    def _money(self, amount: int) -> str:
        return frame.money(amount, self.shop.currency)

    def _moment(self, at: int) -> str:
        return frame.moment(at, self.shop.timezone)


def _heads(shift: ShiftRow) -> Iterator[Row]:
    """The till's own head of the closing: who keeps the paper can tell a ledger that was written anew."""
    for line in shift.heads.splitlines():
        head = json.loads(line)
        if head["register"] == shift.register:
            yield Row(gettext("Ledger up to entry %(number)d", number=head["seq"]), weight=Weight.TOTAL)
            yield Row(head["hash"][:SHOWN_OF_HASH], weight=Weight.UNDER, is_serial=True)
