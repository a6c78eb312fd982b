"""A destination hears what the journal holds: in order, nothing left out, whatever ends in between."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gate.outward.courier import Courier, NotTakenError, Sender
from gate.outward.cursor import CursorFile
from gate.outward.journal_reader import JournalReader
from gate.outward.messages import Message
from gate.outward.webhook import PATIENCE_SECONDS
from shared.journal import SLOT, SLOTS, Journal

WEEK = PATIENCE_SECONDS
WALL = 1_790_000_000.0


class Ear:
    """Takes what it is told, or refuses."""

    name = "ear"
    longest_pause = 300.0

    def __init__(self, patience: float | None = None) -> None:
        self.patience = patience
        self.is_deaf = False
        self.heard: list[Message] = []

    def take(self, told: Message) -> None:
        if self.is_deaf:
            raise NotTakenError("deaf")
        self.heard.append(told)

    def incidents(self) -> list[str]:
        return [str(told.body.get("incident", told.body.get("count"))) for told in self.heard]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "gate-1.journal", "gate-1") as opened:
        yield opened


@pytest.fixture
def ear() -> Ear:
    return Ear()


def courier(folder: Path, ear: Ear, wall: float = WALL) -> Courier:
    """One as after a start of its process."""
    reader = JournalReader(folder / "gate-1.journal", "gate-1")
    return Courier(ear, reader, CursorFile(folder / "gate-1.ear.cursor"), Sender("gate-1", "IDR"), lambda: wall)


def silence(journal: Journal, *incidents: object, at: float = WALL) -> None:
    """Write down that somebody silenced these."""
    for incident in incidents:
        journal.append({"kind": "silenced", "incident": str(incident), "at": round(at * 1_000_000)})


def test_what_happens_from_the_first_start_on_is_told_in_order(tmp_path: Path, journal: Journal, ear: Ear) -> None:
    silence(journal, "before anybody asked")
    telling = courier(tmp_path, ear)
    assert telling.step() == 0
    silence(journal, *range(200))
    assert telling.step() == 0
    assert ear.incidents() == [str(number) for number in range(200)]


def test_what_is_nobody_s_business_outside_is_passed_over(tmp_path: Path, journal: Journal, ear: Ear) -> None:
    telling = courier(tmp_path, ear)
    journal.append({"kind": "passage", "reason": "paid", "at": 1})
    silence(journal, "a")
    telling.step()
    assert ear.incidents() == ["a"]


def test_what_was_not_taken_is_told_later_and_nothing_after_it_first(
    tmp_path: Path, journal: Journal, ear: Ear
) -> None:
    telling = courier(tmp_path, ear)
    silence(journal, "a")
    telling.step()
    ear.is_deaf = True
    silence(journal, "b", "c")
    assert [telling.step() for _ in range(4)] == [1, 2, 4, 8]
    assert telling.why == "deaf"
    ear.is_deaf = False
    assert (telling.step(), telling.why) == (0, "")
    assert ear.incidents() == ["a", "b", "c"]


def test_after_a_restart_it_goes_on_where_it_was(tmp_path: Path, journal: Journal, ear: Ear) -> None:
    courier(tmp_path, ear).step()
    silence(journal, "a")
    courier(tmp_path, ear).step()
    silence(journal, "b")
    courier(tmp_path, ear).step()
    assert ear.incidents() == ["a", "b"]


def test_what_was_told_but_not_noted_is_told_again_under_the_same_id(
    tmp_path: Path, journal: Journal, ear: Ear
) -> None:
    courier(tmp_path, ear).step()
    before = (tmp_path / "gate-1.ear.cursor").read_bytes()
    silence(journal, "a")
    courier(tmp_path, ear).step()
    (tmp_path / "gate-1.ear.cursor").write_bytes(before)
    courier(tmp_path, ear).step()
    first, second = ear.heard
    assert (first.id, first.body) == (second.id, second.body)


def test_what_the_ring_overwrote_is_counted_and_said_first(tmp_path: Path, journal: Journal, ear: Ear) -> None:
    courier(tmp_path, ear).step()
    for round_ in range(2):
        silence(journal, *(f"{round_}-{number}" for number in range(SLOTS)))
        journal.acknowledge(journal.undelivered(SLOTS))
    courier(tmp_path, ear).step()
    assert (ear.heard[0].event, ear.heard[0].body["count"]) == ("lost", SLOTS)
    assert ear.incidents()[1:] == [f"1-{number}" for number in range(SLOTS)]
    courier(tmp_path, ear).step()
    assert len(ear.heard) == 1 + SLOTS


def test_an_entry_that_a_power_cut_spoilt_holds_up_nothing(tmp_path: Path, journal: Journal, ear: Ear) -> None:
    telling = courier(tmp_path, ear)
    silence(journal, "a", "b", "c")
    with (tmp_path / "gate-1.journal").open("r+b") as raw:
        raw.seek(SLOT * 3 + 40)
        raw.write(os.urandom(8))
    telling.step()
    assert ear.incidents() == ["a", "1", "c"]


def test_a_journal_that_began_anew_is_told_from_its_beginning(tmp_path: Path, ear: Ear) -> None:
    with Journal(tmp_path / "gate-1.journal", "gate-1") as old:
        courier(tmp_path, ear)
        silence(old, "a", "b")
        courier(tmp_path, ear).step()
    (tmp_path / "gate-1.journal").unlink()
    with Journal(tmp_path / "gate-1.journal", "gate-1") as new:
        silence(new, "c", "d")
        courier(tmp_path, ear).step()
    assert ear.incidents() == ["a", "b", "c", "d"]


def test_a_cursor_that_cannot_be_read_leaves_nothing_out(tmp_path: Path, journal: Journal, ear: Ear) -> None:
    silence(journal, "a")
    (tmp_path / "gate-1.ear.cursor").write_text("{")
    courier(tmp_path, ear).step()
    assert ear.incidents() == ["a"]


def test_nothing_is_given_up_before_a_week_and_then_it_is_said(tmp_path: Path, journal: Journal) -> None:
    ear = Ear(patience=WEEK)
    courier(tmp_path, ear).step()
    silence(journal, "old", at=WALL)
    silence(journal, "new", at=WALL + WEEK)
    ear.is_deaf = True
    telling = courier(tmp_path, ear, wall=WALL + 10 * WEEK)  # a clock that was set wrong gives up nothing
    waited = 0.0
    while waited < WEEK:
        waited += telling.step()
    telling = courier(tmp_path, ear, wall=WALL + WEEK + 300)
    telling.step()
    ear.is_deaf = False
    telling.step()
    assert [(told.event, told.body.get("count", told.body.get("incident"))) for told in ear.heard] == [
        ("lost", 1),
        ("silenced", "new"),
    ]


def test_a_journal_is_read_while_it_is_written(tmp_path: Path, journal: Journal) -> None:
    """The reader never runs ahead of an entry that is just being written."""
    with closing(JournalReader(tmp_path / "gate-1.journal", "gate-1")) as reader:
        place, seen = 0, []
        for number in range(300):
            silence(journal, number)
            if number % 7 == 0:
                entries = reader.after(place)
                seen += [entry.n for entry in entries]
                place = seen[-1]
        while entries := reader.after(place):
            seen += [entry.n for entry in entries]
            place = seen[-1]
    assert seen == list(range(1, 301))
