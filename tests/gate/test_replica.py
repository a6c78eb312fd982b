"""The replica: two ways to the same heads give the same rows, and a feed that does not fit is never followed."""

from pathlib import Path
from secrets import token_hex

from gate.replica import Permit, Replica
from pos.office import permits
from pos.office.permits import Leave, PermitKind
from shared import codes, gate_rules, ledger, receipt_keys
from shared.database import Database
from shared.gate_name import GateName
from shared.gate_policy import Outcome, Reason
from shared.gate_rules import Closed
from shared.items import ItemState
from shared.roles import Role
from shared.signed_receipt import KeyState, ReceiptKey
from shared.source import DatabaseSource
from tests.gate.conftest import OpenExit
from tests.shop import SIGNER, STORE, WATCH, Shop

LATER = 4_000_000_000_000_000


def busy_day(shop: Shop) -> None:
    """Some of everything that the feed carries."""
    shop.sell("SN-0001", "SN-0002", cash=500000)
    shop.move("SN-0002", "returned", "returned")
    shop.move("SN-0003", "written_off", "written_off")
    shop.list_products((WATCH, "Watch, new price", "260000"))
    shop.receive("W2", "W2-0001", batch="B7")
    shop.permit("SN-0003", LATER)
    for role in (Role.MANAGER, Role.CASHIER):
        shop.badge(shop.person(role))
    voided = shop.person(Role.SERVICE)
    shop.badge(voided)
    shop.badge(voided)
    ended = shop.permit("SN-0004", LATER)
    shop.in_office(lambda turn: permits.end(turn, ended))
    for row, outcome in ((Reason.UNKNOWN, Outcome.CHECK), (Reason.AGAIN, Outcome.CHECK), (Reason.AGAIN, None)):
        shop.in_office(lambda turn, row=row, outcome=outcome: gate_rules.choose(turn, "gate-1", row, outcome))  # type: ignore[misc] # as said
    shop.know_key()
    shop.in_office(lambda turn: receipt_keys.make_known(turn, "0123", b"another"))
    shop.in_office(lambda turn: receipt_keys.retire(turn, SIGNER.id))


def replayed(shop: Shop, file: Path, order: int) -> Replica:
    """A replica filled event by event, register after register."""
    replica = Replica(file, "gate-1")
    with shop.database.snapshot() as connection:
        registers = sorted(ledger.heads(connection), reverse=order < 0)
        for register in registers:
            assert replica.apply(ledger.newer(connection, register, 0, 10_000))
    return replica


def test_following_and_copying_give_the_same_rows_in_whatever_order_the_registers_come(
    shop: Shop, open_exit: OpenExit, tmp_path: Path
) -> None:
    gate = open_exit()
    gate.follow()
    busy_day(shop)
    gate.follow()
    copied = Replica(tmp_path / "copied", "gate-1")
    with DatabaseSource(shop.database, GateName(STORE, "gate-1")).copy() as copy:
        copied.fill(copy)
    rows = list(copied.rows())
    assert list(gate.replica.rows()) == rows
    without_facts = [row for row in rows if row[0] != "fact"]
    for order in (1, -1):
        replica = replayed(shop, tmp_path / f"replayed{order}", order)
        assert [row for row in replica.rows() if row[0] != "fact"] == without_facts
        assert replica.items == copied.items == 5
        replica.close()
    for replica in (gate.replica, copied):
        assert replica.receipt_key(SIGNER.id) == ReceiptKey(SIGNER.id, SIGNER.public, KeyState.RETIRED)
        assert replica.receipt_key("0123") == ReceiptKey("0123", b"another", KeyState.VALID)
        assert replica.receipt_key("4567") is None
    copied.close()


def test_a_permit_is_known_for_its_unit_or_for_each_of_its_batch_until_somebody_ends_it(
    shop: Shop, open_exit: OpenExit
) -> None:
    gate = open_exit()
    shop.receive("W2", "W2-0001", "W2-0002", batch="B7")
    shop.receive("W2", "W2-0003", batch="B8")
    gate.follow()

    def known(serial: str) -> list[Permit]:
        (belief,) = gate.replica.look_up(codes.read(serial))
        return gate.replica.permits(belief.item)

    (product,) = {belief.product for belief in gate.replica.look_up(codes.read("W2-0001"))}
    batch = Leave(PermitKind.TRANSFER, None, product, "B7", LATER, "")
    of_batch = shop.in_office(lambda turn: permits.issue(turn, batch))
    of_unit = shop.permit("SN-0001", LATER)
    gate.follow()
    assert known("W2-0001") == known("W2-0002") == [Permit(of_batch, LATER)]
    assert known("SN-0001") == [Permit(of_unit, LATER)]
    assert known("W2-0003") == known("SN-0002") == []
    for permit in (of_batch, of_unit):
        shop.in_office(lambda turn, permit=permit: permits.end(turn, permit))  # type: ignore[misc] # as said
    gate.follow()
    assert known("W2-0001") == known("SN-0001") == []


