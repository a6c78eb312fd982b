"""The real gate with a real stream of pictures: around an alarm five of them reach the shop, and the relay is first."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.gate.running_gate import ON, RunningGate
from tests.hardware.picture_server import PictureServer
from tests.servers.program import Program
from tests.servers.waiting import wait_until
from tests.shop import WATCH, Shop


@pytest.fixture
def shop(sqlite_url: str) -> Iterator[Shop]:
    with Shop(sqlite_url) as opened:
        opened.list_products((WATCH, "Watch", "250000"))
        opened.receive(WATCH, "SN-1", "SN-2")
        yield opened


@pytest.fixture
def camera() -> Iterator[PictureServer]:
    camera = PictureServer()
    yield camera
    camera.unplug()


def test_an_alarm_is_pictured_and_a_lost_camera_is_told_and_stops_nothing(
    shop: Shop,
    camera: PictureServer,
    tmp_path: Path,
    free_port: Callable[[], int],
    start_program: Callable[..., Program],
) -> None:
    gate = RunningGate(tmp_path, shop.url, f"127.0.0.1:{free_port()}", start_program)
    gate.file.write_text(gate.file.read_text() + f'[gate.snapshots]\nsource = "{camera.url}"\n')
    gate.start()
    gate.wait_for("ok", "snapshots", "state", seconds=20)
    gate.scan("SN-1")
    gate.wait_for_frame(ON)
    wait_until(lambda: shop.count("snapshot") >= 3, "the alarm has pictures", seconds=10)
    camera.unplug()
    gate.wait_for("lost", "snapshots", "state", seconds=20)
    assert gate.part("status") == "degraded"
    gate.scan("SN-2")
    gate.wait_for_frame(ON, seconds=2)
