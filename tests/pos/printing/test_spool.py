"""What waits for a receipt printer: nothing is lost, nobody has to wait, and a drawer does not open by surprise."""

import time
from collections.abc import Iterator

import pytest

from hardware.catalog import make_printer, printer_options
from hardware.printer import Text
from pos.printing.spool import MOST_WAITING, Job, Spool, Standing
from tests.hardware.printer_twin import OnNetwork, PrinterTwin
from tests.servers.waiting import wait_until

NO_PAPER = 0x60


class Clock:
    """A steady clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Rig:
    """A spool whose rounds a test goes by hand, its printer in truth, and what was noted as printed."""

    def __init__(self, twin: PrinterTwin, end: OnNetwork) -> None:
        self.twin, self.end, self.clock = twin, end, Clock()
        options = {"kind": "network", "host": "127.0.0.1", "port": end.port}
        self.spool = Spool(make_printer(printer_options(options)), self.clock)
        self.printed: list[str] = []

    def put(self, name: str, *, opens_drawer: bool = False) -> None:
        self.spool.put(Job(name, [Text(name)], opens_drawer, lambda: self.printed.append(name)))

    def came_out(self) -> list[str]:
        return ["".join(slip.lines).strip() for slip in self.twin.slips]


@pytest.fixture
def rig() -> Iterator[Rig]:
    twin = PrinterTwin(48)
    with OnNetwork(twin) as end:
        yield Rig(twin, end)


def test_prints_in_order_and_notes_each_once_it_is_out(rig: Rig) -> None:
    for name in ("R-1", "R-2"):
        rig.put(name)
    assert rig.spool.standing() == Standing("ready", ("R-1", "R-2"))
    assert rig.spool.work()
    assert rig.spool.work()
    assert rig.came_out() == rig.printed == ["R-1", "R-2"]
    assert rig.spool.standing() == Standing("ready", ())


def test_without_paper_a_slip_waits_for_the_new_roll(rig: Rig) -> None:
    rig.twin.paper = NO_PAPER
    rig.put("R-1")
    assert not rig.spool.work()
    assert rig.spool.standing() == Standing("no_paper", ("R-1",))
    assert rig.came_out() == []
    rig.twin.paper = 0
    assert rig.spool.work()
    assert rig.came_out() == rig.printed == ["R-1"]


def test_a_slip_in_which_the_paper_ended_is_printed_again_whole(rig: Rig) -> None:
    rig.twin.paper_ends_with = 1
    rig.put("R-1")
    assert not rig.spool.work()
    assert rig.printed == []
    rig.twin.paper, rig.twin.paper_ends_with = 0, None
    assert rig.spool.work()
    assert rig.came_out() == ["R-1", "R-1"]
    assert rig.printed == ["R-1"]


def test_a_printer_that_is_gone_keeps_nobody_waiting_and_prints_when_it_is_back(rig: Rig) -> None:
    rig.end.unplug()
    began = time.monotonic()
    rig.put("R-1")
    assert time.monotonic() - began < 0.1
    assert not rig.spool.work()
    assert rig.spool.standing() == Standing("lost", ("R-1",))
    rig.end.replug()
    assert rig.spool.work()
    assert rig.came_out() == ["R-1"]


def test_a_slip_whose_customer_has_left_is_let_go(rig: Rig) -> None:
    rig.end.unplug()
    rig.put("R-1")
    rig.clock.now = 601
    rig.put("R-2")
    rig.end.replug()
    assert rig.spool.work()
    assert rig.came_out() == ["R-2"]


def test_too_much_lets_the_oldest_go(rig: Rig) -> None:
    for number in range(MOST_WAITING + 1):
        rig.put(f"R-{number}")
    assert rig.spool.standing().waiting == tuple(f"R-{number}" for number in range(1, MOST_WAITING + 1))


def test_what_waits_can_be_dropped(rig: Rig) -> None:
    rig.put("R-1")
    rig.spool.drop()
    assert rig.spool.work()
    assert rig.came_out() == []


def test_the_drawer_opens_even_without_paper_and_only_once(rig: Rig) -> None:
    rig.twin.paper = NO_PAPER
    rig.put("R-1", opens_drawer=True)
    rig.spool.work()
    rig.spool.work()
    assert rig.twin.kicks == 1


def test_the_drawer_opens_for_a_later_sale_while_a_receipt_waits_for_paper(rig: Rig) -> None:
    rig.twin.paper = NO_PAPER
    for number in (1, 2):
        rig.put(f"R-{number}", opens_drawer=True)
        assert not rig.spool.work()
        assert rig.twin.kicks == number
        rig.clock.now += 60
    rig.twin.paper = 0
    assert rig.spool.work()
    assert rig.spool.work()
    assert rig.came_out() == ["R-1", "R-2"]
    assert rig.twin.kicks == 2


def test_a_drawer_does_not_spring_open_when_nobody_expects_it_any_more(rig: Rig) -> None:
    rig.end.unplug()
    rig.put("R-1", opens_drawer=True)
    rig.spool.work()
    rig.clock.now = 6
    rig.end.replug()
    assert rig.spool.work()
    assert rig.came_out() == ["R-1"]
    assert rig.twin.kicks == 0


def test_its_thread_prints_at_once_and_lets_go_of_the_printer(rig: Rig) -> None:
    rig.spool.start()
    rig.put("R-1", opens_drawer=True)
    wait_until(lambda: rig.printed == ["R-1"], "the slip is out")
    rig.spool.stop()
    assert rig.twin.kicks == 1
