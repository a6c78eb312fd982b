"""The whole exit against a simple truth: no false pass beyond the stated window, no false alarm, nothing lost.

Hypothesis makes up what happens, in any order; what breaks a promise is shrunk to the few steps that it takes, and
printed with the seed that finds it again.
"""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from gate import delivery
from gate.bypass import BYPASS_SECONDS
from shared import journal
from shared.items import ItemState
from shared.roles import Role
from tests.model.world import PRICE, World
from tests.shop import WATCH, Shop

SERIALS = [f"SN-{number:04}" for number in range(1, 5)]
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of this test's own is made in it
ENOUGH = 2_000  # passages in `make test`
A_MILLION = 1_000_000

serials = st.sampled_from(SERIALS)
exits = st.sampled_from([0, 1])
S = ItemState


class Exits(RuleBasedStateMachine):
    """Whatever may happen to a shop of two gates and four units."""

    template: Path
    passages = 0

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
        file = self.folder / "shop.db"
        shutil.copy(self.template, file)
        self.shop = Shop(f"sqlite:///{file}", is_ready=True)
        self.world = World(self.shop, self.folder, SERIALS)

    @initialize(received=st.sets(serials, min_size=1))
    def open_shop(self, received: set[str]) -> None:
        for serial in sorted(received):
            self.world.receive(serial)
        for number in (0, 1):
            self.world.follow(number)

    @rule(number=exits, carried=st.lists(serials, min_size=1, max_size=12), times=st.sampled_from([1, 1, 20]))
    def customers_leave(self, number: int, carried: list[str], times: int) -> None:
        for serial in carried * times:
            self.world.pass_by(number, serial)

    @rule(number=exits, serial=serials)
    def somebody_buys_and_leaves(self, number: int, serial: str) -> None:
        self.world.sell(serial)
        self.world.follow(number)
        self.world.pass_by(number, serial)
        self.world.deliver(number)

    @rule(number=exits, serial=serials, paid=st.booleans())
    def somebody_shows_a_receipt_and_leaves(self, number: int, serial: str, paid: bool) -> None:
        if paid:
            self.world.sell(serial)
        self.world.show_receipt(number, serial)
        self.world.pass_by(number, serial)

    @rule(number=exits, serial=serials, carried=serials)
    def somebody_shows_a_receipt_after_the_alarm(self, number: int, serial: str, carried: str) -> None:
        self.world.pass_by(number, carried)
        self.world.show_receipt(number, serial)

    @rule(number=exits, carried=st.lists(serials, max_size=4), later=st.sampled_from([0.0, BYPASS_SECONDS]))
    def somebody_carries_out_by_a_badge(self, number: int, carried: list[str], later: float) -> None:
        self.world.show_badge(number, is_void=False)
        self.world.exits[number].gate.wait(later)
        for serial in carried:
            self.world.pass_by(number, serial)

    @rule(number=exits, serial=serials)
    def something_leaves_by_permit(self, number: int, serial: str) -> None:
        self.world.give_permit(serial)
        self.world.follow(number)
        self.world.pass_by(number, serial)

    @rule(number=exits, serial=serials)
    def something_leaves_whose_permit_was_ended(self, number: int, serial: str) -> None:
        self.world.give_permit(serial)
        self.world.end_permit(serial)
        self.world.follow(number)
        self.world.pass_by(number, serial)

    @rule(number=exits, serial=serials)
    def somebody_carries_out_by_a_badge_of_before(self, number: int, serial: str) -> None:
        self.world.print_badge()
        self.world.follow(number)
        self.world.show_badge(number, is_void=True)
        self.world.pass_by(number, serial)

    @rule(number=exits, serial=serials)
    def a_label_is_held_up(self, number: int, serial: str) -> None:
        self.world.read_again(number, serial)

    @rule(serial=serials)
    def receive(self, serial: str) -> None:
        self.world.receive(serial)

    @rule(sold=st.lists(serials, min_size=1, max_size=4, unique=True))
    def sell(self, sold: list[str]) -> None:
        for serial in sold:
            self.world.sell(serial)

    @rule(serial=serials)
    def give_back(self, serial: str) -> None:
        self.world.bring(serial, "returned", {S.PAID, S.DEPARTED}, S.RETURNED)

    @rule(serial=serials)
    def restock(self, serial: str) -> None:
        self.world.bring(serial, "restocked", {S.RETURNED, S.QUARANTINED, S.IN_TRANSIT}, S.IN_STOCK)

    @rule(serial=serials)
    def quarantine(self, serial: str) -> None:
        self.world.bring(serial, "quarantined", {S.IN_STOCK, S.RETURNED}, S.QUARANTINED)

    @rule(serial=serials)
    def send_to_another_shop(self, serial: str) -> None:
        self.world.bring(serial, "sent", {S.IN_STOCK}, S.IN_TRANSIT)

    @rule(serial=serials)
    def write_off(self, serial: str) -> None:
        self.world.bring(serial, "written_off", {S.IN_STOCK, S.RETURNED, S.QUARANTINED}, S.WRITTEN_OFF)

    @rule(serial=serials)
    def find(self, serial: str) -> None:
        self.world.bring(serial, "found", {S.WRITTEN_OFF}, S.IN_STOCK)

    @rule(serial=serials)
    def give_a_permit(self, serial: str) -> None:
        self.world.give_permit(serial)

    @rule(serial=serials)
    def end_a_permit(self, serial: str) -> None:
        self.world.end_permit(serial)

    @rule()
    def print_a_new_badge(self) -> None:
        self.world.print_badge()

    @rule(number=exits)
    def follow(self, number: int) -> None:
        self.world.follow(number)

    @rule(number=exits)
    def deliver(self, number: int) -> None:
        self.world.deliver(number)

    @rule(number=exits)
    def lose_the_database(self, number: int) -> None:
        self.world.cut_off(number)

    @rule(number=exits)
    def find_the_database(self, number: int) -> None:
        self.world.reconnect(number)

    @rule(number=exits, loses_replica=st.booleans())
    def restart(self, number: int, loses_replica: bool) -> None:
        self.world.restart(number, loses_replica=loses_replica)

    @rule(number=exits, seconds=st.sampled_from([-3600.0, 3600.0, -0.5]))
    def the_clock_jumps(self, number: int, seconds: float) -> None:
        self.world.shift_clock(number, seconds)

    @rule(number=exits, seconds=st.sampled_from([0.5, 11.0]))
    def time_passes(self, number: int, seconds: float) -> None:
        self.world.exits[number].gate.wait(seconds)

    @rule()
    def back_up(self) -> None:
        self.world.back_up()

    @rule()
    def restore(self) -> None:
        self.world.restore()

    @rule(number=exits)
    def restore_and_go_on(self, number: int) -> None:
        self.world.restore()
        self.world.follow(number)

    def teardown(self) -> None:
        try:
            self.world.check()
            type(self).passages += sum(exit_.passages for exit_ in self.world.exits)
        finally:
            self.world.close()
            self.shop.database.close()
            shutil.rmtree(self.folder)


