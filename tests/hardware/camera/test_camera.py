"""The real driver with its real process, on videos, pictures and a network camera; and what becomes of dying ones."""

import itertools
import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from zxingcpp import BarcodeFormat

from hardware.errors import DeviceLost, OpenFailed
from hardware.reader import ReaderBack, ReaderLost, ReaderThread
from hardware.scanner import Scan
from hardware.scanners.camera import CameraOptions, CameraScanner
from tests.hardware.picture_server import PictureServer
from tests.pictures import SMALL, Held, Picture, aisle, hold, label, photographed
from tests.servers.waiting import wait_until

SOON = 60.0
RATE = 15
HOUSE = Path(__file__).parents[3]


class Film:
    """Pictures one after the other, drawn label by label."""

    def __init__(self) -> None:
        self.pictures: list[Picture] = []
        self._random = np.random.default_rng(3)
        self._aisle = aisle(SMALL, self._random)

    def empty(self, count: int = 5) -> None:
        self.pictures += [photographed(self._aisle, Held(), self._random) for _ in range(count)]

    def show(self, text: str, kind: BarcodeFormat, count: int = 4) -> None:
        shown = label(text, kind)
        self.pictures += [hold(self._aisle, shown, Held(), self._random) for _ in range(count)]

    def save(self, path: Path, codec: str) -> Path:
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), RATE, SMALL)
        assert writer.isOpened()
        for picture in self.pictures:
            writer.write(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR))
        writer.release()
        return path


def camera_at(source: object, hold: float = 60) -> CameraScanner:
    return CameraScanner(CameraOptions(name="door", source=str(source), hold=hold))


def scans_to_the_end(scanner: CameraScanner) -> list[Scan]:
    scans: list[Scan] = []
    with pytest.raises(DeviceLost, match="has ended"):
        collect(scanner, scans)
    return scans


def collect(scanner: CameraScanner, scans: list[Scan]) -> None:
    deadline = time.monotonic() + SOON
    while time.monotonic() < deadline:
        if scan := scanner.read(1):
            scans.append(scan)


def eyes() -> list[int]:
    """List the cameras' processes among this process's children."""
    tasks = Path("/proc/self/task").iterdir()
    children = [child for task in tasks for child in (task / "children").read_text().split()]
    return [int(child) for child in children if b"hardware.camera" in Path(f"/proc/{child}/cmdline").read_bytes()]


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture
def server() -> Iterator[PictureServer]:
    server = PictureServer()
    yield server
    server.unplug()


@pytest.fixture
def camera(server: PictureServer) -> Iterator[CameraScanner]:
    with camera_at(server.url) as camera:
        yield camera


class TestFile:
    @pytest.mark.parametrize(("ending", "codec"), [("avi", "MJPG"), ("mp4", "mp4v")])
    def test_of_a_video_gives_its_labels_in_order_and_ends(self, tmp_path: Path, ending: str, codec: str) -> None:
        film = Film()
        for text, kind in (
            ("LN7Q", BarcodeFormat.QRCode),
            ("LN8R", BarcodeFormat.Code128),
            ("(01)09521234543213(21)A-1", BarcodeFormat.DataMatrix),
            ("4006381333931", BarcodeFormat.EAN13),
        ):
            film.empty(2)
            film.show(text, kind)
        with camera_at(film.save(tmp_path / f"exit.{ending}", codec)) as camera:
            scans = scans_to_the_end(camera)
        assert [(scan.text, scan.symbology) for scan in scans] == [
            ("LN7Q", "]Q1"),
            ("LN8R", "]C0"),
            ("]d2010952123454321321A-1", "]d2"),
            ("4006381333931", "]E0"),
        ]
        assert {scan.scanner for scan in scans} == {"door"}

    def test_plays_at_its_own_pace_and_again_when_opened_again(self, tmp_path: Path) -> None:
        film = Film()
        film.show("LN7Q", BarcodeFormat.QRCode)
        film.empty(RATE)
        camera = camera_at(film.save(tmp_path / "exit.avi", "MJPG"))
        for _ in range(2):
            with camera:
                began = time.monotonic()
                assert [scan.text for scan in scans_to_the_end(camera)] == ["LN7Q"]
                assert time.monotonic() - began > 0.8

    def test_of_an_empty_aisle_gives_nothing(self, tmp_path: Path) -> None:
        film = Film()
        film.empty(3 * RATE)
        with camera_at(film.save(tmp_path / "night.avi", "MJPG")) as camera:
            assert scans_to_the_end(camera) == []

    def test_with_a_label_held_still_gives_one_scan_for_each_hold(self, tmp_path: Path) -> None:
        film = Film()
        film.show("LN7Q", BarcodeFormat.QRCode, count=3 * RATE)
        with camera_at(film.save(tmp_path / "still.avi", "MJPG"), hold=1.2) as camera:
            began = time.monotonic()
            scans = scans_to_the_end(camera)
            shown = time.monotonic() - began
        assert {scan.text for scan in scans} == {"LN7Q"}
        # The film lasts 3 s, and longer on a busy machine.
        assert 3 <= len(scans) <= shown / 1.2 + 1
        assert all(later.monotonic - earlier.monotonic >= 1.2 for earlier, later in itertools.pairwise(scans))

    @pytest.mark.parametrize("ending", ["png", "jpg"])
    def test_of_a_picture_is_looked_at_long_enough_to_believe_a_product_code(self, tmp_path: Path, ending: str) -> None:
        film = Film()
        film.show("4006381333931", BarcodeFormat.EAN13, count=1)
        cv2.imwrite(str(tmp_path / f"label.{ending}"), film.pictures[0])
        with camera_at(tmp_path / f"label.{ending}") as camera:
            assert [scan.text for scan in scans_to_the_end(camera)] == ["4006381333931"]

    def test_that_is_no_video_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("LN7Q\n")
        with pytest.raises(
            OpenFailed, match=r"cannot open camera .*: it cannot be opened: it is no video and no picture"
        ):
            camera_at(tmp_path / "notes.txt").open()

    @pytest.mark.parametrize("source", ["/dev/video77", "nothing.avi"])
    def test_or_device_that_is_not_there_says_what_to_do(self, source: str) -> None:
        with pytest.raises(OpenFailed, match="nothing is there: plug it in, or correct the source"):
            camera_at(source).open()
        assert eyes() == []

    def test_or_device_that_is_no_camera_is_refused(self) -> None:
        with pytest.raises(OpenFailed, match="another program uses it, or it is no camera"):
            camera_at("/dev/null").open()
        assert eyes() == []


