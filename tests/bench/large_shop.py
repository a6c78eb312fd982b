"""Shops of very many units, filled by bulk SQL and kept under build/, so that rows share them; and a gate's replica."""

from collections.abc import Sequence
from pathlib import Path

from gate.replica import Replica
from shared import sqlite
from shared.database import file_url
from shared.schema import SCHEMA
from tests.bench.rows.sale import disk
from tests.shop import BAG, Shop

FIRST_ID = 1 << 40  # ids as receiving gives them
UNITS = (
    "WITH RECURSIVE unit (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM unit WHERE n < ? - 1)"
    " INSERT INTO item (id, product_id, serial, state, version, batch)"
    f" SELECT {FIRST_ID} + n, 1, printf('SN-%010d', n), 'in_stock', 1, '' FROM unit"
)
CODES = f"INSERT INTO code SELECT serial, 'maker', '{BAG}', id FROM item ORDER BY serial"
INTO_REPLICA = (
    "INSERT INTO product SELECT id, version, name, price FROM shop.product",
    "INSERT INTO item SELECT id, state, version, product_id, serial, batch FROM shop.item",
    "INSERT INTO code SELECT text, scheme, scope, item_id FROM shop.code",
    "INSERT INTO fact SELECT 'items', count(*) FROM item",
)


def serial(number: int) -> str:
    """Name a unit of a large shop."""
    return f"SN-{number:010d}"


def large_shop(units: int) -> Path:
    """Give the database of a shop with so many units in stock. Copy the file before anything writes to it."""
    file = kept(f"shop-{units}.db")
    if not file.exists():
        draft = file.with_suffix(".draft")
        sqlite.discard(draft)
        with Shop(file_url(draft)) as shop:
            shop.list_products((BAG, "Bag", "150000"))
        fill(draft, [(UNITS, (units,)), (CODES, ())])
        draft.rename(file)
        sqlite.discard(draft)
    return file


def large_replica(units: int) -> Path:
    """Give the replica of a gate in that shop. Copy the file before anything writes to it."""
    file = kept(f"replica-{units}.db")
    if not file.exists():
        draft = file.with_suffix(".draft")
        sqlite.discard(draft)
        Replica(draft, "gate-1").close()
        copy_bare(large_shop(units), draft)
        draft.rename(file)
    return file


def copy_bare(shop: Path, replica: Path) -> None:
    """Copy a shop into an empty replica's tables by SQL alone: the floor under a gate's first copy."""
    fill(replica, [("ATTACH ? AS shop", (str(shop),)), *((statement, ()) for statement in INTO_REPLICA)])


def fill(file: Path, statements: Sequence[tuple[str, tuple[object, ...]]]) -> None:
    """Run statements on a draft of which nobody minds the loss, and leave it as one file."""
    connection = sqlite.connect(file, journal_mode="DELETE", synchronous="OFF")
    for statement, values in statements:
        connection.execute(statement, values)
    connection.close()


def kept(name: str) -> Path:
    """Name a file that stays for the next row, until the schema is another."""
    folder = disk() / "large" / SCHEMA
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name
