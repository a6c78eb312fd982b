"""Receipts at the gate: what is on one passes while nobody who knows better answers, and nothing else does."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gate.asking import LATE_SECONDS
from gate.confirming import Answer
from gate.receipts import VISIT_SECONDS, VOUCHES_SECONDS
from shared import codes, receipt_keys
from shared.items import ItemState
from shared.ledger import open_register
from shared.signing_key import SigningKey
from shared.source import Truth
from tests.gate.guarded_exit import GuardedExit
from tests.shop import SIGNER, Shop
from tests.shops import on_sqlite

pytestmark = on_sqlite
PRICE = 250_000
NOBODYS = SigningKey(Ed25519PrivateKey.generate())


class Door:
    """A gate, and the way to its database, which can be taken from it."""

    def __init__(self, shop: Shop, folder: Path) -> None:
        self.shop = shop
        self._folder = folder
        self._link = folder / "way.db"
        shop.know_key()
        self.mend()
        self.open()

    def open(self) -> None:
        """Start the gate, the first time or again."""
        self.gate = GuardedExit(f"sqlite:///{self._link}", self._folder)

    def learn(self) -> None:
        """Let the gate come level with the shop."""
        self.gate.follow()
        self.gate.settle()

    def cut(self) -> None:
        """Let the database be gone."""
        assert self._link.is_symlink()
        self._link.unlink()

    def mend(self) -> None:
        """Let it be back."""
        file = self.shop.database.file
        assert file is not None
        self._link.symlink_to(file)

    def sell(self, *serials: str) -> str:
        """Sell; the text of the receipt's code."""
        (text,) = self.shop.sell(*serials, cash=PRICE * len(serials)).receipt["signed"]
        return str(text)

    def told(self) -> tuple[str, int, list[str]]:
        """What the screen is told of the receipt: the finding, how many units, and whom to ask about."""
        self.gate.wait(0.6)
        shown = self.gate.shown["receipt"]
        return shown["finding"], shown["units"], list(shown["asked"])

    def seen(self) -> list[tuple[str, str]]:
        """What the journal holds that is not delivered, in short."""
        facts = [entry.facts() for entry in self.gate.journal.undelivered(100)]
        return [(one["kind"], one.get("reason") or one.get("finding") or one.get("fact") or "") for one in facts]


@pytest.fixture
def door(shop: Shop, tmp_path: Path) -> Iterator[Door]:
    """A gate that knows the shop."""
    opened = Door(shop, tmp_path)
    opened.learn()
    yield opened
    opened.gate.close()


@pytest.fixture
def lone(door: Door) -> Door:
    """A gate that knew the shop, and has lost its database since."""
    door.cut()
    return door


def test_what_waits_and_is_on_the_receipt_is_let_go_and_the_incident_is_over(lone: Door) -> None:
    text = lone.sell("SN-0001", "SN-0002")
    lone.gate.scan("SN-0001", "SN-0002")
    assert lone.gate.sounds()
    lone.gate.wait(2.0)
    lone.gate.scan(text)
    assert lone.told() == ("covered", 2, [])
    assert not lone.gate.sounds()
    assert (lone.gate.shown["alarm"], lone.gate.shown["waiting"]) == (None, [])
    passed = [("passage", "receipt"), ("passage", "receipt"), ("resolved", "on_receipt"), ("receipt", "covered")]
    assert lone.seen() == [("alarm", "unconfirmed"), ("alarm", "unconfirmed"), *passed]


def test_it_all_reaches_the_ledger_and_the_unit_has_left(lone: Door) -> None:
    text = lone.sell("SN-0001")
    lone.gate.scan("SN-0001", text)
    lone.mend()
    lone.gate.deliver()
    shop = lone.shop
    assert shop.state("SN-0001") == "departed"
    assert shop.count("incident", "fact = 'on_receipt' AND resolved_by = ''") == 1
    assert shop.count("event", "kind = 'receipt' AND state = 'covered'") == 1
    assert shop.count("event", "what = 'departed' AND details LIKE '%till-1-000001%'") == 1
    assert shop.broken() == []


def test_what_is_read_after_it_passes_for_a_minute(lone: Door) -> None:
    lone.gate.scan(lone.sell("SN-0001", "SN-0002"))
    assert lone.told() == ("genuine", 2, [])
    lone.gate.scan("SN-0001")
    assert not lone.gate.sounds()
    lone.gate.wait(VOUCHES_SECONDS)
    lone.gate.scan("SN-0002")
    assert lone.gate.sounds()
    assert lone.seen() == [("receipt", "genuine"), ("passage", "receipt"), ("alarm", "unconfirmed")]


def test_a_unit_that_it_let_go_comes_back_like_any_that_left(lone: Door) -> None:
    lone.gate.scan(lone.sell("SN-0001"), "SN-0001")
    lone.gate.close()
    lone.open()
    lone.gate.scan("SN-0001")
    assert not lone.gate.sounds()
    assert lone.seen()[-1] == ("passage", "again")


def test_what_is_not_on_it_is_named_and_goes_on_waiting(lone: Door) -> None:
    text = lone.sell("SN-0001")
    lone.gate.scan("SN-0001", "SN-0003", text)
    assert lone.told() == ("not_on_it", 2, ["Watch"])
    assert [item["serial"] for item in lone.gate.shown["alarm"]["items"]] == ["SN-0003"]
    assert lone.seen()[2:] == [("passage", "receipt"), ("receipt", "not_on_it")]
    lone.gate.wait(4)
    lone.gate.scan("SN-0003")
    assert lone.seen()[-1] == ("alarm", "unconfirmed")


