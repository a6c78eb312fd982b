"""The virtual cable behaves as a real one: raw, stable in name, new behind it after each replug."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardware.cable import Cable
from hardware.errors import DeviceLost


def parts_of(receive: Callable[[], bytes], size: int) -> Iterator[bytes]:
    """Yield what comes until `size` bytes came: a terminal may hand them over in parts."""
    while size > 0:
        yield (part := receive())
        assert part
        size -= len(part)


def test_carries_every_byte_unchanged_both_ways_and_echoes_none(tmp_path: Path) -> None:
    everything = bytes(range(256))
    with Cable(tmp_path / "left") as cable:
        port = os.open(cable.path, os.O_RDWR | os.O_NOCTTY)
        cable.send(everything)
        assert b"".join(parts_of(lambda: os.read(port, 1000), 256)) == everything
        assert cable.receive(0.01) == b""
        os.write(port, everything)
        assert b"".join(parts_of(lambda: cable.receive(1), 256)) == everything
        os.close(port)


def test_keeps_its_name_and_changes_its_device_over_a_replug(tmp_path: Path) -> None:
    with Cable(tmp_path / "left") as cable:
        port = os.open(cable.path, os.O_RDWR | os.O_NOCTTY)
        first = cable.path.readlink()
        cable.unplug()
        assert not cable.path.is_symlink()
        assert not cable.plugged
        cable.replug()
        assert cable.path.readlink() != first
        os.close(port)
    assert not cable.path.is_symlink()


def test_cannot_send_while_unplugged(tmp_path: Path) -> None:
    with Cable(tmp_path / "left") as cable:
        cable.unplug()
        with pytest.raises(DeviceLost, match="unplugged"):
            cable.send(b"LN7Q\r")


def test_receives_nothing_while_unplugged_and_goes_on_after(tmp_path: Path) -> None:
    with Cable(tmp_path / "siren") as cable:
        cable.unplug()
        cable.unplug()
        assert cable.receive(0.01) == b""
        replug = threading.Timer(0.05, cable.replug)
        replug.start()
        began = time.monotonic()
        assert cable.receive(0.2) == b""
        assert time.monotonic() - began < 1
        replug.join()
        cable.replug()
        cable.path.write_bytes(b"on")
        assert cable.receive(1) == b"on"


def test_does_not_hang_where_nobody_reads(tmp_path: Path) -> None:
    with Cable(tmp_path / "left") as cable, pytest.raises(TimeoutError, match="nobody reads"):
        cable.send(b"x" * 1_000_000, timeout=0.05)


def test_takes_the_place_of_a_link_that_a_crash_left(tmp_path: Path) -> None:
    (tmp_path / "left").symlink_to("/dev/pts/999999")
    with Cable(tmp_path / "left") as cable:
        assert cable.path.exists()
