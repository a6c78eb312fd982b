"""Many processes race for the same units: each is sold exactly once, and nobody is told of locks."""

import json
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

from tests.shop import WATCH, Shop

PROCESSES = 8
UNITS = 240
ATTEMPTS = 400  # of each process, for one to three units each

RACER = "import sys; from tests.faults.racing_till import race; race(*sys.argv[1:])"


def run_racers(shop: Shop, attempts: int) -> list[dict[str, Any]]:
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, shop.url, f"till-{number}", str(attempts), str(UNITS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    told = []
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    for racer in racers:
        out, err = racer.communicate(timeout=300)
        assert (racer.returncode, err) == (0, "")
        told.append(json.loads(out))
    return told


def race(shop: Shop, attempts: int) -> None:
    serials = [f"RACE-{number:04d}" for number in range(UNITS)]
    shop.receive(WATCH, *serials)
    told = run_racers(shop, attempts)
    sold = Counter(serial for racer in told for serial in racer["sold"])
    assert set(sold.values()) <= {1}
    assert {serial for serial in serials if shop.state(serial) == "paid"} == set(sold)
    assert shop.count("sale") == sum(racer["sales"] for racer in told)
    assert shop.count("sale_line") == len(sold)
    reasons = Counter(reason for racer in told for reason in racer["refused"])
    assert set(reasons) <= {"already_paid"}
    assert sum(racer["sales"] for racer in told) + reasons.total() == PROCESSES * attempts
    assert shop.broken() == []


@pytest.mark.long
@pytest.mark.timeout(300)
def test_each_unit_is_sold_exactly_once(shop: Shop) -> None:
    race(shop, ATTEMPTS)


@pytest.mark.soak
def test_each_unit_is_sold_exactly_once_over_many_attempts(shop: Shop) -> None:
    race(shop, 10_000)
