"""Receipts shown at a gate: held against what was read, vouching for what is read next, told and written down.

All of it is called from the gate's loop; the source is asked by whoever calls.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gate.asking import Seen
from gate.decision import Outcome, Policy, Reason, Verdict, Word
from gate.passages import Passages, Read
from gate.receipts import Finding, Receipts, Shown, Unit, compare, examine, news_of, worst
from gate.recorder import Recorder
from gate.replica import Belief, Replica
from gate.response import Response
from gate.status import Status
from hardware.scanner import Scan
from shared.items import SOLD, ItemState
from shared.signed_receipt import SignedReceipt

MOST_HELD = 20  # receipts of which the source's word may still come


@dataclass(slots=True)
class _Held:
    receipt: SignedReceipt
    let_go: set[int] = field(default_factory=set)


class ReceiptCheck:
    """The receipts of one gate."""

    def __init__(self, replica: Replica, response: Response, recorder: Recorder, status: Status) -> None:
        self._replica = replica
        self._response = response
        self._recorder = recorder
        self._status = status
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._told = Passages()
        self._receipts = Receipts()
        for receipt, at in recorder.receipts():
            self._receipts.remember(receipt, at)

    def begin_anew(self) -> None:
        """The database was put back: no receipt that was shown before it vouches for anything any more."""
        self._receipts.begin_anew()
        self._held.clear()

    def show(self, scan: Scan, now: float) -> Seen | None:
        """Take a receipt; gives the units that it is to be held against, as soon as the source was asked of them."""
        at = round(scan.wall * 1_000_000)
        finding, receipt = examine(scan.text, self._replica.receipt_key, self._replica.store())
        if receipt is None:
            self._tell(scan, Shown(finding), now)
            return None
        before = self._receipts.show(receipt, now, at) if finding is Finding.GENUINE else 0
        finding = Finding.SHOWN_BEFORE if before else finding
        waiting = [alarmed.belief.item for alarmed in self._response.waiting(now)]
        if finding is not Finding.GENUINE or not waiting:
            shown = Shown(finding, receipt.id, receipt.sale.number, before, len(receipt.hashes))
            self._tell(scan, shown, now)
            return None
        thing = f"receipt {receipt.id}"
        self._held[thing] = _Held(receipt)
        if len(self._held) > MOST_HELD:
            self._held.popitem(last=False)
        return Seen(scan, thing, self._replica.recall(waiting))

    def is_held(self, seen: Seen) -> bool:
        """Whether this is what `show` gave, come back with the source's word."""
        return seen.thing in self._held

    def denied(self, seen: Seen, word: Word) -> list[Belief]:
        """The units that the receipt let go, and that the source, late as it is, says are not paid."""
        held = self._held[seen.thing]
        return [
            belief
            for belief in seen.beliefs
            if word is Word.CONFIRMED and belief.item in held.let_go and belief.state not in SOLD
        ]

    def judge(self, seen: Seen, word: Word, policy: Policy, now: float) -> None:
        """Hold the receipt against what was read: let go what is on it, and say what is not."""
        held = self._held[seen.thing]
        standings = {
            belief.item: compare(held.receipt, _unit(belief), is_silent=word is Word.SILENT) for belief in seen.beliefs
        }
        if policy[Reason.RECEIPT] is not Outcome.ALARM:
            covered = [one for one in seen.beliefs if standings[one.item] is Finding.COVERED]
            self._let_go(seen.scan, held, covered, Verdict(policy[Reason.RECEIPT], Reason.RECEIPT), now)
        finding = worst(standings.values())
        asked = tuple(one.name or one.serial for one in seen.beliefs if standings[one.item] is finding)
        number = held.receipt.sale.number
        shown = Shown(finding, held.receipt.id, number, 0, len(standings), () if finding is Finding.COVERED else asked)
        self._tell(seen.scan, shown, now)

    def vouch(self, beliefs: Sequence[Belief], now: float) -> list[tuple[Belief, str] | None]:
        """For each unit, itself as a receipt knows it and the receipt's number; None where none vouches for it."""
        found = [self._receipts.vouch(_unit(belief), now) for belief in beliefs]
        return [
            vouched and (_sold(belief, vouched[1]), vouched[0].sale.number)
            for belief, vouched in zip(beliefs, found, strict=True)
        ]

    def _let_go(self, scan: Scan, held: _Held, covered: Sequence[Belief], verdict: Verdict, now: float) -> None:
        """What alarmed only because nobody could confirm it may leave; what else alarmed is for a person to say."""
        unsure = {
            alarmed.belief.item for alarmed in self._response.waiting(now) if alarmed.reason == Reason.UNCONFIRMED
        }
        leaving = [belief for belief in covered if belief.item in unsure]
        for belief in leaving:
            if belief.state is not ItemState.DEPARTED:
                self._leave(scan, held.receipt, belief, verdict)
            held.let_go.add(belief.item)
        self._response.let_go({belief.item for belief in leaving}, now, round(scan.wall * 1_000_000))

    def _leave(self, scan: Scan, receipt: SignedReceipt, belief: Belief, verdict: Verdict) -> None:
        left = _sold(belief, news_of(receipt, _unit(belief)) or belief.version)
        self._recorder.passage(scan, left, verdict, {"receipt": receipt.sale.number})
        self._replica.depart(left, self._replica.epoch)
        self._status.passed(scan, left, verdict)

    def _tell(self, scan: Scan, shown: Shown, now: float) -> None:
        """Show it at each read, and write it down once for as long as it is held up."""
        self._status.receipt(scan, shown)
        told = Verdict(Outcome.PASS, Reason.RECEIPT)
        if self._told.see(repr(shown), told, now) is Read.FIRST:
            self._recorder.receipt(scan, shown)


def _unit(belief: Belief) -> Unit:
    return Unit(belief.product, belief.serial, belief.version, belief.state in SOLD)


def _sold(belief: Belief, version: int) -> Belief:
    return replace(belief, state=ItemState.PAID, version=version)
