"""The gate's loop: takes what its threads have to say, one piece of news after the other.

Everything behind the queue happens in one thread, so it needs no locks. Nothing in it waits for a disk or a network.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from gate.button import ButtonState
from gate.closing import Closing
from gate.confirming import Answer, TillHeard
from gate.delivery import JournalState, Refused
from gate.follower import Followed, PutBack, SourceLost
from gate.judging import Judge, Parts, Rules
from gate.leaves import Leaves
from gate.outward.heard import Outward
from gate.response import SendToTill, Silence, TryOutputs
from gate.signing import Close, People, Resolve, Signed
from gate.snapshots import CameraState
from gate.wall_clock import WallClock
from hardware.reader import ReaderBack, ReaderLost
from hardware.scanner import Scan

log = logging.getLogger(__name__)

LONGEST_WAIT = 0.5


@dataclass(frozen=True, slots=True)
class Stop:
    """The program ends."""


Said = Silence | SendToTill | TryOutputs | Resolve | Close | Signed | People
SourceNews = Followed | SourceLost | PutBack
PartNews = ReaderLost | ReaderBack | TillHeard | JournalState | CameraState | ButtonState | Outward
News = Scan | Answer | PartNews | SourceNews | Refused | Said | Stop


class Gate:
    """One gate. `news` is where all threads put what they have; `run` takes it from there."""

    def __init__(
        self,
        news: "SimpleQueue[News]",
        parts: Parts,
        rules: Rules,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._news = news
        self._replica = parts.replica
        self._response = parts.response
        self._recorder = parts.recorder
        self._status = parts.status
        self._clock = clock
        self._wall = wall
        self._wall_clock = WallClock()
        self._wall_clock.happened(parts.replica.newest())
        self._doubt = ""
        self._closing = Closing(parts.replica, parts.recorder, parts.status, self._wall_clock)
        self._closed_until = 0
        self._judge = Judge(parts, rules, Leaves(parts.replica, self._wall_clock), clock)
        self._is_running = True

    @property
    def is_waiting(self) -> bool:
        """Whether the source has been asked about something and has not answered yet."""
        return self._judge.is_waiting

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
        self._look_at_the_clock(now)
        self._look_at_closing()
        due = min(now + LONGEST_WAIT, self._judge.tick(now), self._response.tick(now))
        self._recorder.tick(now)
        return min(due, self._response.tell(now, is_armed=self._judge.is_armed))

    def _look_at_the_clock(self, now: float) -> None:
        """Exit permits and after-closing mode go by it; where it cannot be trusted, the screen says why."""
        wall = self._wall()
        self._wall_clock.happened(self._recorder.newest)
        moved, doubt = self._wall_clock.jump(wall, now), self._wall_clock.doubt(wall)
        if moved:
            log.warning("the clock was moved by %.0f s", moved)
        if doubt != self._doubt:
            log.warning("%s", doubt or "the clock can be trusted again")
            self._doubt = doubt
            self._status.clock(doubt)

    def _look_at_closing(self) -> None:
        until = self._closing.until(self._wall())
        if until != self._closed_until:
            self._closed_until = until
            self._judge.close(is_after_closing=until > 0)
            self._response.is_after_closing = until > 0
            self._status.closed(until)

    def _act(self, news: News) -> None:
        match news:
            case Scan():
                self._judge.see(news)
            case Answer():
                self._judge.hear(news)
            case Refused():
                self._judge.catch_up(news)
            case Followed() | SourceLost() | PutBack():
                self._note_source(news)
            case ReaderLost() | ReaderBack() | TillHeard() | JournalState() | CameraState() | ButtonState() | Outward():
                self._note_part(news)
            case Signed(request=Close() as close):
                self._closing.signed(close, news.by)
            case Silence() | SendToTill() | TryOutputs() | Resolve() | Close() | Signed() | People():
                self._response.act(news, self._clock())
            case Stop():
                self._is_running = False

    def _note_part(self, news: PartNews) -> None:
        match news:
            case ReaderLost() | ReaderBack():
                self._status.scanner(news)
            case TillHeard():
                self._status.till(news)
            case JournalState():
                self._status.journal(news.fault)
            case CameraState():
                self._status.camera(news.fault)
            case ButtonState():
                self._status.button(news.fault)
            case Outward():
                self._status.outward(news)

    def _note_source(self, news: SourceNews) -> None:
        match news:
            case Followed():
                self._status.followed(news.monotonic)
                self._judge.hear_elsewhere(news.elsewhere)
                if news.changed:
                    self._wall_clock.happened(self._replica.newest())
                    self._judge.learn()
                    self._closing.learn()
            case SourceLost():
                self._status.source_lost(news.why)
            case PutBack():
                self._status.fault("database", "was put back to an earlier day, or changed; copied afresh")
                self._judge.begin_anew()
