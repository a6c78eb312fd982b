"""What a program tells its supervisor arrives, and costs nothing where there is none."""

import socket
from pathlib import Path

import pytest

from shared import supervisor
from tests.servers.supervisor import Supervisor


def test_a_supervisor_hears_each_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Supervisor(tmp_path) as listening:
        monkeypatch.setenv("NOTIFY_SOCKET", listening.environment["NOTIFY_SOCKET"])
        assert supervisor.is_there()
        supervisor.ready()
        supervisor.alive()
        supervisor.stopping()
        assert list(listening.hears(0.5)) == ["READY=1", "WATCHDOG=1", "STOPPING=1"]


def test_a_socket_without_a_file_is_reached_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Containers use them."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0lunas-test-supervisor")
        monkeypatch.setenv("NOTIFY_SOCKET", "@lunas-test-supervisor")
        supervisor.ready()
        assert listening.recv(100) == b"READY=1"


def test_with_no_supervisor_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert not supervisor.is_there()
    supervisor.ready()


def test_a_supervisor_that_is_gone_or_does_not_listen_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    supervisor.alive()
    with Supervisor(tmp_path) as deaf:
        monkeypatch.setenv("NOTIFY_SOCKET", deaf.environment["NOTIFY_SOCKET"])
        for _ in range(10_000):  # far more than the kernel queues
            supervisor.alive()
