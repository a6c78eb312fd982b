"""The database goes in the middle of a sale, which is made by keyboard all the same and delivered when it is back."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.counter import Counter, lines, pay_cash, scan
from tests.browser.test_accessibility import violations
from tests.browser.test_look import judge
from tests.servers.postgres import PostgresCluster
from tests.servers.waiting import wait_until
from tests.shop import CASHIER, Shop

pytestmark = pytest.mark.browser

PATIENCE = 30_000  # ms


@pytest.fixture
def central(own_postgres: PostgresCluster) -> Iterator[Shop]:
    """A shop whose database is a server of its own."""
    with Shop(own_postgres.create_database()) as shop:
        shop.list_products(("SHOE", "Sepatu Jelajah", "689000"), ("WATCH", "Jam Senja", "1250000"))
        shop.receive("SHOE", "SHOE-0001")
        shop.receive("WATCH", "WATCH-0001")
        shop.person(CASHIER.role, CASHIER.name)
        yield shop


def test_a_sale_goes_on_without_the_database(
    central: Shop, start_till: Callable[..., Counter], own_postgres: PostgresCluster, tmp_path: Path
) -> None:
    page = start_till(central).till(locale="en-GB", tolerated="status 503")
    scan(page, "SHOE-0001")
    wait_until(lambda: holds(tmp_path / "till-1.copy", units=2), "the till's copy is whole")
    own_postgres.stop()
    central.database.close()
    banner = page.locator("#alone")
    expect(banner).to_contain_text("Database gone since", timeout=PATIENCE)
    expect(banner).to_contain_text("Not until it is back: vouchers, returns, held sales")
    expect(page.locator("#light-database")).to_have_class("light off")
    judge(page)
    assert violations(page) == []
    scan(page, "WATCH-0001")
    assert lines(page) == ["Jam Senja", "Sepatu Jelajah"]
    pay_cash(page, "2000000")
    expect(page.locator("#receipt-number")).to_have_text("till-1-L-000001")
    expect(banner).to_contain_text("1 sale waits to be delivered.")
    own_postgres.start()
    expect(banner).to_be_empty(timeout=PATIENCE)
    expect(page.locator("#light-database")).to_have_class("light")
    expect(page.locator("#done")).to_be_visible()
    assert [central.state(serial) for serial in ("SHOE-0001", "WATCH-0001")] == ["paid", "paid"]
    assert central.count("sale", "number = 'till-1-L-000001'") == 1
    assert central.broken() == []


def holds(file: Path, units: int) -> bool:
    """Whether the till's own copy has so many units."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
            return bool(copy.execute("SELECT count(*) FROM item").fetchone()[0] == units)
    except sqlite3.OperationalError:  # it is only being made
        return False
