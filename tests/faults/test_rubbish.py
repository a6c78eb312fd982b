"""Frames of every kind of rubbish: no crash, no false pass, no alarm from noise, memory flat."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.gate.running_gate import ON, RunningGate
from tests.servers.program import Program
from tests.servers.waiting import wait_until
from tests.shop import WATCH, Shop

MEGABYTE = 1024 * 1024


@pytest.fixture
def shop(sqlite_url: str) -> Iterator[Shop]:
    with Shop(sqlite_url) as opened:
        opened.list_products((WATCH, "Watch", "250000"))
        opened.receive(WATCH, "SN-0001", "SN-0002")
        yield opened


def frames(count: int) -> Iterator[bytes]:
    """Noise, near misses, other people's labels, controls, and over-long lines."""
    dice = random.Random(20261122)
    kinds: list[Callable[[], bytes]] = [
        lambda: dice.randbytes(dice.randrange(1, 40)).replace(b"\r", b"x").replace(b"\n", b"y"),
        lambda: b"SN-000" + dice.randbytes(1).replace(b"\r", b"x") + b"9",
        lambda: b"LN" + bytes(dice.choices(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=13)),
        lambda: b"]C101" + bytes(dice.choices(b"0123456789", k=14)) + b"21" + dice.randbytes(8).hex().encode(),
        lambda: b"30" + dice.randbytes(11).hex().encode(),
        lambda: (
            b"https://example.org/01/"
            + bytes(dice.choices(b"0123456789", k=14))
            + b"/21/"
            + dice.randbytes(4).hex().encode()
        ),
        lambda: b"\x02\x03\x1d\x00" * dice.randrange(1, 5),
        lambda: b"X" * dice.randrange(500, 700) if dice.random() < 0.05 else b"'; DROP TABLE item; --",
        "Ünïcödé \u202e ∞".encode,
    ]
    for number in range(count):
        yield kinds[number % len(kinds)]() + b"\r"


def resident(pid: int) -> int:
    """Memory in use, bytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096


def survive(gate: RunningGate, count: int) -> None:
    gate.start()
    early = 0
    for number, frame in enumerate(frames(count)):
        gate.scanner.send(frame, timeout=20.0)
        if number == count // 5:
            early = resident(gate.program.pid)
    gate.scan("SN-0001")
    gate.wait_for_frame(ON, seconds=60.0)
    assert resident(gate.program.pid) - early < 25 * MEGABYTE


@pytest.mark.parametrize(
    "count", [pytest.param(50_000), pytest.param(1_000_000, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])]
)
def test_rubbish_is_borne_and_the_unpaid_unit_after_it_still_alarms(
    shop: Shop, tmp_path: Path, start_program: Callable[..., Program], free_port: Callable[[], int], count: int
) -> None:
    gate = RunningGate(tmp_path, shop.url, f"127.0.0.1:{free_port()}", start_program)
    survive(gate, count)
    wait_until(lambda: shop.count("alarm") == 1, "one alarm, of the unit and of nothing else")
    assert gate.frames(0.5).count(ON) == 0
    assert "Traceback" not in gate.program.output
    assert gate.program.terminate() == 0
    assert not shop.broken()
