"""The gate's loop: bytes → text → code resolved → item's state → decision → alarm (first) → journal (second).

Everything behind the queue happens in one thread, so it needs no locks. Nothing in it waits for a disk or a network.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from queue import Empty, SimpleQueue

from gate.confirming import Answer, Confirmer
from gate.decision import DEFAULT_POLICY, Outcome, Policy, Reason, Sighting, Verdict, Word, decide
from gate.delivery import FRESH_SECONDS, JournalState, Refused
from gate.follower import Followed, PutBack, SourceLost
from gate.outward.heard import Outward
from gate.passages import Passages, Read
from gate.recorder import Recorder
from gate.replica import Belief, Replica
from gate.response import Response, Silence
from gate.signing import People, Resolve, Signed
from gate.status import Status
from gate.strays import Strays
from hardware.reader import ReaderBack, ReaderLost
from hardware.scanner import Scan
from shared import codes
from shared.codes import Reading, UnreadableTextError
from shared.items import ItemState
from shared.source import Truth

log = logging.getLogger(__name__)

CONFIRM_SECONDS = 0.150
LATE_SECONDS = 2.0  # an answer that comes this late still turns a chime into an alarm
LONGEST_WAIT = 0.5
READINGS_KEPT = 8192


@dataclass(frozen=True, slots=True)
class Stop:
    """The program ends."""


Said = Silence | Resolve | Signed | People
SourceNews = Followed | SourceLost | PutBack
News = Scan | ReaderLost | ReaderBack | Answer | SourceNews | Refused | JournalState | Outward | Said | Stop


@dataclass(frozen=True, slots=True)
class _Asked:
    """A sighting that waits for the source's word."""

    scan: Scan
    thing: str
    beliefs: list[Belief]
    deadline: float


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings and the shop decide. `armed` holds until the source has said it."""

    armed: bool = False
    walk_label: str = ""
    entrances: frozenset[str] = frozenset()  # the scanners that only what comes in passes
    policy: Policy = field(default_factory=lambda: DEFAULT_POLICY)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the loop works with; nothing of it waits for a disk or a network."""

    replica: Replica
    confirmer: Confirmer
    response: Response
    recorder: Recorder
    status: Status


