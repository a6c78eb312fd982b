"""A shop whose database is put back to an earlier day: gates notice, and nothing that they saw is lost."""

from pathlib import Path

import pytest

from shared import codes
from shared.backup import back_up
from shared.items import ItemState
from shared.restore import restore
from tests.gate.conftest import OpenExit
from tests.gate.guarded_exit import GuardedExit
from tests.shop import WATCH, Shop


class Yesterday:
    """A backup of the shop, and the way back to it."""

    def __init__(self, shop: Shop, folder: Path) -> None:
        self._shop = shop
        self._folder = folder
        self._times = 0
        back_up(shop.database, folder / "yesterday.backup")

    def put_back(self) -> None:
        """Let it be yesterday again."""
        self._times += 1
        restore(self._shop.url, self._folder / "yesterday.backup", self._folder / f"aside-{self._times}")


@pytest.fixture
def gate(shop: Shop, open_exit: OpenExit) -> GuardedExit:
    """A gate that knows the shop, in which SN-0001 was paid for."""
    opened = open_exit()
    shop.sell("SN-0001", cash=250000)
    opened.follow()
    opened.deliver()
    return opened


@pytest.fixture
def yesterday(shop: Shop, gate: GuardedExit, tmp_path: Path) -> Yesterday:
    """A backup made after that."""
    return Yesterday(shop, tmp_path)


def catch_up(gate: GuardedExit) -> None:
    gate.follow()
    gate.deliver()
    gate.follow()


def believed(gate: GuardedExit, serial: str) -> ItemState:
    (belief,) = gate.replica.look_up(codes.read(serial))
    return belief.state


def test_what_left_after_the_backup_has_left_again(shop: Shop, gate: GuardedExit, yesterday: Yesterday) -> None:
    gate.scan("SN-0001", "SN-0002")
    catch_up(gate)
    alarms = shop.count("alarm")
    for _ in range(2):
        yesterday.put_back()
        assert (shop.state("SN-0001"), shop.count("alarm")) == ("paid", 0)
        catch_up(gate)
        assert shop.history("SN-0001") == ["received", "sold", "departed"]
        assert shop.count("alarm") == alarms == 1
    assert shop.count("delivery") == 2
    assert not shop.broken()


def test_a_unit_whose_sale_was_lost_is_shown_to_a_person_and_sounds_nothing(
    shop: Shop, gate: GuardedExit, yesterday: Yesterday
) -> None:
    shop.sell("SN-0003", cash=250000)
    gate.follow()
    gate.scan("SN-0003")
    yesterday.put_back()
    catch_up(gate)
    assert shop.state("SN-0003") == "in_stock"
    assert shop.count("alarm", "serial = 'SN-0003' AND reason = 'restored' AND state = 'late'") == 1
    assert shop.count("event", "kind = 'passage' AND what = 'late'") == 1
    assert not gate.sounds()
    assert not shop.broken()


def test_a_unit_that_the_database_has_lost_is_not_taken_for_the_one_that_has_its_number_now(
    shop: Shop, gate: GuardedExit, yesterday: Yesterday
) -> None:
    shop.receive(WATCH, "SN-LOST")
    shop.sell("SN-LOST", cash=250000)
    gate.follow()
    gate.scan("SN-LOST", "SN-0004")
    yesterday.put_back()
    shop.receive(WATCH, "SN-NEW1")
    shop.sell("SN-NEW1", cash=250000)
    catch_up(gate)
    assert shop.state("SN-NEW1") == "paid"
    assert shop.count("alarm", "serial = 'SN-LOST' AND reason = 'restored' AND item_id IS NULL") == 1
    assert shop.count("alarm", "serial = 'SN-0004' AND reason = 'unpaid' AND item_id IS NOT NULL") == 1
    assert not shop.broken()


def test_what_left_before_does_not_pass_for_what_is_in_stock_again(
    gate: GuardedExit, shop: Shop, yesterday: Yesterday
) -> None:
    shop.sell("SN-0003", cash=250000)
    gate.follow()
    gate.scan("SN-0003")
    yesterday.put_back()
    gate.follow()
    assert believed(gate, "SN-0003") is ItemState.IN_STOCK
    gate.wait(60)
    gate.scan("SN-0003")
    assert gate.sounds()


def test_it_does_not_after_a_restart_either_although_its_passage_never_reached_a_ledger(
    gate: GuardedExit, shop: Shop, yesterday: Yesterday, open_exit: OpenExit
) -> None:
    shop.sell("SN-0003", cash=250000)
    gate.follow()
    gate.scan("SN-0003")
    yesterday.put_back()
    gate.follow()
    gate.close()
    again = open_exit()
    assert again.journal.waiting == 1
    assert believed(again, "SN-0003") is ItemState.IN_STOCK
    again.scan("SN-0003")
    assert again.sounds()


def test_a_gate_that_starts_anew_in_the_middle_of_it_is_not_confused(
    shop: Shop, gate: GuardedExit, yesterday: Yesterday, open_exit: OpenExit
) -> None:
    shop.sell("SN-0003", cash=250000)
    gate.follow()
    gate.scan("SN-0001", "SN-0003")
    gate.deliver()
    yesterday.put_back()
    gate.follow()
    gate.journal.deliver_again(gate.source.epoch())
    gate.close()
    again = open_exit()
    assert again.journal.waiting == 2
    assert believed(again, "SN-0003") is ItemState.IN_STOCK
    catch_up(again)
    assert shop.state("SN-0001") == "departed"
    assert shop.count("alarm", "reason = 'restored'") == 1


def test_a_gate_says_that_it_happened_and_makes_itself_known_again(
    shop: Shop, open_exit: OpenExit, tmp_path: Path
) -> None:
    yesterday = Yesterday(shop, tmp_path)
    gate = open_exit()
    gate.follow()
    gate.settle()
    gate.wait(1)
    assert gate.shown["health"]["faults"] == {}
    yesterday.put_back()
    assert shop.count("gate") == 0
    gate.follow()
    gate.settle()
    gate.wait(1)
    assert "put back" in gate.shown["health"]["faults"]["database"]
    assert shop.count("gate", "name = 'gate-1'") == 1
