"""Repeat reads are one passage; a passage never hides a worse verdict."""

from hypothesis import given
from hypothesis import strategies as st

from gate.decision import Sighting, Verdict, Word, decide
from gate.passages import MOST_OPEN, WINDOW_SECONDS, Passages, Read
from shared.codes import Miss
from shared.items import ItemState

PASS = decide(Sighting((ItemState.PAID,)))
ALARM = decide(Sighting((ItemState.IN_STOCK,)))
UNCONFIRMED = decide(Sighting((ItemState.IN_STOCK,), None, Word.SILENT))
VERDICTS = [PASS, ALARM, UNCONFIRMED, decide(Sighting((), Miss.DAMAGED)), decide(Sighting((), Miss.FOREIGN))]


def test_a_label_read_again_and_again_is_one_passage_for_as_long_as_it_is_in_sight() -> None:
    passages = Passages()
    reads = [passages.see("item 1", PASS, now * 0.9 * WINDOW_SECONDS) for now in range(20)]
    assert reads == [Read.FIRST] + [Read.REPEAT] * 19


def test_after_the_window_the_same_label_is_a_new_passage() -> None:
    passages = Passages()
    passages.see("item 1", ALARM, 0.0)
    assert passages.see("item 1", ALARM, WINDOW_SECONDS + 0.01) is Read.FIRST


def test_a_worse_verdict_is_told_within_the_passage_and_a_better_one_is_not() -> None:
    passages = Passages()
    verdicts = [PASS, UNCONFIRMED, ALARM, PASS, ALARM]
    reads = [passages.see("item 1", verdict, 0.1 * place) for place, verdict in enumerate(verdicts)]
    assert reads == [Read.FIRST, Read.WORSE, Read.WORSE, Read.REPEAT, Read.REPEAT]


def test_things_do_not_share_a_passage() -> None:
    passages = Passages()
    passages.see("item 1", ALARM, 0.0)
    assert passages.see("item 2", ALARM, 0.0) is Read.FIRST


def test_a_flood_of_different_labels_keeps_the_memory_flat() -> None:
    passages = Passages()
    for number in range(3 * MOST_OPEN):
        passages.see(f"text {number}", PASS, 0.0)
    assert len(passages._open) <= MOST_OPEN


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(VERDICTS), st.floats(0, 10))))
def test_whatever_comes_every_first_alarm_of_a_passage_is_told(steps: list[tuple[str, Verdict, float]]) -> None:
    passages, now, alarmed_until = Passages(), 0.0, {"a": -1.0, "b": -1.0}
    for thing, verdict, pause in steps:
        now += pause
        told = passages.see(thing, verdict, now) is not Read.REPEAT
        if verdict == ALARM and now > alarmed_until[thing]:
            assert told
        if verdict == ALARM or now <= alarmed_until[thing]:
            alarmed_until[thing] = now + WINDOW_SECONDS
