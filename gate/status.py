"""What the gate tells of itself, to its screen and through it to `/healthz`. Kept by the loop, sent when it changes."""

import time
from collections import Counter, OrderedDict, deque
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Protocol

from gate.alarm import Alarm
from gate.confirming import TillHeard
from gate.decision import Reason, Verdict
from gate.incident_status import tell_incident, tell_waiting
from gate.incidents import Alarmed, Incident
from gate.output import Output
from gate.outward.heard import Outward, WaysOut
from gate.receipts import Shown
from gate.recorder import Recorder
from gate.replica import Belief, Replica
from gate.walk import Walk
from hardware.reader import ReaderBack, ReaderLost
from hardware.scanner import Scan
from shared.gate_settings import GateSettings
from shared.settings import ShopSettings
from shared.staff import Actor

BEAT_SECONDS = 0.5
LEAST_PAUSE = 0.1
LAST_PASSAGES = 8
REPLIES_KEPT = 20
FAULT_SHOWN_SECONDS = 10.0
COUNTED = ("pass", "check", "alarm", "ignore", "others")
OF_OTHERS = {Reason.FOREIGN, Reason.UNKNOWN}  # labels that are none of the shop's, whatever its policy is about them
LEVEL_SECONDS = 10.0  # the source is asked several times a second; one that is silent for so long does not answer


class Listener(Protocol):
    """Where the status goes: the screen, and whatever else runs beside the daemon."""

    def show(self, status: dict[str, Any]) -> None:
        """Take the newest status; never waits."""


