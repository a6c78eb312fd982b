"""A gate put together as its program does, but stepped by hand on a clock of the test's own."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import time
from pathlib import Path
from queue import SimpleQueue
from time import time as seconds_since_1970
from typing import Any, Self

from gate.alarm import Alarm
from gate.asker import Knowing
from gate.confirming import Confirmer
from gate.daemon import Gate, News
from gate.delivery import Delivery
from gate.follower import Followed, Follower
from gate.incidents import Escalation
from gate.judging import Parts, Rules
from gate.output import Output
from gate.pattern import Role
from gate.policy import read_policy
from gate.recorder import Recorder
from gate.replica import Replica
from gate.response import Errands, Response
from gate.signing import Signing
from gate.source import Source
from gate.status import Status
from hardware.reader import ReaderBack
from hardware.relays.virtual import VirtualRelay, VirtualRelayOptions
from hardware.scanner import Scan
from shared.database import Database
from shared.gate_name import GateName
from shared.gate_settings import AlarmSettings, GateSettings
from shared.journal import Journal
from shared.scanner_ways import OUT, ScannerWays
from shared.settings import ShopSettings
from shared.source import DatabaseSource
from shared.table_reader import Address
from shared.walk_label import walk_label
from tests.servers.waiting import wait_until
from tests.shop import STORE

AT_ONCE = Escalation()


class GuardedExit:
    """One gate with one scanner, `left`, and a virtual relay."""

    def __init__(  # noqa: PLR0913 - a test names the few that it changes
        self,
        url: str,
        folder: Path,
        *,
        armed: bool = True,
        name: str = "gate-1",
        now: float = 1000.0,
        rule: Escalation = AT_ONCE,
        walk_by: time | None = None,
        ways: ScannerWays = OUT,
        source: Source | None = None,
        tills: Mapping[str, Knowing] | None = None,
        more: Sequence[Output] = (),
        policy: Mapping[str, str] | None = None,
    ) -> None:
        """`source`: what it follows, None for the database at `url` itself; `more`: outputs beside the siren.

        `tills` are asked too before an alarm.
        `wall` and `now` together are its clock, which goes right until a test moves it.
        """
        self.now = now
        self.wall = seconds_since_1970() - now
        self.name = name
        self.shown: dict[str, Any] = {}
        self.pictured: list[str] = []  # the incidents of which pictures were asked for
        self._is_closed = False
        self._database = Database(url, patience=2)
        self.source: Source = source or DatabaseSource(self._database, GateName(STORE, name))
        self.replica = Replica(folder / f"{name}.replica", name)
        self.journal = Journal(folder / f"{name}.journal", name)
        self.relay = VirtualRelay(VirtualRelayOptions(name="siren"))
        self.news: SimpleQueue[News] = SimpleQueue()
        self.follower = Follower(self.source, self.replica, self.news.put, armed=armed, policy=policy or {})
        self.delivery = Delivery(self.journal, self.source, self.news.put)
        self._confirmer = Confirmer(self.source, self.news.put, tills)
        self._confirmer.start()
        self._alarm = Alarm([Output(self.relay, Role.SIREN), *more], seconds=10.0)
        recorder = Recorder(self.journal, self.replica)
        recorder.rebuild()
        settings = replace(_settings(name, folder, armed=armed), walk_by=walk_by)
        status = Status(ShopSettings(), settings, self.replica, recorder, [self])
        self._signing = Signing(self.source, self.news.put)
        self._signing.start()
        response = Response(self._alarm, recorder, status, rule, Errands(self._signing.check, self.pictured.append))
        parts = Parts(self.replica, self._confirmer, response, recorder, status)
        rules = Rules(armed, walk_label(name), ways, read_policy(policy or {}))
        self.gate = Gate(self.news, parts, rules, clock=lambda: self.now, wall=lambda: self.wall + self.now)
        self.gate.tick()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop, as a program that ends in order; twice is fine."""
        if self._is_closed:
            return
        self._is_closed = True
        self._confirmer.stop()
        self._signing.stop()
        self._alarm.close()
        self.journal.close()
        self.replica.close()
        self._database.close()

    def show(self, status: dict[str, Any]) -> None:
        """Be the screen."""
        self.shown = status

    def sounds(self) -> bool:
        """Whether the relay is on."""
        return self.relay.state

    def follow(self) -> None:
        """Come level with the shop, and let the gate know."""
        self.gate.take(Followed(self.now, self.follower.follow(), self.follower.elsewhere()))

    def see_scanner(self) -> None:
        """Hear that the scanner is open."""
        self.gate.take(ReaderBack("left", self.now))

    def scan(self, *texts: str, scanner: str = "left") -> None:
        """Let the scanner read labels, one after the other, and the gate decide on each."""
        for text in texts:
            self.gate.take(Scan(text.encode(), text, None, scanner, self.now, self.wall + self.now))
            self.settle()

    def settle(self) -> None:
        """Let the gate hear what its threads have to say, until no question is open."""
        wait_until(self._is_settled, "the source answers")

    def _is_settled(self) -> bool:
        while not self.news.empty():
            self.gate.take(self.news.get())
        return not self.gate.is_waiting

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        end = self.now + seconds
        while self.now < end:
            self.now = min(end, max(self.gate.tick(), self.now + 0.01))
        self.gate.tick()

    def deliver(self) -> None:
        """Bring what waits into the ledger."""
        while self.delivery.step():
            pass
        self.settle()

    @contextmanager
    def cut_off(self) -> Iterator[None]:
        """Nobody answers where the source should be."""
        followed = self.source
        with Database("postgresql://nobody@127.0.0.1:1/nothing", patience=2) as nothing:
            self._follow(DatabaseSource(nothing, GateName(STORE, self.name)))
            yield
            self._follow(followed)

    @property
    def followed(self) -> Source:
        """What it follows now."""
        return self.follower._source

    def _follow(self, source: Source) -> None:
        for part in (self.follower, self.delivery, self._confirmer._askers[0], self._signing):
            part._source = source

    def journaled(self, *names: str) -> Sequence[tuple[Any, ...]]:
        """What waits in the journal, by these facts."""
        entries = self.journal.undelivered(1000)
        return [tuple(entry.facts()[name] for name in names) for entry in entries]


def _settings(name: str, folder: Path, *, armed: bool) -> GateSettings:
    tables = ({"name": "left", "kind": "virtual"},)
    listen = Address("127.0.0.1", 8081)
    return GateSettings(name, listen, False, folder / "journal", armed, tables, {"kind": "virtual"}, AlarmSettings())
