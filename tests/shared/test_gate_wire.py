"""What a gate and a till's server say to each other arrives as it was said, or is known not to have."""

import random

import pytest

from shared import gate_wire
from shared.gate_rules import Closed, KnownGate
from shared.gate_wire import ROWS_IN_A_LINE, WireError
from shared.items import ItemState
from shared.ledger import Event, Head
from shared.source import Copy, Truth

HEADS = {("main", "till-1"): Head(7, b"\x01" * 32), ("main", "gate-1"): Head(0, bytes(32))}
EVENT = Event("main", "till-1", 1, "item", "5", 2, "sold", "paid", "staff:1", 9, '{"x":"Ü"}', b"\x07" * 32)
GATE = KnownGate(armed=True, policy={"unknown": "check"}, closed=Closed(7, 5))
PRODUCTS = [(1, 1, "Arloji “Ü”", 250_000)]
ITEMS = [(number, "in_stock", 1, 1, f"SN-{number}", "B7") for number in range(2 * ROWS_IN_A_LINE + 1)]
PERMITS = [("5f0c", 1, 7, None, "", "", 9_000, 0), ("77aa", 2, None, 1, "B7", "", 9_000, 1)]
CODES = [(f"SN-{number}", "maker", "BAG", number) for number in range(3)]
KEYS = [("0123456789abcdef", 1, "00" * 32, False)]
PEOPLE = [(1, "manager", 1)]
BADGES = [("ab" * 32, 1, 1, 0)]


def lines(
    products: object = PRODUCTS, items: object = ITEMS, codes: object = CODES, permits: object = PERMITS
) -> list[bytes]:
    rows = (products, items, codes, permits, KEYS, PEOPLE, BADGES)
    return list(gate_wire.copy_lines(Copy("epoch", HEADS, GATE, 9, *rows)))  # type: ignore[arg-type] # lists of rows


def read(sent: list[bytes]) -> list[object]:
    copy = gate_wire.read_copy(sent)
    parts = (copy.products, copy.items, copy.codes, copy.permits, copy.keys, copy.people, copy.badges)
    return [copy.epoch, copy.heads, copy.gate, copy.newest, [tuple(row) for part in parts for row in part]]


def test_heads_events_and_truths_arrive_as_they_were_told() -> None:
    truths = [Truth(5, ItemState.PAID, 2, "till-1", 1_790_000_000_000_000)]
    assert gate_wire.hear_heads(gate_wire.tell_heads("epoch", HEADS)) == ("epoch", HEADS)
    assert gate_wire.hear_events(gate_wire.tell_events([EVENT])) == [EVENT]
    assert gate_wire.hear_truths(gate_wire.tell_truths(truths)) == truths


@pytest.mark.parametrize(
    "told", [None, [], {}, 5, "heads", {"epoch": 1}, {"heads": [5], "epoch": "x", "events": [{}], "truths": [[1]]}]
)
def test_an_answer_of_another_shape_is_known_for_one(told: object) -> None:
    for hear in (gate_wire.hear_heads, gate_wire.hear_events, gate_wire.hear_truths):
        with pytest.raises(WireError):
            hear(told)


def test_a_copy_arrives_as_it_was_whatever_it_holds() -> None:
    assert read(lines()) == ["epoch", HEADS, GATE, 9, [*PRODUCTS, *ITEMS, *CODES, *PERMITS, *KEYS, *PEOPLE, *BADGES]]
    assert read(lines([], [], [], [])) == ["epoch", HEADS, GATE, 9, [*KEYS, *PEOPLE, *BADGES]]


def test_a_copy_is_never_held_whole() -> None:
    """A row is taken from the source only when the lines before it are gone."""
    taken = 0

    def rows() -> object:
        nonlocal taken
        for row in ITEMS:
            taken += 1
            yield row

    sent = gate_wire.copy_lines(Copy("epoch", HEADS, None, 9, [], rows(), [], [], [], [], []))  # type: ignore[arg-type] # as above
    for _ in range(3):
        next(sent)
    assert taken == ROWS_IN_A_LINE


@pytest.mark.parametrize("kept", range(11))
def test_a_copy_that_was_cut_off_between_two_lines_is_known_for_one(kept: int) -> None:
    sent = lines()
    assert len(sent) == 11
    with pytest.raises(WireError):
        read(sent[:kept])


def test_a_copy_that_was_cut_off_or_changed_anywhere_or_lost_or_doubled_a_line_is_known_for_one() -> None:
    sent, dice = lines(items=ITEMS[:5]), random.Random(3)
    whole = b"".join(sent)
    for _ in range(300):
        place = dice.randrange(len(whole) - 1)
        other = bytes([whole[place] ^ (1 << dice.randrange(8))])
        for broken in (whole[:place], whole[:place] + other + whole[place + 1 :]):
            with pytest.raises(WireError):
                read(broken.splitlines(keepends=True))
    for number in range(len(sent) - 1):
        for broken_lines in (sent[:number] + sent[number + 1 :], [*sent[:number], sent[number], *sent[number:]]):
            with pytest.raises(WireError):
                read(broken_lines)
