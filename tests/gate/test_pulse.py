"""The watchdog is fed while everything that watches goes round, and only then."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gate.pulse import AT_THE_SOURCE, BEAT_SECONDS, HANG_SECONDS, Pulse
from tests.servers.supervisor import Supervisor


@dataclass
class Round:
    """A thread that went round at `heartbeat`."""

    heartbeat: float


class Watched:
    """A pulse on a clock of the test's own, with one reader, and a replica that answers until it is damaged."""

    def __init__(self, supervisor: Supervisor) -> None:
        self.now = 1000.0
        self.reader = Round(self.now)
        self.is_damaged = False
        self.pulse = Pulse(self._ask_replica, clock=lambda: self.now)
        self.pulse.watch("scanner left", self.reader)
        self._supervisor = supervisor

    def beats(self, after: float = BEAT_SECONDS) -> bool:
        """Let time pass; whether the supervisor hears a beat then."""
        self.now += after
        self.pulse.beat()
        return list(self._supervisor.hears(0.05)) == ["WATCHDOG=1"]

    def _ask_replica(self) -> None:
        if self.is_damaged:
            raise OSError(5, "Input/output error")


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    with Supervisor(tmp_path) as supervisor:
        monkeypatch.setenv("NOTIFY_SOCKET", supervisor.environment["NOTIFY_SOCKET"])
        yield Watched(supervisor)


def test_it_beats_once_a_second_however_often_the_loop_goes_round(watched: Watched) -> None:
    assert watched.beats()
    assert [watched.beats(after=0.1) for _ in range(9)] == [False] * 9
    assert watched.beats(after=0.2)


def test_a_thread_that_hangs_ends_it_and_one_that_goes_on_brings_it_back(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    assert watched.beats(after=HANG_SECONDS)
    assert not watched.beats()
    assert not watched.beats()
    assert [record.message for record in caplog.records] == ["the watchdog is not fed: no answer from scanner left"]
    watched.reader.heartbeat = watched.now
    assert watched.beats()


def test_a_wait_for_the_source_is_no_hang(watched: Watched) -> None:
    watched.reader.heartbeat = AT_THE_SOURCE
    assert watched.beats(after=1e6)


def test_a_replica_that_cannot_be_read_ends_it(watched: Watched) -> None:
    watched.is_damaged = True
    assert not watched.beats()