@pytest.fixture(autouse=True)
def small_journals(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day of the model fills little of a journal, which is read whole at each start."""
    monkeypatch.setattr(journal, "SLOTS", 2048)


@pytest.fixture(autouse=True)
def late_deliveries(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is delivered within ten seconds may still alarm: that goes by the machine's clock, not by the model's."""
    monkeypatch.setattr(delivery, "FRESH_SECONDS", -1.0)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop that lists one product."""
    file = tmp_path_factory.mktemp("model") / "shop.db"
    with Shop(f"sqlite:///{file}") as shop:
        shop.list_products((WATCH, "Watch", str(PRICE)))
        shop.person(Role.MANAGER)
    return file


def simulate(template: Path, *, examples: int, steps: int, always_the_same: bool) -> int:
    """Let so many days of so many steps happen; gives the number of passages."""
    Exits.template, Exits.passages = template, 0
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=always_the_same,
        print_blob=True,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        database=None,
    )
    run_state_machine_as_test(Exits, settings=chosen)
    return Exits.passages


@pytest.mark.long
def test_thousands_of_passages_go_as_they_should(template: Path) -> None:
    assert simulate(template, examples=110, steps=50, always_the_same=True) >= ENOUGH


@pytest.mark.soak
def test_a_million_passages_go_as_they_should(template: Path) -> None:
    passages = 0
    while passages < A_MILLION:
        passages += simulate(template, examples=1000, steps=80, always_the_same=False)
