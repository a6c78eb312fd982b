"""The real process on a real stream: around a moment some pictures are kept, as files that nobody else may read."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import pytest

from hardware.camera import album
from hardware.camera.album import Album
from hardware.camera.lookout import Lookout, LookoutOptions
from hardware.errors import DeviceLost, OpenFailed, OptionMistake
from hardware.options import read_options
from tests.hardware.picture_server import PictureServer
from tests.servers.waiting import wait_until


@pytest.fixture
def server() -> Iterator[PictureServer]:
    server = PictureServer()
    yield server
    server.unplug()


def watched_until(lookout: Lookout, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        lookout.watch(0.1)


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
