"""From a scan to what happens: code resolved → unit's state → decision → alarm (first) → journal (second).

All of it is called from the gate's loop. Nothing in it waits for a disk or a network.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from gate.asking import Asking, Seen
from gate.bypass import Bypass
from gate.closing import after_closing
from gate.confirming import Answer, Confirmer
from gate.decision import DEFAULT_POLICY, Outcome, Policy, Reason, Sighting, Verdict, Word, decide
from gate.delivery import FRESH_SECONDS, Refused
from gate.elsewhere import Elsewhere, Passed
from gate.incidents import NO_TILL, LastTill
from gate.lanes import WAIT_SECONDS, Lanes, Way
from gate.leaves import Leaves
from gate.passages import Passages, Read
from gate.receipt_check import ReceiptCheck
from gate.recorder import Recorder
from gate.replica import Belief, Replica
from gate.response import Response
from gate.status import Status
from gate.strays import Strays
from hardware.scanner import Scan
from shared import codes
from shared.badge import badge_id
from shared.codes import Reading, UnreadableTextError
from shared.gate_policy import LEFT_AS_SOLD
from shared.items import ItemState
from shared.scanner_ways import OUT, ScannerWays
from shared.signed_receipt import begins_like_one

READINGS_KEPT = 8192


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings decide. `armed` holds until the source has said it; `policy` has the rows that they name."""

    armed: bool = False
    walk_label: str = ""
    ways: ScannerWays = OUT
    policy: Policy = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the loop works with; nothing of it waits for a disk or a network."""

    replica: Replica
    confirmer: Confirmer
    response: Response
    recorder: Recorder
    status: Status


class Judge:
    """Decides on each scan of one gate, and sees to what follows from it."""

    def __init__(self, parts: Parts, rules: Rules, leaves: Leaves, clock: Callable[[], float]) -> None:
        self._replica = parts.replica
        self._response = parts.response
        self._recorder = parts.recorder
        self._status = parts.status
        self._rules = rules
        self._leaves = leaves
        self._clock = clock
        self._asking = Asking(parts.confirmer, self._judge, clock)
        self._lanes = Lanes(rules.ways.ends)
        self._unsure: dict[str, tuple[Seen, float]] = {}
        self._passages = Passages()
        self._strays = Strays()
        self._elsewhere = Elsewhere()
        self._bypass = Bypass()
        self._receipts = ReceiptCheck(parts.replica, parts.response, parts.recorder, parts.status)
        self._read = lru_cache(READINGS_KEPT)(_read)
        self.is_armed = rules.armed
        self._is_after_closing = False
        self.learn()

    @property
    def is_waiting(self) -> bool:
        """Whether the source has been asked and has not answered yet."""
        return self._asking.is_open

    def learn(self) -> None:
        """The replica is level with the source: take over what the shop has decided."""
        told = self._replica.fact("armed")
        self.is_armed = self._rules.armed if told is None else told == "yes"
        self._shops_policy = {**DEFAULT_POLICY, **self._rules.policy, **self._replica.policy()}
        self.close(is_after_closing=self._is_after_closing)

    def close(self, *, is_after_closing: bool) -> None:
        """Go by the policy of the day, or of after closing."""
        self._is_after_closing = is_after_closing
        self._policy = after_closing(self._shops_policy) if is_after_closing else self._shops_policy

    def begin_anew(self) -> None:
        """The database was put back: other units may have the numbers of lost ones."""
        self._strays = Strays()
        self._elsewhere = Elsewhere()
        self._receipts.begin_anew()

    def tick(self, now: float) -> float:
        """Do what is due; returns when to come back at the latest."""
        for thing in [thing for thing, (_, due) in self._unsure.items() if now >= due]:
            self._lanes.waited(thing)
            self._decide(replace(self._unsure.pop(thing)[0], way=Way.LEAVING))
        return min([self._asking.tick(now), *(due for _, due in self._unsure.values())])

    def see(self, scan: Scan) -> None:
        """Decide on what a scanner read."""
        if self._rules.walk_label and scan.text.endswith(self._rules.walk_label):
            self._walk(scan)
            return
        if badge := badge_id(scan.text):
            self._show_badge(scan, badge)
            return
        if begins_like_one(scan.text):
            held = self._receipts.show(scan, self._clock())
            if held:
                self._asking.ask(held)
            return
        seen = self._resolved(scan, self._read(scan.text))
        if seen.way is Way.UNSURE:
            self._unsure.setdefault(seen.thing, (seen, self._clock() + WAIT_SECONDS))
        else:
            self._unsure.pop(seen.thing, None)
            self._decide(seen)

    def _decide(self, seen: Seen) -> None:
        verdict = self._verdict(seen, Word.NOT_ASKED)
        if verdict.outcome is Outcome.ALARM:
            self._asking.ask(seen)  # only an alarm is confirmed first
        else:
            self._settle(seen, verdict)

    def hear(self, answer: Answer) -> None:
        """The source has said something, or nothing."""
        self._asking.hear(answer.question, answer.truths)

    def hear_elsewhere(self, news: Iterable[Passed]) -> None:
        """The replica is level with the source, and other gates saw this."""
        self._elsewhere.hear(news, self._clock())

    def catch_up(self, refused: Refused) -> None:
        """A passage was let through, and the ledger says that the unit is not paid: alarm while it is fresh."""
        facts = refused.facts
        belief = Belief(
            facts["item"],
            ItemState.IN_STOCK,
            facts["version"],
            facts["serial"],
            facts["name"],
            facts["price"],
            facts["product"],
        )
        if self._clock() - facts["monotonic"] < FRESH_SECONDS:
            scan = Scan(b"", facts["serial"], None, facts["scanner"], facts["monotonic"], facts["at"] / 1_000_000)
            self._raise_late(scan, belief)
        else:
            self._replica.undo_depart(belief.item)

    def _raise_late(self, scan: Scan, belief: Belief, till: LastTill = NO_TILL) -> None:
        """A unit was let through, and should not have been."""
        self._replica.undo_depart(belief.item)
        self._response.alarm(scan, belief, Reason.UNPAID, till, self._clock(), is_armed=self.is_armed)

    def _walk(self, scan: Scan) -> None:
        now = self._clock()
        verdict = Verdict(self._policy[Reason.WALK], Reason.WALK)
        if self._passages.see(f"walk {scan.scanner}", verdict, now) is Read.FIRST:
            self._response.walk(scan, now)

    def _show_badge(self, scan: Scan, badge: str) -> None:
        """Let its holder carry things out for a while; one that does not count is told and written down too."""
        now = self._clock()
        carrier = self._leaves.carrier(badge, scan.wall)
        if carrier:
            self._status.bypassed(carrier.person, self._bypass.begin(carrier, now))
        verdict = Verdict(Outcome.PASS if carrier else Outcome.CHECK, Reason.BYPASS)
        if self._passages.see(f"badge {badge}", verdict, now) is Read.FIRST:
            self._recorder.passage(scan, None, verdict, carrier.facts if carrier else {"badge": badge})
            self._status.tried(scan, verdict)

    def _resolved(self, scan: Scan, reading: Reading | None) -> Seen:
        """What a passage is of: the unit whatever code of it was read, else the text. Only units have a way."""
        beliefs = self._replica.look_up(reading) if reading else []
        if not beliefs:
            thing = f"text {reading.text}" if reading else "unreadable"
            return Seen(scan, thing, beliefs, reading.miss if reading else None)
        thing = "item " + " ".join(str(belief.item) for belief in beliefs)
        if scan.scanner in self._rules.ways.entrances:
            return Seen(scan, thing, beliefs, way=Way.ENTERING)
        return Seen(scan, thing, beliefs, way=self._lanes.see(thing, scan.scanner, self._clock()))

    def _judge(self, seen: Seen, word: Word, till: LastTill) -> None:
        """Decide again, by what the source said."""
        if self._receipts.is_held(seen):
            self._judge_receipt(seen, word, till)
            return
        vouched = self._receipts.vouch(seen.beliefs, self._clock()) if word is Word.SILENT else []
        verdict = self._verdict(seen, word, vouched=tuple(map(bool, vouched)))
        if verdict.reason is Reason.RECEIPT and len(vouched) == 1 and vouched[0]:
            sold, number = vouched[0]
            seen = replace(seen, beliefs=[sold], receipt=number)
        if word is Word.CONFIRMED and verdict.reason is Reason.UNPAID:
            self._replica.undo_depart(seen.beliefs[0].item)  # a receipt may have let it go before the source spoke
        self._settle(seen, verdict, till)

    def _judge_receipt(self, seen: Seen, word: Word, till: LastTill) -> None:
        """Say what the receipt is worth, by what the source said of the units that it was held against."""
        for denied in self._receipts.denied(seen, word):
            self._raise_late(seen.scan, denied, till)
        self._receipts.judge(seen, word, self._policy, self._clock())

    def _verdict(self, seen: Seen, word: Word, vouched: tuple[bool, ...] = ()) -> Verdict:
        sighting = Sighting(
            states=tuple(belief.state for belief in seen.beliefs),
            miss=seen.miss,
            word=word,
            is_entering=seen.way is Way.ENTERING,
            has_left=seen.way is Way.TWICE or self._has_just_left(seen),
            leaves=tuple(self._leaves.of(belief, seen.scan.wall)[0] for belief in seen.beliefs),
            vouched=vouched,
            is_bypassed=self._bypass.carrier(self._clock()) is not None,
        )
        return decide(sighting, self._policy)

    def _has_just_left(self, seen: Seen) -> bool:
        return len(seen.beliefs) == 1 and self._elsewhere.has_just_left(seen.beliefs[0].item, self._clock())

    def _settle(self, seen: Seen, verdict: Verdict, till: LastTill = NO_TILL) -> None:
        now = self._clock()
        read = self._passages.see(seen.thing, verdict, now)
        # A unit that is paid in the middle of its passage leaves all the same; after that it is read as departed.
        if read is Read.REPEAT and verdict.reason not in LEFT_AS_SOLD:
            return
        if verdict.outcome is Outcome.ALARM and read is Read.FIRST and self._strays.see(seen.thing, now):
            verdict = Verdict(self._policy[Reason.STRAY], Reason.STRAY)
        if verdict.outcome is Outcome.ALARM:
            self._response.alarm(seen.scan, seen.beliefs[0], verdict.reason, till, now, is_armed=self.is_armed)
            return
        belief = seen.beliefs[0] if len(seen.beliefs) == 1 or verdict.reason is Reason.BYPASS else None
        if belief and verdict.reason is Reason.ENTERED:
            self._elsewhere.came_in(belief.item)
        if belief or verdict.outcome is Outcome.CHECK:
            self._recorder.passage(seen.scan, belief, verdict, self._let_out(seen, verdict))
        if belief and verdict.reason in LEFT_AS_SOLD:
            self._replica.depart(belief, self._replica.epoch)
        self._status.passed(seen.scan, belief, verdict)

    def _let_out(self, seen: Seen, verdict: Verdict) -> Mapping[str, str]:
        """What or who lets it out, by the names of the journal: what is in transit needs nothing."""
        if verdict.reason is Reason.PERMIT and len(seen.beliefs) == 1:
            return {"permit": self._leaves.of(seen.beliefs[0], seen.scan.wall)[1]}
        carrier = self._bypass.carrier(self._clock()) if verdict.reason is Reason.BYPASS else None
        return carrier.facts if carrier else {"receipt": seen.receipt}


def _read(text: str) -> Reading | None:
    try:
        return codes.read(text)
    except UnreadableTextError:
        return None
