"""The real process on a real stream: around a moment some pictures are kept, as files that nobody else may read.

The server has one client at a time, as a video device has.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

import cv2
import pytest

from hardware.camera import album
from hardware.camera.album import Album
from hardware.camera.lookout import Lookout, LookoutOptions, SharedLookout, lookout
from hardware.errors import DeviceLost, OpenFailed, OptionMistake
from hardware.options import read_options
from hardware.reader import ReaderBack, ReaderLost, ReaderThread
from hardware.scanner import Scan
from hardware.scanners.camera import CameraOptions, CameraScanner
from tests.hardware.picture_server import PictureServer
from tests.servers.waiting import wait_until


@pytest.fixture
def server() -> Iterator[PictureServer]:
    server = PictureServer()
    yield server
    server.unplug()


def watched_until(one: Lookout | SharedLookout, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        one.watch(0.1)


def lane_at(source: str) -> CameraScanner:
    return CameraScanner(CameraOptions(name="lane", source=source, hold=60))


def test_around_a_moment_five_pictures_are_kept(server: PictureServer, tmp_path: Path) -> None:
    lookout = Lookout(LookoutOptions(source=server.url), tmp_path / "album")
    lookout.open()
    watched_until(lookout, 2.3)
    now, wall = time.monotonic(), time.time()
    lookout.keep("ab12", now)
    watched_until(lookout, 2.6)
    lookout.close()
    pages = list(Album(tmp_path / "album").pages())
    assert [(page.name, page.number) for page in pages] == [("ab12", number) for number in range(5)]
    assert [round(page.at / 1_000_000 - wall) for page in pages] == [-2, -1, 0, 1, 2]
    picture = cv2.imread(str(pages[0].file))
    assert picture is not None
    assert picture.shape[0] <= 480
    assert (tmp_path / "album").stat().st_mode & 0o077 == 0


def test_nothing_is_kept_unasked_and_a_frozen_camera_is_lost(server: PictureServer, tmp_path: Path) -> None:
    lookout = Lookout(LookoutOptions(source=server.url), tmp_path / "album")
    lookout.open()
    server.frozen.set()
    with pytest.raises(DeviceLost, match="is gone"):
        watched_until(lookout, 20)
    assert list((tmp_path / "album").iterdir()) == []


def test_a_camera_that_is_not_there_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(OpenFailed, match="nothing is there"):
        Lookout(LookoutOptions(source=str(tmp_path / "none")), tmp_path).open()


def test_the_oldest_pictures_go_where_there_is_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(album, "MOST", 3)
    kept = Album(tmp_path)
    for at in range(5):
        kept.add("ab12", at, at, b"jpeg")
    (tmp_path / "notes.jpg").touch()
    assert [page.at for page in kept.pages()] == [2, 3, 4]


def test_its_options_are_checked_like_any_device_s() -> None:
    with pytest.raises(OptionMistake) as told:
        read_options(LookoutOptions, {"widht": 3})
    assert [key for key, _ in told.value.mistakes] == ["widht", "source"]


def test_it_never_waits_for_a_process_that_does_not_listen(server: PictureServer, tmp_path: Path) -> None:
    lookout = Lookout(LookoutOptions(source=server.url), tmp_path / "album")
    lookout.open()
    assert lookout._eye is not None
    os.kill(lookout._eye._process.pid, 19)
    began = time.monotonic()
    for _ in range(3000):
        lookout.keep("ab12", began)
    assert time.monotonic() - began < 2
    lookout.close()
    wait_until(lambda: lookout._eye is None, "it is closed")


@pytest.fixture
def lane(server: PictureServer) -> CameraScanner:
    return lane_at(server.url)


@pytest.fixture
def shared(server: PictureServer, lane: CameraScanner, tmp_path: Path) -> Lookout | SharedLookout:
    return lookout(LookoutOptions(source=server.url), tmp_path / "album", [lane])


@pytest.fixture
def heard(lane: CameraScanner, shared: Lookout) -> Iterator[SimpleQueue[Scan | ReaderLost | ReaderBack]]:
    """Read the scanner, and wait until it sees."""
    told: SimpleQueue[Scan | ReaderLost | ReaderBack] = SimpleQueue()
    reader = ReaderThread(lane, told.put)
    reader.start()
    assert isinstance(told.get(timeout=30), ReaderBack)
    yield told
    reader.stop()


def test_a_scanner_scans_on_while_its_camera_remembers(
    server: PictureServer, shared: Lookout, heard: SimpleQueue[Scan], tmp_path: Path
) -> None:
    shared.open()
    server.show(b"LN7Q")
    assert heard.get(timeout=10).text == "LN7Q"
    shared.keep("ab12", time.monotonic())
    watched_until(shared, 1.5)
    server.show(b"LN8R")
    assert heard.get(timeout=10).text == "LN8R"
    pages = list(Album(tmp_path / "album").pages())
    assert {("ab12", 2), ("ab12", 3)} <= {(page.name, page.number) for page in pages}


def test_pictures_that_cannot_be_kept_are_told_and_hold_up_no_scan(
    server: PictureServer, shared: Lookout, heard: SimpleQueue[Scan], tmp_path: Path
) -> None:
    shared.open()
    (tmp_path / "album").rmdir()
    shared.keep("ab12", time.monotonic())
    with pytest.raises(DeviceLost, match="pictures cannot be kept: No such file"):
        watched_until(shared, 20)
    server.show(b"LN7Q")
    assert heard.get(timeout=10).text == "LN7Q"


def test_a_scanner_s_lost_camera_takes_no_pictures_either(
    server: PictureServer, lane: CameraScanner, shared: Lookout, heard: SimpleQueue[ReaderLost]
) -> None:
    shared.open()
    server.unplug()
    assert isinstance(heard.get(timeout=20), ReaderLost)
    with pytest.raises(DeviceLost, match="scanner lane, whose camera it is, does not see any more"):
        shared.watch(0.0)
    with pytest.raises(OpenFailed, match="scanner lane, whose camera it is, does not see"):
        shared.open()
    shared.keep("ab12", time.monotonic())  # nobody hears it, and nobody minds


def test_it_is_the_scanner_s_camera_by_whichever_name_and_another_one_otherwise(tmp_path: Path) -> None:
    (tmp_path / "video0").touch()
    (tmp_path / "by-id").symlink_to(tmp_path / "video0")
    lane = lane_at(str(tmp_path / "by-id"))
    for source, kind in ((tmp_path / "video0", SharedLookout), (tmp_path / "video1", Lookout)):
        assert type(lookout(LookoutOptions(source=str(source)), tmp_path, [lane])) is kind
