"""Baskets of five units to sell, and three ways of selling one: bare SQL, the shop's own transaction, HTTP."""

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from itertools import count
from typing import Any
from urllib.parse import unquote

import psycopg

from pos.till import sale
from pos.till.sale import Paid, Request, UnitLine
from shared import sqlite
from shared.database import sqlite_file
from tests.shop import CASHIER, Shop, new_id

UNITS = 5
PRICE = 15_000
TOTAL = UNITS * PRICE
PRODUCTS = 100
CHUNK = 1000

Sell = Callable[[], None]


def stock(shop: Shop, baskets: int) -> None:
    """Put enough units into the shop; basket n holds the units 5n to 5n + 4."""
    shop.list_products(*((f"P{n:03d}", f"Product number {n}", str(PRICE)) for n in range(PRODUCTS)))
    for first in range(0, baskets * UNITS, CHUNK):
        wanted = range(first, min(first + CHUNK, baskets * UNITS))
        shop.receive(f"P{first // CHUNK % PRODUCTS:03d}", *map(serial, wanted))


def serial(number: int) -> str:
    """Name a unit."""
    return f"SER-{number:08d}"


def basket(number: int) -> list[str]:
    """Name the units of a basket."""
    return [serial(number * UNITS + place) for place in range(UNITS)]


def by_transaction(shop: Shop, first: int = 0) -> Sell:
    """Sell the next basket by `sale.sell`."""
    numbers = count(first)

    def sell() -> None:
        lines = tuple(UnitLine(text) for text in basket(next(numbers)))
        content = {"lines": [line.serial for line in lines], "total": TOTAL}
        request = Request(new_id(), lines, (Paid("cash", TOTAL),), TOTAL, sale.hash_of(content))
        sale.sell(shop.database, shop.counter, CASHIER, request)

    return sell


@contextmanager
def by_http(address: str, token: str, first: int = 0) -> Iterator[Sell]:
    """Sell the next basket by POST on one connection that stays open."""
    numbers, connection = count(first), http.client.HTTPConnection(address, timeout=30)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def sell() -> None:
        lines = [{"serial": text} for text in basket(next(numbers))]
        payments = [{"method": "cash", "amount": TOTAL}]
        body = {"id": new_id(), "lines": lines, "payments": payments, "expected_total": TOTAL}
        connection.request("POST", "/api/v1/sales", json.dumps(body), headers)
        answer = connection.getresponse()
        told = answer.read()
        if answer.status != http.client.CREATED:
            raise RuntimeError(f"expected 201, got {answer.status}: {told[:300]!r}")

    yield sell
    connection.close()


@contextmanager
def by_bare_sql(shop: Shop) -> Iterator[Sell]:
    """Write what a sale writes, by the driver alone, in one transaction: no look-up, no rule, no hash."""
    file = sqlite_file(shop.url)
    if file:
        connection: Any = sqlite.connect(file, journal_mode="WAL")
        begin, mark = "BEGIN IMMEDIATE", "?"
    else:
        connection = psycopg.connect(unquote(shop.url), autocommit=True)
        begin, mark = "BEGIN", "%s"
    cursor = connection.cursor()
    cursor.execute("SELECT c.text, i.id, i.product_id FROM code c JOIN item i ON i.id = c.item_id")
    ids = {text: (item, product) for text, item, product in cursor.fetchall()}
    numbers = count()

    def sell() -> None:
        number = next(numbers)
        write_rows(cursor, begin, mark, number, [ids[text] for text in basket(number)])

    yield sell
    connection.close()


def write_rows(cursor: Any, begin: str, mark: str, number: int, units: list[tuple[int, int]]) -> None:
    """Write one sale's rows."""
    name, hashed, now = new_id(), sha256(b"bare").digest(), 1_790_000_000_000_000 + number
    reply = json.dumps({"id": name, "lines": [{"serial": text, "price": PRICE} for text in basket(number)]}) * 2
    details = json.dumps({"sale": name, "price": PRICE})
    events = [
        ("main", "till-1", number * 6 + place, "item", str(item), 2, "sold", "paid", "staff:1", now, details, hashed)
        for place, (item, _) in enumerate(units, 1)
    ]
    events.append(("main", "till-1", number * 6 + 6, "sale", name, 1, "sold", "sold", "staff:1", now, details, hashed))
    lines = [
        (name, place, product, item, 1, PRICE, 0, 0, 0, PRICE, "") for place, (item, product) in enumerate(units, 1)
    ]
    cursor.execute(begin)
    cursor.execute(
        f"INSERT INTO sale VALUES ({mark}, {mark}, 'till-1', '', 0, 'staff:1', 0, '') ON CONFLICT (id) DO NOTHING",
        (name, hashed),
    )
    cursor.executemany(
        "UPDATE item SET state = 'paid', version = version + 1, cart = NULL, cart_until = NULL,"
        f" cart_register = 'till-1', cart_at = {mark} WHERE id = {mark} AND state = 'in_stock'",
        [(now, item) for item, _ in units],
    )
    cursor.executemany(f"INSERT INTO sale_line VALUES ({', '.join([mark] * 11)})", lines)
    cursor.execute(f"INSERT INTO payment VALUES ({', '.join([mark] * 5)})", (name, 1, "cash", TOTAL, ""))
    cursor.execute(
        f"UPDATE sale SET number = {mark}, total = {mark}, at = {mark}, reply = {mark} WHERE id = {mark}",
        (f"till-1-{number:06d}", TOTAL, now, reply, name),
    )
    cursor.executemany(f"INSERT INTO event VALUES ({', '.join([mark] * 12)})", events)
    cursor.execute(
        f"UPDATE register SET head_seq = {mark}, head_hash = {mark}, receipts = {mark} WHERE name = 'till-1'",
        (number * 6 + 6, hashed, number + 1),
    )
    cursor.execute("COMMIT")
