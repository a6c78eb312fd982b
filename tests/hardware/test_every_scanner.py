"""What every scanner promises, on each kind: over a pseudo-terminal, over TCP, through a network camera."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from hardware.cable import Cable
from hardware.errors import DeviceLost, OpenFailed
from hardware.scanner import Scan, Scanner
from hardware.scanners.byte_scanner import ByteScanner
from hardware.scanners.camera import CameraOptions, CameraScanner
from hardware.scanners.serial_port import SerialOptions, SerialScanner
from hardware.scanners.virtual import VirtualScanner, VirtualScannerOptions
from tests.hardware.picture_server import PictureServer
from tests.hardware.serial_servers import Rfc2217Server, SerialServer

SOON = 10.0
IDLE_GAP = 0.3


class Rig(NamedTuple):
    """A scanner, and the hands that hold labels before it, that work its wire, and that pull its plug."""

    scanner: Scanner
    scan: Callable[[bytes], None]
    send: Callable[[bytes], None]
    unplug: Callable[[], None]
    replug: Callable[[], None]


def byte_rig(
    scanner: Scanner, send: Callable[[bytes], None], unplug: Callable[[], None], replug: Callable[[], None]
) -> Rig:
    return Rig(scanner, lambda label: send(label + b"\r"), send, unplug, replug)


def no_wire(data: bytes) -> None:
    pytest.fail(f"a camera takes no bytes such as {data!r}")


def serial_rig(folder: Path, idle_gap: float) -> Iterator[Rig]:
    with Cable(folder / "left") as cable:
        options = SerialOptions(name="left", port=str(cable.path), idle_gap=idle_gap)
        with_cable = SerialScanner(options)
        yield byte_rig(with_cable, cable.send, cable.unplug, cable.replug)
        with_cable.close()


def network_rig(server: SerialServer, idle_gap: float) -> Iterator[Rig]:
    with server:
        scanner = SerialScanner(SerialOptions(name="left", port=server.url, idle_gap=idle_gap))
        yield byte_rig(scanner, server.send, server.unplug, server.replug)
        scanner.close()


def socket_rig(folder: Path, idle_gap: float) -> Iterator[Rig]:
    yield from network_rig(SerialServer(), idle_gap)


def rfc2217_rig(folder: Path, idle_gap: float) -> Iterator[Rig]:
    yield from network_rig(Rfc2217Server(), idle_gap)


def virtual_rig(folder: Path, idle_gap: float) -> Iterator[Rig]:
    scanner = VirtualScanner(VirtualScannerOptions(name="left", idle_gap=idle_gap))
    yield byte_rig(scanner, scanner.scan, scanner.unplug, scanner.replug)
    scanner.close()


def camera_rig(folder: Path, idle_gap: float) -> Iterator[Rig]:
    server = PictureServer()
    scanner = CameraScanner(CameraOptions(name="left", source=server.url, hold=60))
    yield Rig(scanner, server.show, no_wire, server.unplug, server.replug)
    scanner.close()
    server.unplug()


BYTE_RIGS = {"serial": serial_rig, "socket": socket_rig, "rfc2217": rfc2217_rig, "virtual": virtual_rig}
RIGS = {**BYTE_RIGS, "camera": camera_rig}


@pytest.fixture
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    yield from RIGS[request.param](tmp_path, IDLE_GAP)


def next_scan(scanner: Scanner) -> Scan:
    scan = scanner.read(SOON)
    assert scan is not None
    return scan


@pytest.mark.parametrize("rig", RIGS, indirect=True)
class TestEveryScanner:
    def test_gives_each_label_once_in_order(self, rig: Rig) -> None:
        with rig.scanner as scanner:
            for label in (b"LN7Q", b"LN8R", b"LN9S"):
                rig.scan(label)
            assert [next_scan(scanner).raw for _ in range(3)] == [b"LN7Q", b"LN8R", b"LN9S"]
            assert scanner.read(0) is None

    def test_says_which_scanner_saw_what_and_when(self, rig: Rig) -> None:
        with rig.scanner as scanner:
            before, wall_before = time.monotonic(), time.time()
            rig.scan(b"LN-7.Q/1")
            scan = next_scan(scanner)
            assert (scan.raw, scan.text, scan.scanner) == (b"LN-7.Q/1", "LN-7.Q/1", "left")
            assert before <= scan.monotonic <= time.monotonic()
            assert wall_before - 0.01 <= scan.wall <= time.time() + 0.01

    def test_gives_none_after_the_time_out_not_before(self, rig: Rig) -> None:
        with rig.scanner as scanner:
            began = time.monotonic()
            assert scanner.read(0.05) is None
            assert 0.045 <= time.monotonic() - began < 1

    def test_says_that_it_was_unplugged(self, rig: Rig) -> None:
        with rig.scanner as scanner:
            rig.unplug()
            with pytest.raises(DeviceLost):
                scanner.read(SOON)
            with pytest.raises(DeviceLost):
                scanner.read(SOON)

    def test_cannot_be_opened_while_unplugged(self, rig: Rig) -> None:
        rig.unplug()
        with pytest.raises(OpenFailed, match="plug"):
            rig.scanner.open()

    def test_reads_on_after_it_is_plugged_in_and_opened_again(self, rig: Rig) -> None:
        with rig.scanner as scanner:
            rig.unplug()
            with pytest.raises(DeviceLost):
                scanner.read(SOON)
            rig.replug()
            scanner.open()
            rig.scan(b"LN7Q")
            assert next_scan(scanner).raw == b"LN7Q"

    def test_refuses_to_read_before_it_is_open_and_after_it_is_closed(self, rig: Rig) -> None:
        with pytest.raises(DeviceLost, match="not open"):
            rig.scanner.read(0)
        with rig.scanner:
            pass
        with pytest.raises(DeviceLost, match="not open"):
            rig.scanner.read(0)

    def test_may_be_closed_at_any_time_and_twice(self, rig: Rig) -> None:
        rig.scanner.close()
        rig.scanner.open()
        rig.unplug()
        rig.scanner.close()
        rig.scanner.close()
        rig.replug()
        rig.scanner.open()


@pytest.mark.parametrize("rig", BYTE_RIGS, indirect=True)
class TestEveryScannerOfBytes:
    def test_keeps_what_separates_the_fields_of_gs1_and_drops_padding(self, rig: Rig) -> None:
        with rig.scanner as scanner:
            rig.send(b"\x02]C1010952\x1d21\r")
            assert next_scan(scanner).text == "]C1010952\x1d21"

    def test_makes_text_of_any_bytes(self, rig: Rig) -> None:
        with rig.scanner as scanner:
            rig.send(b"\xff\xfe\x80 caf\xe9\r")
            assert next_scan(scanner).text == "\xff\xfe\x80 caf\xe9"

    def test_waits_for_the_rest_of_a_label(self, rig: Rig) -> None:
        with rig.scanner as scanner:
            rig.send(b"LN")
            assert scanner.read(0.01) is None
            rig.send(b"7Q\r")
            assert next_scan(scanner).raw == b"LN7Q"

    def test_takes_silence_for_a_suffix_and_dates_the_scan_from_its_last_byte(self, rig: Rig) -> None:
        with rig.scanner as scanner:
            rig.send(b"LN7Q")
            scan = next_scan(scanner)
            assert scan.raw == b"LN7Q"
            assert time.monotonic() - scan.monotonic >= IDLE_GAP

    def test_keeps_a_label_that_came_before_it_was_opened(self, rig: Rig) -> None:
        rig.send(b"EARLY\r")
        with rig.scanner as scanner:
            assert next_scan(scanner).raw == b"EARLY"

    def test_never_glues_half_a_label_of_before_to_the_first_one_after(self, rig: Rig) -> None:
        with rig.scanner as scanner:
            rig.send(b"HALF")
            assert scanner.read(0.01) is None
            rig.unplug()
            rig.replug()
            scanner.open()
            rig.send(b"LN7Q\r")
            assert next_scan(scanner).raw == b"LN7Q"

    def test_drops_an_endless_label_counts_it_and_reads_on(self, rig: Rig) -> None:
        with rig.scanner as scanner:
            assert isinstance(scanner, ByteScanner)
            rig.send(b"x" * 3000 + b"\rLN7Q\r")
            assert next_scan(scanner).raw == b"LN7Q"
            assert scanner.overlong == 1


def test_a_prefix_and_a_suffix_of_the_settings_are_taken_off_where_they_are(tmp_path: Path) -> None:
    with Cable(tmp_path / "left") as cable:
        options = SerialOptions(name="left", port=str(cable.path), idle_gap=IDLE_GAP, prefix="\x02#A", suffix="Z\r\n")
        with SerialScanner(options) as scanner:
            cable.send(b"\x02#ALN7QZ\r\n\x02#A]C1LN8RZ\r\nLN9S\r\n\x02#ALN1AZ")
            assert [next_scan(scanner).raw for _ in range(4)] == [b"LN7Q", b"]C1LN8R", b"LN9S", b"LN1A"]