class Gate:
    """One gate. `news` is where all threads put what they have; `run` takes it from there."""

    def __init__(
        self, news: "SimpleQueue[News]", parts: Parts, rules: Rules, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._news = news
        self._replica = parts.replica
        self._confirmer = parts.confirmer
        self._response = parts.response
        self._recorder = parts.recorder
        self._status = parts.status
        self._rules = rules
        self._clock = clock
        self._passages = Passages()
        self._strays = Strays()
        self._asked: dict[int, _Asked] = {}
        self._unanswered: dict[int, _Asked] = {}
        self._questions = 0
        self._is_running = True
        self._read = lru_cache(READINGS_KEPT)(_read)
        self.is_armed = self._told_armed()

    def run(self, beat: Callable[[], None]) -> None:
        """Take news until `Stop`; `beat` is called at each round, at least every `LONGEST_WAIT` seconds."""
        while self._is_running:
            due = self.tick()
            beat()
            try:
                news = self._news.get(timeout=max(0.0, due - self._clock()))
            except Empty:
                continue
            self.take(news)

    def take(self, news: News) -> None:
        """Act on one piece of news; whatever goes wrong with it, the gate goes on."""
        try:
            self._act(news)
        except Exception:
            log.exception("could not act on %r", news)
            self._status.fault("gate", f"could not act on {type(news).__name__}")

    def tick(self) -> float:
        """Do what is due; returns when to come back at the latest."""
        now = self._clock()
        due = min(now + LONGEST_WAIT, self._response.tick(now))
        for question in [question for question, asked in self._asked.items() if now >= asked.deadline]:
            self._hear(question, None)
        for question in [
            question for question, asked in self._unanswered.items() if now > asked.deadline + LATE_SECONDS
        ]:
            del self._unanswered[question]
        due = min([due, *(asked.deadline for asked in self._asked.values())])
        self._recorder.tick(now)
        return min(due, self._response.tell(now, is_armed=self.is_armed))

    def _act(self, news: News) -> None:
        match news:
            case Scan():
                self._see(news)
            case Answer():
                self._hear(news.question, news.truths)
            case Refused():
                self._catch_up(news)
            case Followed() | SourceLost() | PutBack():
                self._note_source(news)
            case ReaderLost() | ReaderBack():
                self._status.scanner(news)
            case JournalState():
                self._status.journal(news.fault)
            case Outward():
                self._status.outward(news)
            case Silence() | Resolve() | Signed() | People():
                self._response.act(news, self._clock())
            case Stop():
                self._is_running = False

    def _note_source(self, news: SourceNews) -> None:
        match news:
            case Followed():
                self._status.followed(news.monotonic)
                self.is_armed = self._told_armed() if news.changed else self.is_armed
            case SourceLost():
                self._status.source_lost(news.why)
            case PutBack():
                self._status.fault("database", "was put back to an earlier day, or changed; copied afresh")
                self._strays = Strays()  # other units may have the numbers of lost ones

    def _see(self, scan: Scan) -> None:
        if self._rules.walk_label and scan.text.endswith(self._rules.walk_label):
            self._walk(scan)
            return
        reading = self._read(scan.text)
        beliefs = self._replica.look_up(reading) if reading else []
        states = tuple(belief.state for belief in beliefs)
        is_entering = scan.scanner in self._rules.entrances
        seen = Sighting(states, reading.miss if reading else None, is_entering=is_entering)
        verdict = decide(seen, self._rules.policy)
        thing = _thing(beliefs, reading)
        if verdict.outcome is Outcome.ALARM:
            self._ask(scan, thing, beliefs)
        else:
            self._settle(scan, thing, beliefs, verdict)

    def _walk(self, scan: Scan) -> None:
        now = self._clock()
        verdict = Verdict(self._rules.policy[Reason.WALK], Reason.WALK)
        if self._passages.see(f"walk {scan.scanner}", verdict, now) is Read.FIRST:
            self._response.walk(scan, now)

    def _ask(self, scan: Scan, thing: str, beliefs: list[Belief]) -> None:
        """Only an alarm is confirmed first."""
        if any(asked.thing == thing for asked in self._asked.values()):
            return
        asked = _Asked(scan, thing, beliefs, self._clock() + CONFIRM_SECONDS)
        items = [belief.item for belief in beliefs]
        truths = self._confirmer.glance(items)
        if truths is not None:
            self._judge_by(asked, truths)
            return
        self._questions += 1
        self._asked[self._questions] = asked
        if not self._confirmer.ask(self._questions, items):
            self._hear(self._questions, None)

    def _hear(self, question: int, truths: list[Truth] | None) -> None:
        asked = self._asked.pop(question, None) or (
            self._unanswered.pop(question, None) if truths is not None else None
        )
        if asked is None:
            return
        if truths is None:
            self._unanswered[question] = asked
            self._judge(asked, asked.beliefs, Word.SILENT)
        else:
            self._judge_by(asked, truths)

    def _judge_by(self, asked: _Asked, truths: list[Truth]) -> None:
        told = {truth.item: truth for truth in truths}
        beliefs = [_corrected(belief, told.get(belief.item)) for belief in asked.beliefs]
        self._judge(asked, beliefs, Word.CONFIRMED, next((truth.till for truth in truths), ""))

    def _judge(self, asked: _Asked, beliefs: list[Belief], word: Word, till: str = "") -> None:
        verdict = decide(Sighting(tuple(belief.state for belief in beliefs), None, word), self._rules.policy)
        self._settle(asked.scan, asked.thing, beliefs, verdict, till)

    def _settle(self, scan: Scan, thing: str, beliefs: list[Belief], verdict: Verdict, till: str = "") -> None:
        now = self._clock()
        read = self._passages.see(thing, verdict, now)
        # A unit that is paid in the middle of its passage leaves all the same; after that it is read as departed.
        if read is Read.REPEAT and verdict.reason is not Reason.PAID:
            return
        if verdict.outcome is Outcome.ALARM and read is Read.FIRST and self._strays.see(thing, now):
            verdict = Verdict(self._rules.policy[Reason.STRAY], Reason.STRAY)
        if verdict.outcome is Outcome.ALARM:
            self._response.alarm(scan, beliefs[0], verdict.reason, till, now, is_armed=self.is_armed)
            return
        belief = beliefs[0] if len(beliefs) == 1 else None
        if belief or verdict.outcome is Outcome.CHECK:
            self._recorder.passage(scan, belief, verdict)
        if belief and verdict.reason is Reason.PAID:
            self._replica.depart(belief, self._replica.epoch)
        self._status.passed(scan, belief, verdict)

    def _catch_up(self, refused: Refused) -> None:
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
        self._replica.undo_depart(belief.item)
        if self._clock() - facts["monotonic"] < FRESH_SECONDS:
            scan = Scan(b"", facts["serial"], None, facts["scanner"], facts["monotonic"], facts["at"] / 1_000_000)
            self._response.alarm(scan, belief, Reason.UNPAID, "", self._clock(), is_armed=self.is_armed)

    def _told_armed(self) -> bool:
        told = self._replica.fact("armed")
        return self._rules.armed if told is None else told == "yes"


def _read(text: str) -> Reading | None:
    try:
        return codes.read(text)
    except UnreadableTextError:
        return None


def _thing(beliefs: list[Belief], reading: Reading | None) -> str:
    """What a passage is a passage of: the unit whatever code of it was read, else the text."""
    if beliefs:
        return "item " + " ".join(str(belief.item) for belief in beliefs)
    return f"text {reading.text}" if reading else "unreadable"


def _corrected(belief: Belief, truth: Truth | None) -> Belief:
    return replace(belief, state=truth.state, version=truth.version) if truth else belief
