"""A scanner that types, as far as a machine without one can tell; `tests/vm` holds it in real hands."""

import time
from pathlib import Path

import pytest

from hardware.errors import DeviceLost, OpenFailed
from hardware.reader import ReaderLost, ReaderThread
from hardware.scanners.keyboard import KeyboardOptions, KeyboardScanner


def keyboard_at(port: object) -> KeyboardScanner:
    return KeyboardScanner(KeyboardOptions(name="left", port=str(port)))


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_scanner_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(OpenFailed, match=r"cannot open .*: nothing is plugged in there: plug it in"):
        keyboard_at(tmp_path / "nothing").open()


@pytest.mark.parametrize("port", ["/dev/null", "/dev/zero", "/"])
def test_what_is_no_keyboard_is_refused_and_let_go(port: str) -> None:
    before = open_descriptors()
    with pytest.raises(OpenFailed, match="cannot open"):
        keyboard_at(port).open()
    assert open_descriptors() == before


def test_a_device_of_another_kind_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(OpenFailed, match="it is no keyboard: `lunas devices` lists those that are"):
        keyboard_at("/dev/null").open()


def test_one_that_is_not_open_cannot_be_read(tmp_path: Path) -> None:
    scanner = keyboard_at(tmp_path / "nothing")
    scanner.close()
    with pytest.raises(DeviceLost, match="not open"):
        scanner.read(0)


def test_waiting_for_it_to_be_plugged_in_leaks_nothing_and_can_be_stopped(tmp_path: Path) -> None:
    news: list[object] = []
    before = open_descriptors()
    reader = ReaderThread(keyboard_at(tmp_path / "nothing"), news.append)
    reader.start()
    time.sleep(1.2)
    began = time.monotonic()
    reader.stop()
    assert time.monotonic() - began < 0.5
    assert [type(each) for each in news] == [ReaderLost]
    # Four tries and more were made in that time; what other tests left behind may come and go meanwhile.
    assert open_descriptors() < before + 3