def test_it_is_there_again_after_a_restart_without_the_database(
    shop: Shop, open_exit: OpenExit, tmp_path: Path
) -> None:
    gate = open_exit()
    gate.follow()
    shop.receive(WATCH, "SN-0004")
    gate.follow()
    gate.close()
    replica = Replica(tmp_path / "gate-1.replica", "gate-1")
    (belief,) = replica.look_up(codes.read("SN-0001"))
    assert (belief.state, belief.name, belief.price) == (ItemState.IN_STOCK, "Watch", 250000)
    assert replica.is_filled
    assert replica.items == shop.count("item")
    replica.close()


def test_a_damaged_file_is_begun_anew(tmp_path: Path) -> None:
    file = tmp_path / "gate-1.replica"
    file.write_bytes(b"rubbish" * 5000)
    replica = Replica(file, "gate-1")
    assert not replica.is_filled
    replica.close()


def test_a_changed_entry_is_not_followed_and_everything_is_copied_afresh(shop: Shop, open_exit: OpenExit) -> None:
    gate = open_exit()
    gate.follow()
    shop.sell("SN-0001", cash=250000)
    shop.alter("UPDATE event SET actor = 'staff:9' WHERE what = 'sold' AND kind = 'item'")
    with shop.database.reading() as connection:
        events = ledger.newer(connection, (STORE, "till-1"), 0, 10)
    assert not gate.replica.apply(events)
    gate.follow()
    (belief,) = gate.replica.look_up(codes.read("SN-0001"))
    assert belief.state is ItemState.PAID


def test_a_database_put_back_to_an_earlier_day_is_copied_afresh(shop: Shop, open_exit: OpenExit) -> None:
    gate = open_exit()
    shop.sell("SN-0001", cash=250000)
    gate.follow()
    shop.alter("UPDATE item SET state = 'in_stock', version = 1")
    shop.alter("DELETE FROM event WHERE register = 'till-1'")
    shop.alter("UPDATE register SET head_seq = 0 WHERE name = 'till-1'")
    gate.follow()
    (belief,) = gate.replica.look_up(codes.read("SN-0001"))
    assert belief.state is ItemState.IN_STOCK


def test_a_new_epoch_is_copied_afresh(shop: Shop, open_exit: OpenExit) -> None:
    gate = open_exit()
    gate.follow()
    epoch = token_hex(8)  # a database of PostgreSQL's may be one that another test restored
    shop.alter(f"UPDATE shop SET epoch = '{epoch}'")
    gate.follow()
    assert gate.replica.fact("epoch") == epoch


def test_after_closing_is_as_the_database_says_that_was_put_back_to_an_earlier_word(
    shop: Shop, open_exit: OpenExit
) -> None:
    gate = open_exit()
    gate.follow()
    shop.in_office(lambda turn: gate_rules.close(turn, "gate-1", Closed(0, 5), "staff:1"))
    gate.follow()
    assert gate.replica.closed() == Closed(0, 5)
    shop.alter(f"UPDATE gate SET closed_until = {LATER}, closed_at = 3")
    shop.alter(f"UPDATE shop SET epoch = '{token_hex(8)}'")
    gate.follow()
    assert gate.replica.closed() == Closed(LATER, 3)


def test_what_this_gate_let_out_is_known_here_until_the_feed_says_more(shop: Shop, open_exit: OpenExit) -> None:
    gate = open_exit()
    shop.sell("SN-0001", cash=250000)
    gate.follow()
    gate.scan("SN-0001")
    gate.close()
    again = open_exit()
    (belief,) = again.replica.look_up(codes.read("SN-0001"))
    assert belief.state is ItemState.DEPARTED
    again.deliver()
    shop.receive(WATCH, "SN-0001")
    again.follow()
    (belief,) = again.replica.look_up(codes.read("SN-0001"))
    assert belief.state is ItemState.IN_STOCK


def test_a_gate_at_a_shop_that_does_not_answer_says_so(tmp_path: Path) -> None:
    source = DatabaseSource(Database(f"sqlite:///{tmp_path / 'none.db'}"), GateName(STORE, "gate-1"))
    replica = Replica(tmp_path / "gate-1.replica", "gate-1")
    assert not replica.is_filled
    assert source.file == tmp_path / "none.db"
    replica.close()
