"""What every receipt printer promises, on each wire, with a printer at the other end that draws."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from zxingcpp import read_barcode

from hardware.catalog import make_printer, printer_options
from hardware.errors import DeviceLost, OpenFailed, OptionMistake
from hardware.printer import Code, Printer, PrinterState, Text
from hardware.printers.escpos import bytes_of
from tests.hardware.printer_twin import OnCable, OnNetwork, PrinterTwin
from tests.servers.waiting import wait_until


class Rig(NamedTuple):
    """A printer, what it is in truth, and the hand on its plug."""

    printer: Printer
    twin: PrinterTwin
    unplug: Callable[[], None]
    replug: Callable[[], None]


def on_cable(kind: str, folder: Path) -> Iterator[Rig]:
    twin = PrinterTwin(32)
    with OnCable(twin, folder / "printer") as end:
        printer = make_printer(printer_options({"kind": kind, "port": str(end.cable.path), "width": 58}))
        yield Rig(printer, twin, end.cable.unplug, end.cable.replug)
        printer.close()


def on_network() -> Iterator[Rig]:
    twin = PrinterTwin(48)
    with OnNetwork(twin) as end:
        printer = make_printer(printer_options({"kind": "network", "host": "127.0.0.1", "port": end.port}))
        yield Rig(printer, twin, end.unplug, end.replug)
        printer.close()


@pytest.fixture(params=["serial", "usb", "network"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    yield from on_network() if request.param == "network" else on_cable(request.param, tmp_path)


def print_for_a_while(printer: Printer) -> None:
    """A socket takes a little more before it knows."""
    for _ in range(50):
        printer.print([Text("x")])
        time.sleep(0.01)


def test_prints_each_line_and_cuts_the_slip_off(rig: Rig) -> None:
    with rig.printer:
        rig.printer.print([Text("Toko Jaya", centred=True, large=True), Text("Total  Rp10.000", strong=True)])
        wait_until(lambda: bool(rig.twin.slips), "the slip is out")
    assert [line for line in rig.twin.slips[0].lines if line] == ["Toko Jaya", "Total  Rp10.000"]


def test_prints_a_code_that_a_scanner_reads(rig: Rig) -> None:
    text = "LR1." + "abcDEF123-_" * 20
    with rig.printer:
        rig.printer.print([Code(text)])
        wait_until(lambda: bool(rig.twin.slips), "the slip is out")
    read = read_barcode(np.asarray(rig.twin.slips[0].picture))
    assert read is not None
    assert read.text == text


def test_opens_the_drawer_without_a_print(rig: Rig) -> None:
    with rig.printer:
        rig.printer.open_drawer()
        wait_until(lambda: rig.twin.kicks == 1, "the drawer opens")
    assert not rig.twin.slips


@pytest.mark.parametrize(
    ("cause", "paper", "state"),
    [
        (0, 0, PrinterState.READY),
        (0, 0x0C, PrinterState.LOW_PAPER),
        (0, 0x60, PrinterState.NO_PAPER),
        (0x20, 0x60, PrinterState.NO_PAPER),
        (0x04, 0x60, PrinterState.COVER_OPEN),
        (0x40, 0, PrinterState.FAULT),
    ],
)
def test_says_how_it_is(rig: Rig, cause: int, paper: int, state: PrinterState) -> None:
    rig.twin.cause, rig.twin.paper = cause, paper
    with rig.printer:
        assert rig.printer.state() is state


def test_counts_as_ready_where_it_never_answers(rig: Rig) -> None:
    rig.twin.mute = True
    with rig.printer:
        assert rig.printer.state() is PrinterState.READY


def test_is_lost_when_unplugged_and_works_again_when_it_is_back(rig: Rig) -> None:
    rig.unplug()
    with pytest.raises(OpenFailed):
        rig.printer.open()
    rig.replug()
    with rig.printer:
        rig.printer.open_drawer()
        wait_until(lambda: rig.twin.kicks == 1, "the drawer opens")


def test_tells_that_it_went_away_while_it_was_open(rig: Rig) -> None:
    with rig.printer:
        rig.printer.state()
        rig.unplug()
        with pytest.raises(DeviceLost):
            print_for_a_while(rig.printer)


def test_is_used_only_while_it_is_open(rig: Rig) -> None:
    rig.printer.close()
    for use in (rig.printer.open_drawer, rig.printer.state, lambda: rig.printer.print([Text("x")])):
        with pytest.raises(DeviceLost, match="not open"):
            use()


class TestPrint:
    def test_breaks_a_long_line_between_words_and_a_long_word_inside(self) -> None:
        twin = PrinterTwin(32)
        twin.feed(bytes_of([Text("a watch for people who dive deep in the sea"), Text("x" * 70)], 32))
        lines = [line for line in twin.slips[0].lines if line]
        assert lines == ["a watch for people who dive deep", "in the sea", "x" * 32, "x" * 32, "x" * 6]

    def test_gives_letters_that_printers_lack_their_likeness(self) -> None:
        twin = PrinterTwin(48)
        twin.feed(bytes_of([Text("Café “Ünïk” \N{EN DASH} 2 \N{MULTIPLICATION SIGN} 3"), Text("手表\x1b@\n")], 48))
        assert [line for line in twin.slips[0].lines if line] == ['Cafe "Unik" - 2 x 3', "???@?"]

    @pytest.mark.parametrize("columns", [32, 48])
    def test_keeps_the_largest_code_on_the_paper_and_readable(self, columns: int) -> None:
        text = "LR1." + "A1b2" * 150
        twin = PrinterTwin(columns)
        twin.feed(bytes_of([Code(text)], columns))
        read = read_barcode(np.asarray(twin.slips[0].picture))
        assert read is not None
        assert read.text == text


def test_wants_a_paper_that_there_is() -> None:
    with pytest.raises(OptionMistake, match="58 or 80"):
        printer_options({"kind": "network", "host": "10.0.0.9", "width": 76})
