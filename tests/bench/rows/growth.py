"""One code's look-up in shops of 10 thousand to 10 million codes: in the gate's replica and at the till, warm and cold.

Beside both, turn by turn, the bare query on the replica's file.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from gate.replica import Replica
from pos import lookup
from shared import codes, sqlite
from shared.database import Database, file_url
from tests.bench.large_shop import large_replica, large_shop, serial
from tests.bench.page_cache import chill, warm
from tests.bench.row import Check, Row, Timing

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
WARM_UP, TURNS, OF_A_TURN = 200, 40, 50
COLD = 25
BARE = "SELECT item.state FROM code JOIN item ON item.id = code.item WHERE code.text = ?"

LookUp = Callable[[str], object]


def run() -> Row:
    """Measure on SQLite."""
    chance = random.Random(7)
    with ExitStack() as stack:
        shops = {units: stack.enter_context(ways_in(units)) for units in SIZES}
        for units, ways in shops.items():
            warm(large_shop(units))
            warm(large_replica(units))
            for look_up in ways.values():
                look_up_some(look_up, units, WARM_UP, chance)
        took = {(way, units): [0.0] * 0 for way in ("bare query", "gate", "till") for units in SIZES}
        for _ in range(TURNS):
            for (way, units), samples in took.items():
                samples.extend(look_up_some(shops[units][way], units, OF_A_TURN, chance))
        cold = {(way, units): look_up_cold(shops[units][way], units, chance) for way, units in took}
    warm_timings = {key: Timing(f"{key[0]}, {key[1]:,} codes", samples) for key, samples in took.items()}
    cold_timings = [Timing(f"{way}, {units:,} codes, cold", samples) for (way, units), samples in cold.items()]
    checks = [
        Check(
            f"{way}: {SIZES[-1]:,} codes against {SIZES[0]:,}", slower(warm_timings, way), 2, "times", is_ceiling=True
        )
        for way in ("gate", "till")
    ]
    return Row("look-up in a growing shop", [*warm_timings.values(), *cold_timings], checks)


@contextmanager
def ways_in(units: int) -> Iterator[dict[str, LookUp]]:
    """Open a shop of this size, and give the ways of looking up one code in it."""
    with ExitStack() as stack:
        replica = Replica(large_replica(units), "gate-1")
        stack.callback(replica.close)
        bare = sqlite.connect(large_replica(units), journal_mode="WAL")
        stack.callback(bare.close)
        database = stack.enter_context(Database(file_url(large_shop(units))))
        yield {
            "bare query": lambda text: bare.execute(BARE, (text,)).fetchone(),
            "gate": lambda text: replica.look_up(codes.read(text)),
            "till": lambda text: at_the_till(database, text),
        }


def at_the_till(database: Database, text: str) -> list[lookup.ItemRow]:
    """Find what the till needs of a scanned unit."""
    with database.reading() as connection:
        (named,) = lookup.name_texts(connection, [text])
        return lookup.find_items(connection, named.items)


def look_up_some(look_up: LookUp, units: int, times: int, chance: random.Random) -> list[float]:
    """Look up random codes; seconds for each."""
    return [seconds_of(look_up, serial(chance.randrange(units))) for _ in range(times)]


def look_up_cold(look_up: LookUp, units: int, chance: random.Random) -> list[float]:
    """Look up random codes, each after the machine forgot both files; seconds for each."""
    took = []
    for _ in range(COLD):
        chill(large_shop(units), large_replica(units))
        took += look_up_some(look_up, units, 1, chance)
    return took


def seconds_of(look_up: LookUp, text: str) -> float:
    """Time one look-up that finds something."""
    began = time.perf_counter()
    found = look_up(text)
    seconds = time.perf_counter() - began
    if not found:
        raise RuntimeError(f"expected to find {text}, found nothing")
    return seconds


def slower(timings: dict[tuple[str, int], Timing], way: str) -> float:
    """Tell how many times the largest shop takes as long as the smallest, at the median."""
    return timings[way, SIZES[-1]].median / timings[way, SIZES[0]].median
