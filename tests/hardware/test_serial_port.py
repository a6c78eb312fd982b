"""Serial ports as shops have them: shared by mistake, wrongly named, behind a network, pulled out again and again."""

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.cable import Cable
from hardware.errors import DeviceLost, OpenFailed
from hardware.scanners.serial_port import SerialOptions, SerialScanner
from hardware.serial_link import SerialLink

CYCLES = 100


def scanner_at(port: object) -> SerialScanner:
    return SerialScanner(SerialOptions(name="left", port=str(port)))


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture
def cable(tmp_path: Path) -> Iterator[Cable]:
    with Cable(tmp_path / "left") as cable:
        yield cable


def scans_of(scanner: SerialScanner, count: int) -> list[str]:
    scans = [scanner.read(2) for _ in range(count)]
    return [scan.text for scan in scans if scan]


def test_a_hundred_replugs_lose_no_scan_and_leak_no_descriptor(cable: Cable) -> None:
    scanner = scanner_at(cable.path)
    before = open_descriptors()
    for cycle in range(CYCLES):
        with scanner:
            cable.send(f"A{cycle}\rB{cycle}\rHALF".encode())
            assert scans_of(scanner, 2) == [f"A{cycle}", f"B{cycle}"]
            cable.unplug()
            with pytest.raises(DeviceLost):
                scanner.read(2)
            with pytest.raises(OpenFailed):
                scanner.open()
            cable.replug()
    assert open_descriptors() == before


def test_a_thousand_labels_at_once_all_arrive_in_order(cable: Cable) -> None:
    labels = [f"LN{number:06}" for number in range(1000)]
    with scanner_at(cable.path) as scanner:
        seen: list[str] = []
        for start in range(0, 1000, 100):
            cable.send("".join(f"{label}\r\n" for label in labels[start : start + 100]).encode())
            seen += scans_of(scanner, 100)
    assert seen == labels


def test_a_port_is_opened_by_one_program_only(cable: Cable) -> None:
    with scanner_at(cable.path), pytest.raises(OpenFailed, match="another program has it open"):
        scanner_at(cable.path).open()


def test_opening_again_lets_go_of_the_first_opening(cable: Cable) -> None:
    before = open_descriptors()
    with scanner_at(cable.path) as scanner:
        scanner.open()
        cable.send(b"LN7Q\r")
        assert scans_of(scanner, 1) == ["LN7Q"]
    assert open_descriptors() == before


def test_a_port_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(
        OpenFailed, match=r"cannot open .*/nothing: nothing is plugged in there: plug it in, or correct"
    ):
        scanner_at(tmp_path / "nothing").open()


@pytest.mark.parametrize("port", ["/dev/null", "/", "sokcet://127.0.0.1:1", "socket://127.0.0.1", "socket://x:y"])
def test_what_is_no_serial_port_is_refused(port: str) -> None:
    before = open_descriptors()
    with pytest.raises(OpenFailed, match="cannot open"):
        scanner_at(port).open()
    assert open_descriptors() == before


def test_a_loop_gives_back_what_was_written() -> None:
    link = SerialLink("loop://", 9600)
    link.open()
    link.check()
    assert link.read(0) == b""
    assert link.read(0.01) == b""
    link.write(b"LN7Q\r")
    assert link.read(1) == b"LN7Q\r"
    link.close()
    with pytest.raises(DeviceLost):
        link.check()


class TestScannerOnTheNetwork:
    """Behind a serial server, or one that speaks TCP itself."""

    @pytest.fixture
    def server(self) -> Iterator[socket.socket]:
        with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as server:
            server.settimeout(2)
            yield server

    @pytest.fixture
    def scanner(self, server: socket.socket) -> Iterator[SerialScanner]:
        scanner = scanner_at(f"socket://127.0.0.1:{server.getsockname()[1]}")
        yield scanner
        scanner.close()

    def test_is_read_and_found_gone(self, server: socket.socket, scanner: SerialScanner) -> None:
        scanner.open()
        peer, _ = server.accept()
        with peer:
            peer.sendall(b"LN7Q\rLN8R\r")
            assert scans_of(scanner, 2) == ["LN7Q", "LN8R"]
        with pytest.raises(DeviceLost):
            scanner.read(2)

    def test_that_nobody_answers_for_cannot_be_opened(self, server: socket.socket, scanner: SerialScanner) -> None:
        server.close()
        with pytest.raises(OpenFailed, match="cannot open socket"):
            scanner.open()
