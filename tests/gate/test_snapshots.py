"""Pictures around an alarm: asked for once an incident, brought to the source, and kept by nobody for too long."""

import time
from pathlib import Path
from queue import SimpleQueue

import pytest

from gate.snapshots import CameraState, Snapshots, snapshot_options
from gate.source import Source
from hardware.camera.album import Album
from hardware.camera.lookout import Lookout, LookoutOptions
from hardware.errors import OptionMistake
from shared.database import DatabaseError
from shared.snapshots import DAY
from tests.gate.conftest import OpenExit
from tests.shop import Shop

INCIDENT = "ab" * 8
JPEG = b"\xff\xd8\xff picture"


def waiting(source: Source, folder: Path, *ats: int) -> Snapshots:
    """Pictures that wait in the album, taken at these times (µs)."""
    album = Album(folder / "album")
    for number, at in enumerate(ats):
        album.add(INCIDENT, number, at, JPEG)
    news: SimpleQueue[CameraState] = SimpleQueue()
    return Snapshots(Lookout(LookoutOptions(source="/dev/none"), folder / "album"), folder / "album", source, news.put)


def test_what_waits_is_brought_to_the_source_once(shop: Shop, open_exit: OpenExit, tmp_path: Path) -> None:
    now = time.time_ns() // 1000
    waiting(open_exit().source, tmp_path, now, now + 1_000_000).bring()
    assert shop.count("snapshot", f"incident = '{INCIDENT}' AND gate = 'gate-1' AND at >= {now}") == 2
    assert list((tmp_path / "album").iterdir()) == []
    waiting(open_exit("gate-2").source, tmp_path, now).bring()
    assert shop.count("snapshot", "gate = 'gate-1'") == 2


def test_while_the_source_is_silent_they_wait(shop: Shop, open_exit: OpenExit, tmp_path: Path) -> None:
    gate = open_exit()
    now = time.time_ns() // 1000
    with gate.cut_off(), pytest.raises(DatabaseError):
        waiting(gate.followed, tmp_path, now).bring()
    assert len(list((tmp_path / "album").iterdir())) == 1
    waiting(gate.followed, tmp_path).bring()
    assert shop.count("snapshot") == 1


def test_none_waits_for_longer_than_it_may_be_kept(shop: Shop, open_exit: OpenExit, tmp_path: Path) -> None:
    gate = open_exit()
    with gate.cut_off():
        waiting(gate.followed, tmp_path, time.time_ns() // 1000 - 7 * DAY - 1).bring()
    assert list((tmp_path / "album").iterdir()) == []


def test_each_incident_is_pictured_once_after_its_alarm(shop: Shop, open_exit: OpenExit) -> None:
    gate = open_exit()
    gate.follow()
    gate.scan("SN-0001", "SN-0002")
    gate.wait(30)
    gate.scan("SN-0003")
    assert len(gate.pictured) == len(set(gate.pictured)) == 2


def test_a_would_be_alarm_of_a_trial_is_not_pictured(shop: Shop, open_exit: OpenExit) -> None:
    gate = open_exit(armed=False)
    gate.follow()
    gate.scan("SN-0001")
    assert gate.pictured == []


def test_without_the_section_there_is_no_camera_and_a_mistake_in_it_is_told() -> None:
    assert snapshot_options({}) is None
    with pytest.raises(OptionMistake):
        snapshot_options({"source": 3})