class TestProcess:
    def test_that_is_killed_is_a_loss(self, camera: CameraScanner) -> None:
        (eye,) = eyes()
        os.kill(eye, signal.SIGKILL)
        with pytest.raises(DeviceLost, match="its process ended with status -9"):
            camera.read(SOON)
        with pytest.raises(DeviceLost, match="not open"):
            camera.read(SOON)
        assert eyes() == []

    def test_that_is_killed_is_replaced_by_the_reader(self, server: PictureServer) -> None:
        news: queue.SimpleQueue[Scan | ReaderLost | ReaderBack] = queue.SimpleQueue()
        reader = ReaderThread(camera_at(server.url), news.put)
        reader.start()
        for text in (b"LN7Q", b"LN8R"):
            assert isinstance(news.get(timeout=SOON), ReaderBack)
            server.show(text)
            scan = news.get(timeout=SOON)
            assert isinstance(scan, Scan)
            assert scan.raw == text
            wait_until(lambda: server.is_empty, "the label is out of view")
            (eye,) = eyes()
            os.kill(eye, signal.SIGKILL)
            assert isinstance(news.get(timeout=SOON), ReaderLost)
        assert isinstance(news.get(timeout=SOON), ReaderBack)
        reader.stop()
        assert eyes() == []

    def test_that_hangs_is_a_loss_and_ended(self, camera: CameraScanner) -> None:
        (eye,) = eyes()
        os.kill(eye, signal.SIGSTOP)
        with pytest.raises(DeviceLost, match="its process has said nothing for 6 s"):
            camera.read(SOON)
        assert eyes() == []

    def test_tells_of_a_camera_that_falls_asleep(self, server: PictureServer, camera: CameraScanner) -> None:
        server.frozen.set()
        # On a busy machine OpenCV's own patience of 5 s may end first.
        with pytest.raises(DeviceLost, match=r"no picture came for 4 s|it gives no more pictures"):
            camera.read(SOON)

    def test_ends_with_the_closing_and_leaves_nothing_open(self, tmp_path: Path) -> None:
        film = Film()
        film.empty(1)
        cv2.imwrite(str(tmp_path / "aisle.png"), film.pictures[0])
        before = open_descriptors()
        camera = camera_at(tmp_path / "aisle.png")
        for _ in range(5):
            with camera:
                assert len(eyes()) == 1
        assert eyes() == []
        # What other tests left behind may come and go meanwhile; each opening that leaked would show.
        assert open_descriptors() < before + 5

    def test_dies_with_the_program_however_that_dies(self, server: PictureServer) -> None:
        code = (
            "import sys, time; from pathlib import Path; from hardware.scanners.camera import *;"
            "c = CameraScanner(CameraOptions(name='door', source=sys.argv[1])); c.open();"
            "print(Path('/proc/self/task').glob('*/children').__next__().read_text(), flush=True); time.sleep(60)"
        )
        program = subprocess.Popen(
            [sys.executable, "-c", code, server.url], cwd=HOUSE, stdout=subprocess.PIPE, text=True
        )
        assert program.stdout is not None
        with program, program.stdout as printed:
            eye = int(printed.readline())
            program.kill()
        wait_until(lambda: not Path(f"/proc/{eye}").exists(), "the process that looked is gone")

    def test_alone_loads_opencv_and_the_decoders(self, server: PictureServer) -> None:
        code = (
            "import sys; from hardware.scanners.camera import *;"
            "c = CameraScanner(CameraOptions(name='door', source=sys.argv[1])); c.open(); c.close();"
            "sys.exit(bool({'cv2', 'zxingcpp', 'pyzbar', 'numpy'} & set(sys.modules)))"
        )
        assert subprocess.run([sys.executable, "-c", code, server.url], cwd=HOUSE, check=False).returncode == 0
