"""What happens once something set off the gate: the relay first, then the record; and what people answer."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from gate.alarm import Alarm
from gate.decision import Outcome, Reason, Verdict
from gate.incidents import Alarmed, Escalation, Incident, Incidents, LastTill
from gate.pattern import Level
from gate.recorder import Recorder
from gate.replica import Belief
from gate.signing import Close, People, Resolve, Signed
from gate.status import Status
from hardware.scanner import Scan
from shared.facts import Fact


@dataclass(frozen=True, slots=True)
class Silence:
    """Somebody at the gate asks for quiet; `at` is wall time in µs."""

    at: int


@dataclass(frozen=True, slots=True)
class SendToTill:
    """Somebody at the gate sends what an incident holds to the till, to be paid; `at` is wall time in µs."""

    incident: str
    at: int


@dataclass(frozen=True, slots=True)
class TryOutputs:
    """Somebody at the screen tries the outputs; `at` is wall time in µs."""

    at: int


@dataclass(frozen=True, slots=True)
class Errands:
    """What threads of their own do for it: check a signature, keep pictures of what is around an incident now."""

    check: Callable[[Resolve | Close], None]
    picture: Callable[[str], None]


class Response:
    """The alarm of one gate and its incidents, for the loop.

    `is_after_closing`: then the siren is not waited for.
    """

    def __init__(self, alarm: Alarm, recorder: Recorder, status: Status, rule: Escalation, errands: Errands) -> None:
        self._alarm = alarm
        self._recorder = recorder
        self._status = status
        self._errands = errands
        self._pictured: Incident | None = None
        self._incidents = Incidents()
        self._loud: Incident | None = None  # the incident that has its siren already
        self._rules = {False: rule, True: replace(rule, at_once=True, quiet_over=0)}
        self.is_after_closing = False

    def alarm(self, scan: Scan, belief: Belief, reason: Reason, till: LastTill, now: float, *, is_armed: bool) -> None:
        """An item set off the gate, or would have in trial."""
        alarmed = Alarmed(belief, reason, scan.scanner, till, round(scan.wall * 1_000_000))
        incident = self._incidents.alarmed(alarmed, now, is_trial=not is_armed)
        has_sounded = is_armed and self._sound(incident, now)
        self._recorder.alarm(incident, alarmed, has_sounded=has_sounded)
        self._status.alarmed(alarmed)
        if is_armed and incident is not self._pictured:
            self._pictured = incident
            self._errands.picture(incident.id)

    def waiting(self, now: float) -> list[Alarmed]:
        """What a receipt is held against: the items of the incident that is under way."""
        incident = self._incidents.under_way(now)
        return list(incident.units.values()) if incident else []

    def let_go(self, items: Collection[int], now: float, at: int) -> None:
        """These items are on a receipt; an incident of nothing else is over. `at` is wall time in µs."""
        incident = self._incidents.under_way(now)
        if incident is None or not self._incidents.let_go(incident, items):
            return
        if not incident.is_trial:
            self._recorder.resolved(Resolve("", incident.id, Fact.ON_RECEIPT, "", "", "", at), "")
        self._alarm.silence(now)

    def walk(self, scan: Scan, now: float) -> None:
        """Somebody carries the gate's own label by."""
        self._try_outputs(scan, Reason.WALK, now)
        self._status.walked(scan)

    def act(self, said: Silence | SendToTill | TryOutputs | Resolve | Close | Signed | People, now: float) -> None:
        """Do what somebody at the screen said, or what became of it."""
        match said:
            case Silence():
                self._silence(said.at, now)
            case SendToTill():
                self._send_to_till(said, now)
            case TryOutputs():
                self._try_outputs(Scan(b"", "", None, "screen", now, said.at / 1_000_000), Reason.TEST, now)
            case Resolve() | Close():
                self._errands.check(said)
            case Signed(request=Resolve() as resolve):
                self._resolve(resolve, said.by, now)
            case People():
                self._status.know(said.people)

    def tick(self, now: float) -> float:
        """Do what is due: a chime that nobody answers becomes a siren. Returns when to come back at the latest."""
        incident = self._incidents.shown(now)
        if incident and not incident.is_trial and incident is not self._loud:
            siren_at = incident.siren_at(self._rules[self.is_after_closing])
            if now < siren_at:
                return min(self._alarm.tick(now), siren_at)
            self._sound(incident, now)
        return self._alarm.tick(now)

    def tell(self, now: float, *, is_armed: bool) -> float:
        """Send the status if it is time; returns when it will be."""
        shown, waiting = self._incidents.shown(now), self._incidents.waiting()
        if not self._recorder.waiting:
            for incident in waiting:
                incident.told |= incident.sent
        due = self._status.tick(now, self._alarm, shown, waiting, is_armed=is_armed)
        self._alarm.watch(now, is_watching=self._status.is_watching)
        return due

    def _sound(self, incident: Incident, now: float) -> bool:
        level = self._level(incident, now)
        self._loud = incident if level is Level.SIREN else None
        incident.is_quiet = level is Level.QUIET
        return self._alarm.sound(now, level)

    def _level(self, incident: Incident, now: float) -> Level:
        rule = self._rules[self.is_after_closing]
        if now >= incident.siren_at(rule):
            return Level.SIREN
        return Level.QUIET if incident.begins_quietly(rule) else Level.CHIME

    def _try_outputs(self, scan: Scan, reason: Reason, now: float) -> None:
        """A short sound of all of them, in trial too, proves them; one that does not answer wants a look."""
        has_sounded = self._alarm.sound(now, Level.TEST) and not self._alarm.fault
        verdict = Verdict(Outcome.PASS if has_sounded else Outcome.CHECK, reason)
        self._recorder.passage(scan, None, verdict)
        self._status.tried(scan, verdict)

    def _silence(self, at: int, now: float) -> None:
        self._alarm.silence(now)
        for incident in self._incidents.silence():
            self._recorder.silenced(incident.id, at)

    def _send_to_till(self, said: SendToTill, now: float) -> None:
        """Each unit once, however often somebody presses. The incident still waits to be told what it was."""
        incident = self._incidents.find(said.incident)
        unsent = incident.unsent() if incident else []
        if incident and unsent:
            self._silence(said.at, now)
            self._recorder.sent(incident.id, [alarmed.belief for alarmed in unsent], said.at)
            incident.sent |= {alarmed.belief.item for alarmed in unsent}

    def _resolve(self, resolve: Resolve, by: str | None, now: float) -> None:
        """Whoever says what it was answers it too."""
        if by is None:
            self._status.reply(resolve.ask, "wrong_pin")
        elif not self._incidents.resolve(resolve.incident):
            self._status.reply(resolve.ask, "not_waiting")
        else:
            self._recorder.resolved(resolve, by)
            self._status.reply(resolve.ask, "resolved" if by else "unsigned")
            if self._incidents.shown(now) is None:
                self._alarm.silence(now)
