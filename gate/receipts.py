"""What a receipt that is shown at the gate says, and what it vouches for. Pure: time is passed in.

A receipt is news of a sale, no more: it vouches for a unit as long as the gate has heard of nothing later about it, and
never against the source's own word. It vouches for a minute, on the visit on which it is first shown.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from shared import signed_receipt
from shared.signed_receipt import DamagedReceiptError, KeyState, ReceiptKey, SignedReceipt

VOUCHES_SECONDS = 60.0  # for what is read after it
VISIT_SECONDS = 300.0  # shown again within this, it is the same person still
MOST_KEPT = 10_000  # receipts remembered; the oldest are forgotten first
MOST_CHANGES = 16  # of a unit, between what the gate knows and the sale


class Finding(StrEnum):
    """What there is to say of a receipt, for programs, people and the ledger."""

    GENUINE = "genuine"  # and nothing that was read waits for it
    COVERED = "covered"  # all that was read is on it
    NOT_ON_IT = "not_on_it"  # something that was read is not
    UNPAID = "unpaid"  # what was read is on it, but is known not to be paid any more
    SHOWN_BEFORE = "shown_before"
    OLD_KEY = "old_key"
    UNKNOWN_KEY = "unknown_key"
    OTHER_STORE = "other_store"
    DAMAGED = "damaged"  # or never the shop's


@dataclass(frozen=True, slots=True)
class Shown:
    """A receipt that was shown, in short: its `id` and `number` where it is genuine, "" where it is not.

    `before` is wall time in µs, 0 for never. `units` is how many it was held against, or without any how many are on
    it; `asked` are the names of those that a person has to ask about.
    """

    finding: Finding
    id: str = ""
    number: str = ""
    before: int = 0
    units: int = 0
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as the gate or the source knows it; `product` None: the gate knows nothing of it."""

    product: int | None
    serial: str
    version: int
    is_paid: bool


@dataclass(slots=True)
class _Showing:
    receipt: SignedReceipt | None  # None: it vouches for nothing any more
    last: float
    at: int
    before: int = 0  # wall time in µs of the visit before


class Receipts:
    """The receipts that one gate was shown."""

    def __init__(self) -> None:
        self._shown: OrderedDict[str, _Showing] = OrderedDict()

    def remember(self, receipt: str, at: int) -> None:
        """At start: this receipt, by its id, was shown at `at`, wall time in µs."""
        self._keep(receipt, _Showing(None, float("-inf"), at))

    def show(self, receipt: SignedReceipt, now: float, at: int) -> int:
        """Note that a genuine receipt is shown; gives the wall time of the visit before on which it was, 0 for none."""
        known = self._shown.pop(receipt.id, None)
        if known is None:
            showing = _Showing(receipt, now, at)
        elif now - known.last <= VISIT_SECONDS:
            showing = _Showing(receipt, now, known.at, known.before)
        else:
            showing = _Showing(receipt, now, at, known.at)
        self._keep(receipt.id, showing)
        return showing.before

    def begin_anew(self) -> None:
        """The database was put back: what it has forgotten, no receipt of before brings back."""
        for showing in self._shown.values():
            showing.receipt = None

    def vouch(self, unit: Unit, now: float) -> tuple[SignedReceipt, int] | None:
        """The receipt that vouches for this unit, and the version that its sale gave the unit."""
        for showing in reversed(self._shown.values()):
            if now - showing.last > VOUCHES_SECONDS:
                return None
            version = news_of(showing.receipt, unit) if showing.receipt and not showing.before else None
            if showing.receipt and version:
                return showing.receipt, version
        return None

    def _keep(self, receipt: str, showing: _Showing) -> None:
        self._shown[receipt] = showing
        if len(self._shown) > MOST_KEPT:
            self._shown.popitem(last=False)


def examine(
    text: str, find_key: Callable[[str], ReceiptKey | None], store: str
) -> tuple[Finding, SignedReceipt | None]:
    """What there is to say of a text by itself; the receipt comes with it where a key that is known here signed it.

    `store` is "" where the gate does not know its own.
    """
    try:
        receipt = signed_receipt.read(text)
    except DamagedReceiptError:
        return Finding.DAMAGED, None
    if store and receipt.sale.store != store:
        return Finding.OTHER_STORE, None
    key = find_key(receipt.key)
    if key is None:
        return Finding.UNKNOWN_KEY, None
    if not receipt.is_signed_with(key.public):
        return Finding.DAMAGED, None
    return Finding.OLD_KEY if key.state is KeyState.RETIRED else Finding.GENUINE, receipt


def compare(receipt: SignedReceipt, unit: Unit, *, is_silent: bool) -> Finding:
    """How a unit that was read stands to a receipt; `is_silent`: the source said nothing about it."""
    if _version(receipt, unit, unit.version - MOST_CHANGES) is None:
        return Finding.NOT_ON_IT
    return Finding.COVERED if unit.is_paid or (is_silent and news_of(receipt, unit)) else Finding.UNPAID


def worst(findings: Iterable[Finding]) -> Finding:
    """What to say of several units: the first of them that a person has to ask about; nothing waits for no units."""
    found = set(findings)
    order = (Finding.UNPAID, Finding.NOT_ON_IT, Finding.COVERED)
    return next((finding for finding in order if finding in found), Finding.GENUINE)


def news_of(receipt: SignedReceipt, unit: Unit) -> int | None:
    """The version that the sale gave the unit, if the gate has heard of nothing later."""
    return _version(receipt, unit, unit.version + 1)


def _version(receipt: SignedReceipt, unit: Unit, since: int) -> int | None:
    if unit.product is None:
        return None
    return receipt.sold_as(unit.product, unit.serial, range(max(1, since), unit.version + MOST_CHANGES + 1))
