"""What a gate says of its parts and of itself reaches the shop on every way, once."""

import pytest

from gate.watch_book import gate_facts
from tests.gate.conftest import OpenExit
from tests.gate.test_delivery import deliver_again
from tests.shop import Shop

AT = 1_790_000_000_000_000
PART = {"kind": "part", "name": "scanner left", "up": False, "was": True, "at": AT}


def test_each_word_arrives_once_and_what_changed_is_in_the_ledger(shop: Shop, open_exit: OpenExit) -> None:
    gate = open_exit()
    gate.journal.append(gate_facts("started", AT, AT - 5))
    gate.journal.append(PART)
    gate.journal.append({**PART, "was": False})
    deliver_again(gate)
    gate.deliver()
    assert shop.count("watch", "gate = 'gate-1' AND what = 'started' AND value > 0") == 1
    assert shop.count("watch", f"what = 'down' AND name = 'scanner left' AND at = {AT}") == 2
    assert shop.count("event", "kind = 'watch'") == 2
    assert not shop.broken()


@pytest.mark.parametrize("wrong", [{"up": 1}, {"name": None}, {"at": -1}, {"was": "yes"}])
def test_a_word_that_no_gate_says_is_refused_and_stops_nothing(
    shop: Shop, open_exit: OpenExit, wrong: dict[str, object]
) -> None:
    gate = open_exit()
    gate.journal.append({**PART, **wrong})
    gate.journal.append(PART)
    gate.deliver()
    assert shop.count("watch") == 1
    assert shop.count("delivery", "outcome <> 'part'") == 1
