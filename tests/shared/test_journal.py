"""The journal: durable here first, whole after any cut, its entries given out in order until they are acknowledged."""

import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import shared.journal
from shared.journal import AGAIN, LONGEST_BODY, SLOT, SLOTS, Journal, JournalError
from tests.servers.disk import fill_up, mounted


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "gate-1.journal"


def test_entries_wait_in_order_until_they_are_acknowledged(file: Path) -> None:
    with Journal(file, "gate-1") as journal:
        entries = [journal.append({"number": number}) for number in range(5)]
        assert journal.undelivered(3) == entries[:3]
        journal.acknowledge(entries[:3])
        assert journal.undelivered(10) == entries[3:]
        assert journal.waiting == 2


def test_what_waits_is_there_after_a_restart_under_its_old_key(file: Path) -> None:
    with Journal(file, "gate-1") as journal:
        first, second = journal.append({"a": "é"}), journal.append({"b": 2})
        journal.acknowledge([first])
    with Journal(file, "gate-1") as journal:
        assert journal.undelivered(10) == [second]
        assert second.facts() == {"b": 2}
        third = journal.append({"c": 3})
        assert third.n == second.n + 1
        assert third.boot != second.boot


def test_numbers_never_come_again_even_when_nothing_waits(file: Path) -> None:
    numbers: list[int] = []
    for _ in range(4):
        with Journal(file, "gate-1") as journal:
            entry = journal.append({})
            numbers.append(entry.n)
            journal.acknowledge([entry])
    assert numbers == [1, 2, 3, 4]


def test_it_goes_round_its_ring_many_times(file: Path) -> None:
    with Journal(file, "gate-1") as journal:
        for _ in range(3):
            for number in range(SLOTS - 1):
                journal.append({"number": number})
            journal.acknowledge(journal.undelivered(SLOTS))
        last = journal.append({"last": True})
    with Journal(file, "gate-1") as journal:
        assert journal.undelivered(SLOTS) == [last]


def test_a_full_journal_says_so_and_loses_nothing(file: Path) -> None:
    with Journal(file, "gate-1") as journal:
        for number in range(SLOTS):
            journal.append({"number": number})
        with pytest.raises(JournalError, match="full"):
            journal.append({})
        oldest = journal.undelivered(1)
        assert oldest[0].facts() == {"number": 0}
        journal.acknowledge(oldest)
        journal.append({"fits": "again"})


def test_an_entry_that_was_being_written_when_the_power_went_counts_as_not_written(file: Path) -> None:
    with Journal(file, "gate-1") as journal:
        kept, torn = journal.append({"kept": 1}), journal.append({"torn": "x" * 600})
    with file.open("r+b") as raw:
        raw.seek(SLOT * (1 + torn.n) + 512)
        raw.write(b"\0" * 512)
    with Journal(file, "gate-1") as journal:
        assert journal.undelivered(10) == [kept]


def test_an_entry_cut_at_any_byte_is_there_whole_or_not_at_all_and_those_before_it_are(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared.journal, "SLOTS", 4)
    with Journal(file, "gate-1") as journal:
        kept = [journal.append({"kept": number}) for number in range(2)]
        last = journal.append({"kind": "passage", "serial": "SN-0001 é", "reason": "paid"})
    place = SLOT * (1 + last.n)
    written = file.read_bytes()[place : place + SLOT]
    end = len(written.rstrip(b"\0"))
    found = []
    for cut in range(end + 1):
        with file.open("r+b") as raw:
            raw.seek(place)
            raw.write(written[:cut].ljust(SLOT, b"\0"))
        with Journal(file, "gate-1") as journal:
            found.append(journal.undelivered(10))
    assert found == [kept] * end + [[*kept, last]]


def test_an_acknowledgement_that_was_being_written_falls_back_to_the_one_before(file: Path) -> None:
    with Journal(file, "gate-1") as journal:
        first, second = journal.append({}), journal.append({})
        journal.acknowledge([first])
        journal.acknowledge([second])
    with file.open("r+b") as raw:
        raw.seek(512)
        raw.write(b"\xff" * 12)
    with Journal(file, "gate-1") as journal:
        assert journal.undelivered(10) == [second]


def test_a_receiver_of_another_epoch_gets_everything_again(file: Path) -> None:
    with Journal(file, "gate-1") as journal:
        journal.deliver_again("first")
        old, new = [journal.append({"old": number}) for number in range(5)], journal.append({"new": 1})
        journal.acknowledge(old)
        journal.deliver_again("second")
        assert (journal.epoch, journal.undelivered(10)) == ("second", [*old, new])
        assert journal.never_delivered() == [new]
        journal.acknowledge(old[:2])
    with Journal(file, "gate-1") as journal:
        assert (journal.epoch, journal.undelivered(10)) == ("second", [*old[2:], new])
        assert journal.never_delivered() == [new]
        journal.acknowledge([*old[2:], new])
        assert journal.append({}).n == new.n + 1


