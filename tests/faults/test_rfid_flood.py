"""An RFID reader sees everything in its field again and again, and prints an EPC for each read."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.gate.running_gate import ON, RunningGate
from tests.servers.program import Program
from tests.servers.waiting import wait_until
from tests.shop import Shop

COMPANY, ITEM, GTIN = 614141, 12345, "00614141123452"
FIRST, TAGS, READS = 10_000, 200, 3_000
UNPAID = str(FIRST + TAGS - 1)


def sgtin_96(serial: int) -> str:
    """The EPC of one unit in hex, by section 14.6.1 of GS1's EPC Tag Data Standard: a company of seven digits."""
    header, point_of_sale, seven_digits = 0x30, 1, 5
    fields = ((header, 8), (point_of_sale, 3), (seven_digits, 3), (COMPANY, 24), (ITEM, 20), (serial, 38))
    value = 0
    for number, bits in fields:
        value = value << bits | number
    return f"{value:024X}"


@pytest.fixture
def shop(sqlite_url: str) -> Iterator[Shop]:
    """All units of the field are paid, but for one."""
    with Shop(sqlite_url) as opened:
        opened.list_products((GTIN, "Shirt", "99000"))
        units = [str(number) for number in range(FIRST, FIRST + TAGS)]
        assert opened.receive(GTIN, *units) == []
        opened.sell(*units[:-1], cash=99_000 * (TAGS - 1))
        yield opened


def test_every_unit_of_the_field_is_told_once_and_the_unpaid_one_among_them_alarms(
    shop: Shop, tmp_path: Path, start_program: Callable[..., Program], free_port: Callable[[], int]
) -> None:
    gate = RunningGate(tmp_path, shop.url, f"127.0.0.1:{free_port()}", start_program)
    gate.start()
    gate.wait_for(TAGS, "replica", "items")
    dice = random.Random(96)
    tags = range(FIRST, FIRST + TAGS)
    field = [*tags, *dice.choices(tags, k=READS)]
    dice.shuffle(field)
    for number in field:
        gate.scanner.send(sgtin_96(number).encode() + b"\r\n", timeout=20.0)
    gate.wait_for_frame(ON, seconds=10.0)
    wait_until(lambda: shop.count("item", "state = 'departed'") == TAGS - 1, "every paid unit has left", 20)
    assert shop.state(UNPAID) == "in_stock"
    assert shop.count("alarm") == shop.count("alarm", f"serial = '{UNPAID}'") == 1
    assert gate.program.terminate() == 0
    assert shop.broken() == []
