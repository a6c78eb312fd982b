"""What the report of a shift says, line by line, on the page and on paper."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pos.shifts.report import Report, Tally
from pos.shifts.shift import Move, ShiftRow
from pos.shifts.words import move_reason
from pos.till.methods import Method
from pos.till.paying_words import method_name
from pos.till.receipt_text import ReceiptText, Row, Weight
from shared.pages import frame, words
from shared.pages.speech import gettext
from shared.settings import ShopSettings

SHOWN_OF_HASH = 16  # hex digits: enough to tell two heads apart by eye


@dataclass(frozen=True, slots=True)
class ShiftText:
    """Puts a shift into words; `names` are people's by actor, `moves` the cash that was put in and taken out.

    `is_blind`: nothing tells what the drawer must hold.
    """

    shop: ShopSettings
    names: Mapping[str, str]
    moves: Sequence[Move] = ()
    is_blind: bool = False

    def of(self, shift: ShiftRow, report: Report) -> ReceiptText:
        """The whole report: X while the shift is open, Z once it is closed."""
        title = gettext("X report, shift %(number)d") if shift.is_open else gettext("Z report, shift %(number)d")
        rows = (*self._times(shift), *self._drawer(shift, report), *self._sold(report.whole), *self._people(report))
        return ReceiptText(
            heading=(self.shop.name, *self.shop.address),
            number=title % {"number": shift.number},
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
        yield Row(gettext("Cash sales, less change"), self._money(whole.methods.get(Method.CASH, 0)))
        yield Row(gettext("Cash given back for returns"), self._money(-whole.refunds.get(Method.CASH, 0)))
        yield Row(gettext("Put in"), self._money(whole.paid_in))
        yield from self._moved(move for move in self.moves if move.amount > 0)
        yield Row(gettext("Taken out"), self._money(-whole.paid_out))
        yield from self._moved(move for move in self.moves if move.amount < 0)
        yield Row(gettext("Expected in the drawer"), self._money(report.expected), Weight.TOTAL)
        if shift.counted is not None:
            yield Row(gettext("Counted"), self._money(shift.counted))
            yield from self._pieces(shift.closing_count)
            yield Row(gettext("Difference"), self._money(shift.counted - report.expected), Weight.TOTAL)

    def _moved(self, moves: Iterable[Move]) -> Iterator[Row]:
        for move in moves:
            why = ": ".join(filter(None, (move_reason(move.reason), move.note)))
            yield Row(why, self._money(move.amount), Weight.UNDER)

    def _pieces(self, count: str) -> Iterator[Row]:
        pieces: dict[str, int] = json.loads(count) if count else {}
        for worth in sorted(map(int, pieces), reverse=True):
            many = pieces[str(worth)]
            told = f"{many} × {self._money(worth)}"  # noqa: RUF001 - a times sign is meant
            yield Row(told, self._money(worth * many), Weight.UNDER)

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
            if not (self.is_blind and method == Method.CASH):
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
            for name, told in counts:
                yield Row(name, told, Weight.UNDER)

    def _name(self, actor: str) -> str:
        return self.names.get(actor, actor)

    def _money(self, amount: int) -> str:
        return frame.money(amount, self.shop.currency)

    def _moment(self, at: int) -> str:
        """With its year: a report is kept."""
        then = words.time_of(at, self.shop.timezone)
        return f"{frame.day(then.date().isoformat())} {words.clock(then)}"


def _heads(shift: ShiftRow) -> Iterator[Row]:
    """The till's own head of the closing: who keeps the paper can tell a ledger that was written anew."""
    for line in shift.heads.splitlines():
        head = json.loads(line)
        if head["register"] == shift.register:
            yield Row(gettext("Ledger up to entry %(number)d", number=head["seq"]), weight=Weight.TOTAL)
            yield Row(head["hash"][:SHOWN_OF_HASH], weight=Weight.UNDER, is_serial=True)