def test_new_entries_have_room_beside_those_that_are_delivered_again(file: Path) -> None:
    with Journal(file, "gate-1") as journal:
        for number in range(SLOTS + 100):
            journal.acknowledge([journal.append({"number": number})])
        journal.deliver_again("second")
        assert journal.waiting == AGAIN
        assert journal.undelivered(SLOTS)[-1].facts() == {"number": SLOTS + 99}
        for number in range(SLOTS - AGAIN):
            journal.append({"more": number})
        with pytest.raises(JournalError, match="full"):
            journal.append({})
        assert journal.undelivered(1)[0].facts() == {"number": SLOTS + 100 - AGAIN}


def test_what_waits_for_the_first_time_is_never_given_up_for_what_is_delivered_again(file: Path) -> None:
    with Journal(file, "gate-1") as journal:
        waiting = [journal.append({"number": number}) for number in range(SLOTS)]
        journal.deliver_again("second")
        assert journal.undelivered(SLOTS) == waiting


def test_a_journal_from_before_receivers_had_epochs_goes_on(file: Path) -> None:
    with Journal(file, "gate-1") as journal:
        entries = [journal.append({"number": number}) for number in range(5)]
    with file.open("r+b") as raw:
        for place, n in ((512, 2), (768, 3)):
            packed = struct.pack("<Q", n)
            raw.seek(place)
            raw.write(struct.pack("<I", zlib.crc32(packed)) + packed)
    with Journal(file, "gate-1") as journal:
        assert (journal.epoch, journal.undelivered(10)) == ("", entries[3:])
        assert journal.never_delivered() == entries[3:]
        journal.deliver_again("now")
        assert journal.undelivered(10) == entries
        journal.acknowledge(entries)
    with Journal(file, "gate-1") as journal:
        assert (journal.epoch, journal.waiting) == ("now", 0)


def test_a_file_of_another_device_or_cut_short_is_kept_aside_and_never_overwritten(file: Path) -> None:
    with Journal(file, "gate-2") as journal:
        journal.append({"of": "gate-2"})
    with Journal(file, "gate-1") as journal:
        assert journal.waiting == 0
    (aside,) = file.parent.glob("*.damaged-*")
    aside.rename(file)
    with Journal(file, "gate-2") as journal:
        assert journal.waiting == 1
    os.truncate(file, 3 * SLOT)
    with Journal(file, "gate-2") as journal:
        assert journal.waiting == 0


def test_an_entry_that_does_not_fit_is_refused(file: Path) -> None:
    with Journal(file, "gate-1") as journal, pytest.raises(JournalError, match=str(LONGEST_BODY)):
        journal.append({"text": "x" * LONGEST_BODY})


def test_a_place_that_cannot_be_written_is_a_plain_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError, match="cannot be opened"):
        Journal(tmp_path / "file" / "journal", "gate-1")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 20 MB of its own."""
    with mounted(tmp_path / "disk", megabytes=20) as folder:
        yield folder


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk of its own")
def test_a_full_disk_does_not_stop_it(small_disk: Path) -> None:
    with Journal(small_disk / "gate-1.journal", "gate-1") as journal:
        fill_up(small_disk / "filler")
        entries = [journal.append({"number": number}) for number in range(2000)]
        journal.sync()
        journal.acknowledge(entries[:10])
    with Journal(small_disk / "gate-1.journal", "gate-1") as journal:
        assert journal.undelivered(SLOTS) == entries[10:]


def test_kill_9_loses_nothing_that_was_synced(file: Path) -> None:
    script = (
        "import sys, pathlib; from shared.journal import Journal\n"
        "journal = Journal(pathlib.Path(sys.argv[1]), 'gate-1')\n"
        "for number in range(100000):\n"
        "    journal.append({'number': number}); journal.sync(); print(number, flush=True)\n"
    )
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", script, str(file)], stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            for _ in range(50):
                synced = int(writer.stdout.readline())
            writer.kill()
            printed = [int(line) for line in writer.stdout.read().split()[:-1]]
            synced = max([synced, *printed])
        with Journal(file, "gate-1") as journal:
            waiting = journal.undelivered(SLOTS)
            assert [entry.facts()["number"] for entry in waiting][: synced + 1] == list(range(synced + 1))
            journal.acknowledge(waiting)