class Status:
    """The gate's own account of itself.

    Attributes:
        is_watching: whether, when it was last sent, nothing was down without which the gate does not watch.
    """

    def __init__(
        self,
        shop: ShopSettings,
        gate: GateSettings,
        replica: Replica,
        recorder: Recorder,
        listeners: Sequence[Listener],
    ) -> None:
        self._shop = shop
        self._gate = gate
        self._replica = replica
        self._recorder = recorder
        self._listeners = listeners
        self._scanners = {str(table.get("name", "")): "lost" for table in gate.scanners}
        self._followed_at: float | None = None
        self._source_fault = "not asked yet"
        self._journal_fault = ""
        self._tills = {str(till): "not asked yet" for till in gate.tills}
        self._clock_doubt = ""
        self._closed_until = 0
        self._bypass = ("", 0.0)
        self._faults: dict[str, tuple[float, str]] = {}
        self._passages: deque[dict[str, Any]] = deque(maxlen=LAST_PASSAGES)
        self._receipt: dict[str, Any] | None = None
        self._day = ""
        self._counts: Counter[str] = Counter()
        self._walk = Walk(self._scanners, gate.walk_by, shop.timezone)
        for scanner, at in recorder.walks() if gate.walk_by else ():
            self._walk.saw(scanner, at)
        self._camera_fault = self._button_fault = "not tried yet"
        self._ways_out = WaysOut(gate.told_outside)
        self._people: list[dict[str, str]] = []
        self._replies: OrderedDict[str, str] = OrderedDict()
        self._is_new = True
        self._sent_at = 0.0
        self.is_watching = False

    def followed(self, monotonic: float) -> None:
        """The replica was level with the source."""
        self._is_new |= bool(self._source_fault)
        self._followed_at = monotonic
        self._source_fault = ""

    def source_lost(self, why: str) -> None:
        """The source does not answer."""
        self._is_new |= self._source_fault != why
        self._source_fault = why

    def scanner(self, news: ReaderLost | ReaderBack) -> None:
        """A scanner was lost or is back."""
        self._scanners[news.scanner] = "ok" if isinstance(news, ReaderBack) else "lost"
        self._is_new = True

    def till(self, news: TillHeard) -> None:
        """How a till is that may be asked."""
        self._tills[news.till] = news.why
        self._is_new = True

    def readers(self) -> dict[str, bool]:
        """Which scanners are there."""
        return {f"scanner {name}": state == "ok" for name, state in self._scanners.items()}

    def journal(self, fault: str) -> None:
        """How the journal's file is."""
        self._journal_fault = fault
        self._is_new = True

    def camera(self, fault: str) -> None:
        """How the camera that takes snapshots is."""
        self._camera_fault = fault
        self._is_new = True

    def button(self, fault: str) -> None:
        """How the button is that silences an alarm."""
        self._button_fault = fault
        self._is_new = True

    def outward(self, news: Outward) -> None:
        """How the ways outside are."""
        self._is_new |= self._ways_out.hear(news)

    def clock(self, doubt: str) -> None:
        """Why the machine's clock cannot be trusted, "" where it can."""
        self._clock_doubt = doubt
        self._is_new = True

    def closed(self, until: int) -> None:
        """Until when after-closing mode is on, in µs since 1970 UTC; 0: it is off."""
        self._closed_until = until
        self._is_new = True

    def bypassed(self, person: str, until: float) -> None:
        """This actor showed a badge that counts until then, in seconds of the gate's steady clock."""
        self._bypass = (person, until)
        self._is_new = True

    def fault(self, part: str, why: str) -> None:
        """Something went wrong that no part says itself; it is shown for a while."""
        self._faults[part] = (time.monotonic() + FAULT_SHOWN_SECONDS, why)
        self._is_new = True

    def passed(self, scan: Scan, belief: Belief | None, verdict: Verdict) -> None:
        """Something went through without an alarm."""
        self._count(verdict.outcome)
        if verdict.reason in OF_OTHERS:
            self._count("others")
        if verdict.reason is not Reason.UNREADABLE:
            self._list(belief, verdict.outcome, verdict.reason, scan.wall)

    def alarmed(self, alarmed: Alarmed) -> None:
        """An item set the gate off."""
        self._count("alarm")
        self._list(alarmed.belief, "alarm", alarmed.reason, alarmed.at / 1_000_000)

    def receipt(self, scan: Scan, shown: Shown) -> None:
        """A receipt was shown."""
        self._receipt = {**asdict(shown), "at": scan.wall, "before": shown.before / 1_000_000}
        self._is_new = True

    def walked(self, scan: Scan) -> None:
        """The label of the daily walk was read."""
        self._walk.saw(scan.scanner, round(scan.wall * 1_000_000))

    def tried(self, scan: Scan, verdict: Verdict) -> None:
        """The outputs were tried, or a badge."""
        self._list(None, verdict.outcome, verdict.reason, scan.wall)

    def know(self, people: Sequence[Actor]) -> None:
        """Who may say what an incident was."""
        self._people = [{"id": who.id, "name": who.name} for who in people]
        self._is_new = True

    def reply(self, ask: str, told: str) -> None:
        """What became of something that was asked for at the screen."""
        self._replies[ask] = told
        while len(self._replies) > REPLIES_KEPT:
            self._replies.popitem(last=False)
        self._is_new = True

    def tick(
        self, now: float, alarm: Alarm, shown: Incident | None, waiting: Sequence[Incident], *, is_armed: bool
    ) -> float:
        """Send the status if it is time; returns when it will be."""
        due = self._sent_at + (LEAST_PAUSE if self._is_new else BEAT_SECONDS)
        if now < due:
            return due
        self._is_new = False
        self._sent_at = now
        told = self._compose(now, alarm, shown, is_armed=is_armed)
        told |= {"waiting": [tell_waiting(incident, self._replica) for incident in waiting]}
        for listener in self._listeners:
            listener.show(told)
        return now + BEAT_SECONDS

    def _compose(self, now: float, alarm: Alarm, incident: Incident | None, *, is_armed: bool) -> dict[str, Any]:
        health = self._health(now, alarm, is_armed=is_armed)
        return {
            "shop": self._shop.name,
            "currency": self._shop.currency,
            "gate": self._gate.name,
            "time": time.time(),
            "armed": is_armed,
            "closed_until": self._closed_until,
            "bypass": self._bypass_told(now),
            "health": health,
            "alarm": tell_incident(incident, self._replica, alarm, now) if incident else None,
            "receipt": self._receipt,
            "passages": list(reversed(self._passages)),
            "people": self._people,
            "replies": dict(self._replies),
            "today": {name: self._counts[name] for name in COUNTED},
        }

    def _bypass_told(self, now: float) -> dict[str, Any] | None:
        person, until = self._bypass
        name = next((who["name"] for who in self._people if who["id"] == person), "")
        return {"name": name, "ends_in": round(until - now, 1)} if now < until else None

    def _health(self, now: float, alarm: Alarm, *, is_armed: bool) -> dict[str, Any]:
        scanners = {name: {"state": state} for name, state in self._scanners.items()}
        journal_fault = self._journal_fault or self._recorder.fault
        parts: dict[str, Any] = {
            "database": _part("gone", self._source_fault or self._source_silence(now)),
            "scanners": scanners,
            "tills": {till: _part("silent", why) for till, why in self._tills.items()},
            "relay": _part("lost", alarm.fault if alarm.is_lost else "") | {"on": alarm.ends_in(now) > 0},
            "outputs": {output.name: _output(output) for output in alarm.outputs},
            "clock": _part("wrong", self._clock_doubt),
            "journal": _part("failed", journal_fault) | {"waiting": self._recorder.waiting},
            "replica": self._replica_state(now),
            "walk": {"due": self._walk.missing(time.time_ns() // 1000)},
            "snapshots": _part("lost", self._camera_fault) if self._gate.snapshots else None,
            "button": _part("lost", self._button_fault) if self._gate.button else None,
            "outward": {name: _part("gone", why) for name, why in self._ways_out.whys(now).items()},
        }
        faults = {part: why for part, (until, why) in self._faults.items() if now < until}
        down = _down(parts)
        self.is_watching = not down
        is_degraded = faults or parts["walk"]["due"] or any(part["state"] != "ok" for part in _every(parts))
        status = "down" if down else ("degraded" if is_degraded else "ok")
        return {"status": status, "gate": self._gate.name, "armed": is_armed, "down": down, "faults": faults, **parts}

    def _source_silence(self, now: float) -> str:
        """Why the source counts as gone although it refused nothing: it hangs."""
        silent = now - self._followed_at if self._followed_at is not None else 0.0
        return f"the database has been silent for {silent:.0f} s" if silent > LEVEL_SECONDS else ""

    def _replica_state(self, now: float) -> dict[str, Any]:
        age = None if self._followed_at is None else round(now - self._followed_at, 3)
        if not self._replica.is_filled:
            return {"state": "empty", "age": age, "items": 0}
        return {"state": "ok", "age": age, "items": self._replica.items}

    def _list(self, belief: Belief | None, outcome: str, reason: str, wall: float) -> None:
        name, serial = (belief.name, belief.serial) if belief else ("", "")
        self._passages.append({"name": name, "serial": serial, "outcome": outcome, "reason": reason, "at": wall})
        self._is_new = True

    def _count(self, what: str) -> None:
        today = datetime.now(self._shop.timezone).date().isoformat()
        if today != self._day:
            self._day = today
            self._counts.clear()
        self._counts[what] += 1


def _part(word: str, fault: str) -> dict[str, Any]:
    return {"state": word, "why": fault} if fault else {"state": "ok"}


def _output(output: Output) -> dict[str, Any]:
    return _part("lost", output.fault) | {"role": output.role, "on": output.is_on}


def _every(parts: dict[str, Any]) -> list[dict[str, Any]]:
    """The parts of which a gate can lose one and watch on."""
    groups = [*parts["scanners"].values(), *parts["outputs"].values(), *parts["outward"].values()]
    return [part for part in (parts["database"], parts["clock"], parts["snapshots"], parts["button"], *groups) if part]


def _down(parts: dict[str, Any]) -> list[str]:
    """The parts without which the gate does not watch."""
    down = [name for name in ("relay", "journal", "replica") if parts[name]["state"] != "ok"]
    scanners = parts["scanners"].values()
    return down + (["scanners"] if all(part["state"] != "ok" for part in scanners) else [])
