"""The real gate writes down when its scanner was there, and when it was itself started, stopped and killed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.gate.running_gate import RunningGate
from tests.servers.program import Program
from tests.servers.waiting import wait_until
from tests.shop import WATCH, Shop


@pytest.fixture
def shop(sqlite_url: str) -> Iterator[Shop]:
    with Shop(sqlite_url) as opened:
        opened.list_products((WATCH, "Watch", "250000"))
        yield opened


def words(shop: Shop) -> list[tuple[str, str, bool]]:
    """What the gate said: what, of which part, and whether it bears a time or a jump."""
    with shop.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT what, name, value FROM watch ORDER BY n").all()
    return [(what, name, bool(value)) for what, name, value in rows]


@pytest.mark.long
def test_a_gate_s_life_is_written_down(
    shop: Shop, tmp_path: Path, free_port: Callable[[], int], start_program: Callable[..., Program]
) -> None:
    gate = RunningGate(tmp_path, shop.url, f"127.0.0.1:{free_port()}", start_program)
    gate.start()
    wait_until(lambda: ("up", "scanner left", False) in words(shop), "the scanner is there", 15)
    gate.scanner.unplug()
    wait_until(lambda: ("down", "scanner left", False) in words(shop), "the scanner is lost", 15)
    gate.scanner.replug()
    wait_until(lambda: words(shop).count(("up", "scanner left", False)) == 2, "the scanner is back", 15)
    gate.program.kill()
    gate.start()
    wait_until(lambda: ("started", "", True) in words(shop), "it was killed", 15)
    assert gate.program.terminate() == 0
    gate.start()
    wait_until(lambda: words(shop).count(("started", "", False)) == 2, "it was stopped in order", 15)
    lives = [(what, was_killed) for what, name, was_killed in words(shop) if not name]
    assert lives == [("started", False), ("started", True), ("stopped", False), ("started", False)]
    assert not shop.broken()