def test_nothing_that_is_not_on_it_passes_by_it(lone: Door) -> None:
    lone.gate.scan(lone.sell("SN-0001"), "SN-0002", "SN-0003", "SN-0004")
    assert lone.seen() == [("receipt", "genuine"), *[("alarm", "unconfirmed")] * 3]


def test_a_refund_that_the_gate_knows_of_is_not_overruled(door: Door) -> None:
    text = door.sell("SN-0001")
    door.shop.move("SN-0001", "returned", "returned")
    door.shop.move("SN-0001", "restocked", "in_stock")
    door.learn()
    door.cut()
    door.gate.scan("SN-0001", text)
    assert door.told() == ("unpaid", 1, ["Watch"])
    door.gate.wait(4)
    door.gate.scan("SN-0001")
    assert door.seen() == [("alarm", "unconfirmed"), ("receipt", "unpaid"), ("alarm", "unconfirmed")]


def test_a_database_that_answers_is_never_overruled(door: Door) -> None:
    text = door.sell("SN-0001")
    door.shop.move("SN-0001", "returned", "returned")
    door.gate.scan(text, "SN-0001", text)
    assert door.gate.sounds()
    assert door.told() == ("unpaid", 1, ["Watch"])
    assert door.seen() == [("receipt", "genuine"), ("alarm", "unpaid"), ("receipt", "unpaid")]


def test_who_went_back_and_paid_after_the_alarm_is_told_right_and_a_person_says_what_it_was(door: Door) -> None:
    door.gate.scan("SN-0001")
    text = door.sell("SN-0001")
    door.gate.scan(text)
    assert door.told() == ("covered", 1, [])
    assert len(door.gate.shown["waiting"]) == 1


@pytest.mark.parametrize("comes_first", ["unit", "receipt"])
def test_an_answer_that_comes_late_takes_back_what_the_receipt_let_go(lone: Door, comes_first: str) -> None:
    text = lone.sell("SN-0001")
    (belief,) = lone.gate.replica.look_up(codes.read("SN-0001"))
    lone.gate.scan(*(("SN-0001", text) if comes_first == "unit" else (text, "SN-0001")))
    assert lone.seen()[1] == ("passage", "receipt")
    lone.gate.wait(LATE_SECONDS / 2)
    question = max(lone.gate.gate._judge._asking._unanswered)
    lone.gate.gate.take(Answer(question, [Truth(belief.item, ItemState.RETURNED, 3, "till-1", 0)]))
    assert lone.gate.sounds()
    assert lone.seen()[2 if comes_first == "receipt" else -2] == ("alarm", "unpaid")
    assert lone.gate.replica.recall([belief.item])[0].state is ItemState.IN_STOCK


def test_shown_on_another_visit_it_says_when_it_was_shown_and_vouches_no_more(lone: Door) -> None:
    text = lone.sell("SN-0001")
    lone.gate.scan(text)
    first = lone.gate.wall + lone.gate.now
    lone.gate.wait(VISIT_SECONDS - 1)
    lone.gate.scan(text)
    assert lone.told()[0] == "genuine"
    lone.gate.wait(VISIT_SECONDS + 1)
    lone.gate.scan(text)
    assert lone.told()[0] == "shown_before"
    assert lone.gate.shown["receipt"]["before"] == pytest.approx(first)
    lone.gate.scan("SN-0001")
    assert lone.gate.sounds()


def test_it_remembers_what_it_was_shown_through_a_restart(door: Door) -> None:
    text = door.sell("SN-0001")
    door.gate.scan(text)
    door.gate.deliver()
    door.gate.close()
    door.open()
    door.gate.scan(text)
    assert door.told()[0] == "shown_before"


def test_a_receipt_of_before_the_database_was_put_back_vouches_no_more(lone: Door) -> None:
    lone.gate.scan(lone.sell("SN-0001"))
    lone.gate.gate._judge.begin_anew()
    lone.gate.scan("SN-0001")
    assert lone.gate.sounds()


def test_held_up_for_long_it_is_written_down_once(lone: Door) -> None:
    text = lone.sell("SN-0001")
    for _ in range(5):
        lone.gate.scan(text)
        lone.gate.wait(0.5)
    assert lone.seen() == [("receipt", "genuine")]


@pytest.mark.parametrize("finding", ["old_key", "unknown_key", "other_store", "damaged", "damaged by a character"])
def test_what_does_not_count_says_why_and_vouches_for_nothing(door: Door, finding: str) -> None:
    shop = door.shop
    if finding == "old_key":
        shop.in_office(lambda turn: receipt_keys.retire(turn, SIGNER.id))
    if finding == "unknown_key":
        shop.counter = replace(shop.counter, signer=NOBODYS)
    if finding == "damaged":  # signed by nobody, in the name of a key that the shop knows
        shop.counter = replace(shop.counter, signer=Forger())
    if finding == "other_store":
        shop.counter = replace(shop.counter, store="other")
        shop.database.write(lambda connection: open_register(connection, "other", shop.counter.register, "till"))
    door.learn()
    door.cut()
    text = door.sell("SN-0001")
    if "character" in finding:
        text = text[:50] + ("A" if text[50] != "A" else "B") + text[51:]
    door.gate.scan(text, "SN-0001")
    assert door.told()[0] == finding.split(maxsplit=1)[0]
    assert door.gate.sounds()


class Forger:
    """Whoever knows the format and the key's id, and not the key."""

    id = SIGNER.id

    def sign(self, content: bytes) -> str:
        """Sign with another key."""
        return NOBODYS.sign(content)
