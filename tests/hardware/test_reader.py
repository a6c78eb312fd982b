"""A scanner is watched for as long as the program runs; losing it is news, never the end."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardware.cable import Cable
from hardware.reader import ReaderBack, ReaderLost, ReaderThread
from hardware.scanner import Scan, Scanner
from hardware.scanners.serial_port import SerialOptions, SerialScanner
from hardware.scanners.virtual import VirtualScanner, VirtualScannerOptions

News = Scan | ReaderLost | ReaderBack
SOON = 3.0


class Desk:
    """Where the news of some readers arrives; stops them all in the end."""

    def __init__(self) -> None:
        self.news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self.readers: list[ReaderThread[Scan]] = []

    def watch(self, scanner: Scanner, deliver: Callable[[News], None] | None = None) -> ReaderThread[Scan]:
        reader = ReaderThread(scanner, deliver or self.news.put)
        self.readers.append(reader)
        reader.start()
        return reader

    def next(self) -> News:
        return self.news.get(timeout=SOON)

    def kinds(self, count: int) -> list[type[News]]:
        return [type(self.next()) for _ in range(count)]

    def scanned(self) -> str:
        scan = self.next()
        assert isinstance(scan, Scan)
        return scan.text


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    for reader in desk.readers:
        reader.stop()


@pytest.fixture
def scanner() -> VirtualScanner:
    return VirtualScanner(VirtualScannerOptions(name="left"))


class FaultyScanner(VirtualScanner):
    """A driver with a bug: every read fails in a way that nobody foresaw."""

    def read(self, timeout: float) -> Scan | None:
        raise ZeroDivisionError(timeout)


class HangingScanner(VirtualScanner):
    """A driver whose read does not come back when it should."""

    release = threading.Event()

    def read(self, timeout: float) -> Scan | None:
        self.release.wait(SOON + timeout)
        return None


def test_says_that_the_scanner_is_there_and_hands_on_its_scans(desk: Desk, scanner: VirtualScanner) -> None:
    desk.watch(scanner)
    assert isinstance(desk.next(), ReaderBack)
    scanner.scan(b"LN7Q\rLN8R\r")
    assert [desk.scanned(), desk.scanned()] == ["LN7Q", "LN8R"]


def test_says_lost_and_back_once_each(desk: Desk, scanner: VirtualScanner) -> None:
    desk.watch(scanner)
    desk.next()
    scanner.unplug()
    lost = desk.next()
    assert isinstance(lost, ReaderLost)
    assert lost.scanner == "left"
    assert "unplugged" in lost.reason
    time.sleep(0.3)
    scanner.replug()
    back = desk.next()
    assert isinstance(back, ReaderBack)
    assert lost.monotonic < back.monotonic <= time.monotonic()


def test_a_scanner_that_is_absent_at_first_is_lost_until_it_comes(desk: Desk, scanner: VirtualScanner) -> None:
    scanner.unplug()
    desk.watch(scanner)
    assert isinstance(desk.next(), ReaderLost)
    scanner.replug()
    assert isinstance(desk.next(), ReaderBack)


def test_a_returned_scanner_is_read_within_a_second(desk: Desk, scanner: VirtualScanner) -> None:
    scanner.unplug()
    desk.watch(scanner)
    desk.next()
    time.sleep(0.8)
    scanner.replug()
    began = time.monotonic()
    scanner.scan(b"LN7Q\r")
    assert isinstance(desk.next(), ReaderBack)
    assert desk.scanned() == "LN7Q"
    assert time.monotonic() - began < 1


def test_the_next_loss_after_a_long_one_is_over_quickly(desk: Desk, scanner: VirtualScanner) -> None:
    scanner.unplug()
    desk.watch(scanner)
    time.sleep(0.8)
    scanner.replug()
    scanner.scan(b"LN7Q\r")
    assert desk.kinds(3) == [ReaderLost, ReaderBack, Scan]
    scanner.unplug()
    scanner.replug()
    lost, back = desk.next(), desk.next()
    assert isinstance(lost, ReaderLost)
    assert isinstance(back, ReaderBack)
    assert back.monotonic - lost.monotonic < 0.4


def test_a_hundred_replugs_of_a_real_port_lose_no_scan_and_no_descriptor(desk: Desk, tmp_path: Path) -> None:
    with Cable(tmp_path / "left") as cable:
        reader = desk.watch(SerialScanner(SerialOptions(name="left", port=str(cable.path))))
        assert isinstance(desk.next(), ReaderBack)
        before = open_descriptors()
        for cycle in range(100):
            cable.unplug()
            cable.replug()
            cable.send(f"LN{cycle}\r".encode())
            assert desk.kinds(2) == [ReaderLost, ReaderBack]
            assert desk.scanned() == f"LN{cycle}"
        # What other tests left behind may come and go meanwhile; a replug that leaked would show a hundred times.
        assert open_descriptors() < before + 50
        reader.stop()


def test_a_bug_in_a_driver_is_a_loss_that_is_logged_and_tried_again_without_haste(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    faulty = FaultyScanner(VirtualScannerOptions(name="left"))
    began = time.monotonic()
    with caplog.at_level(logging.WARNING):
        desk.watch(faulty)
        assert desk.kinds(8) == [ReaderBack, ReaderLost] * 4
    assert time.monotonic() - began > 0.05 + 0.1 + 0.2
    assert "ZeroDivisionError" in caplog.text


def test_a_bug_in_whoever_takes_the_scans_does_not_end_the_reading(
    desk: Desk, scanner: VirtualScanner, caplog: pytest.LogCaptureFixture
) -> None:
    def deliver(news: News) -> None:
        if isinstance(news, Scan) and news.text == "BAD":
            raise LookupError("a bug")
        desk.news.put(news)

    desk.watch(scanner, deliver)
    desk.next()
    scanner.scan(b"BAD\rLN7Q\r")
    assert desk.scanned() == "LN7Q"
    assert "could not hand on" in caplog.text


def test_stops_within_half_a_second_whether_the_scanner_is_there_or_not(desk: Desk, scanner: VirtualScanner) -> None:
    lost = VirtualScanner(VirtualScannerOptions(name="right"))
    lost.unplug()
    readers = [desk.watch(scanner), desk.watch(lost)]
    assert {type(desk.next()), type(desk.next())} == {ReaderBack, ReaderLost}
    for reader in readers:
        began = time.monotonic()
        reader.stop()
        assert time.monotonic() - began < 0.5
        reader.stop()
    scanner.scan(b"LN7Q\r")
    with pytest.raises(queue.Empty):
        desk.news.get(timeout=0.05)


def test_a_driver_that_hangs_is_left_behind(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    hanging = HangingScanner(VirtualScannerOptions(name="left"))
    reader = desk.watch(hanging)
    desk.next()
    began = time.monotonic()
    reader.stop()
    assert time.monotonic() - began < 0.7
    assert "leaving it behind" in caplog.text
    hanging.release.set()


def test_the_heartbeat_goes_on_while_nothing_is_scanned(desk: Desk, scanner: VirtualScanner) -> None:
    reader = desk.watch(scanner)
    desk.next()
    first, deadline = reader.heartbeat, time.monotonic() + SOON
    while reader.heartbeat == first and time.monotonic() < deadline:
        time.sleep(0.01)
    assert reader.heartbeat > first


def test_a_reader_that_never_began_can_be_stopped(scanner: VirtualScanner) -> None:
    ReaderThread(scanner, print).stop()
