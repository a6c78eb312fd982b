"""A backup is the whole shop at one moment, and is put back whole, on either engine."""

import os
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from pos.till.sale import GoodsLine
from shared.backup import back_up
from shared.database import DatabaseError
from shared.restore import restore
from shared.schema import Base
from shared.upgrade import upgrade
from tests.lunas_command import Lunas
from tests.servers.disk import DAMAGES, damage, mounted
from tests.shop import BAG, WATCH, Shop
from tests.shops import on_sqlite

TABLES = [table.name for table in Base.metadata.sorted_tables]


def rows(shop: Shop) -> dict[str, list[Any]]:
    """Everything in a shop but its epoch and its key."""
    with shop.database.snapshot() as connection:
        found = {
            name: sorted(map(repr, connection.execute(Base.metadata.tables[name].select())))
            for name in TABLES
            if name != "shop"
        }
    assert sum(map(len, found.values())) > 20
    return found


def secrets_of(shop: Shop) -> set[str]:
    with shop.database.reading() as connection:
        return set(connection.exec_driver_sql("SELECT epoch, cookie_key FROM shop").one())


@pytest.fixture
def backup(shop: Shop, tmp_path: Path) -> Path:
    """A backup of a shop in which something was sold."""
    shop.sell("WATCH-1", GoodsLine(BAG, 2), cash=151_000)
    file = tmp_path / "yesterday.backup"
    back_up(shop.database, file)
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def other_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that has nothing in it yet, on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/elsewhere/other.db"
    return str(request.getfixturevalue("postgresql_url"))


def test_a_backup_is_put_back_into_either_engine_as_it_was(shop: Shop, backup: Path, other_url: str) -> None:
    restored = restore(other_url, backup, None)
    assert not restored.verdict.broken
    with Shop(other_url, is_ready=True) as other:
        assert rows(other) == rows(shop)
        assert not secrets_of(other) & secrets_of(shop)
        other.list_products(("P", "Product", "1"))
        other.receive("P", "NEW-1")
        other.sell("WATCH-2", cash=150_000)
        assert other.broken() == []


def test_a_restore_replaces_a_shop_only_when_told_and_keeps_it_aside(shop: Shop, backup: Path, tmp_path: Path) -> None:
    then = rows(shop)
    shop.sell("WATCH-2", cash=150_000)
    now, secrets = rows(shop), secrets_of(shop)
    with pytest.raises(DatabaseError, match="holds a shop already"):
        restore(shop.url, backup, None)
    assert rows(shop) == now
    restore(shop.url, backup, tmp_path / "aside.backup")
    assert rows(shop) == then
    assert not secrets_of(shop) & secrets
    restore(shop.url, tmp_path / "aside.backup", tmp_path / "aside-2.backup")
    assert rows(shop) == now
    shop.sell("WATCH-3", cash=150_000)
    assert shop.broken() == []


def test_a_till_that_the_backup_does_not_know_sells_on(shop: Shop, backup: Path, tmp_path: Path) -> None:
    counter = shop.open_till("till-2")
    restore(shop.url, backup, tmp_path / "aside.backup")
    shop.counter = counter
    assert shop.sell("WATCH-2", cash=150_000).receipt["number"].startswith("till-2")
    assert shop.broken() == []


def test_a_till_sells_on_while_a_backup_is_made(shop: Shop, tmp_path: Path) -> None:
    shop.receive(WATCH, *(f"MANY-{number:05d}" for number in range(3000)))
    done = threading.Event()
    sold: list[float] = []

    def sell_on() -> None:
        number = 0
        while not done.is_set():
            begin = time.monotonic()
            shop.sell(f"MANY-{number:05d}", cash=150_000)
            sold.append(time.monotonic() - begin)
            number += 1

    seller = threading.Thread(target=sell_on)
    seller.start()
    for number in range(3):
        assert back_up(shop.database, tmp_path / f"{number}.backup").items == 3005
    done.set()
    seller.join()
    assert len(sold) > 3
    # One moment: what a backup holds of the sales holds together, and is the beginning of what was sold.
    for number in range(3):
        with Shop(f"sqlite:///{tmp_path / f'{number}.backup'}", is_ready=True) as copy:
            paid = copy.count("item", "state = 'paid'")
            assert paid == copy.count("sale") == copy.count("sale_line")
            assert {copy.state(f"MANY-{number:05d}") for number in range(paid)} <= {"paid"}


@on_sqlite
def test_the_command_says_what_it_did(shop: Shop, lunas: Lunas, tmp_path: Path) -> None:
    shop.sell("WATCH-1", cash=150_000)
    assert "5 items, verified" in lunas.well("backup", "one.backup")
    assert stat.S_IMODE((tmp_path / "one.backup").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.glob("one*")) == ["one.backup"]
    (tmp_path / "kept").mkdir()
    lunas.well("backup", "kept")
    (named,) = (tmp_path / "kept").iterdir()
    assert named.match("lunas-2*Z.backup")
    assert "is there already" in lunas.refused("backup", "one.backup")
    assert "holds a shop already. With --replace" in lunas.refused("restore", "one.backup")
    shop.alter("INSERT INTO gate (name, armed, armed_by, version) VALUES ('exit', true, '', 1)")
    shop.in_office(lambda turn: turn.record("gate", "exit", 1, "installed", "armed", {"by": ""}))
    told = lunas.well("restore", "--replace", "one.backup")
    assert "5 items" in told
    assert "sign in again" in told
    (aside,) = tmp_path.glob("before-restore-*.backup")
    assert "Gate exit is armed." in lunas.well("restore", "--replace", str(aside))


@on_sqlite
@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_backup_is_refused_and_the_shop_left_alone(shop: Shop, backup: Path, how: str, lunas: Lunas) -> None:
    before = rows(shop)
    damage(backup, how)
    assert "cannot be used, it is damaged" in lunas.refused("restore", "--replace", str(backup))
    assert rows(shop) == before


@on_sqlite
def test_a_backup_that_was_changed_is_refused(shop: Shop, backup: Path, lunas: Lunas) -> None:
    with sqlite3.connect(backup) as connection:
        connection.execute("UPDATE item SET state = 'in_stock' WHERE state = 'paid'")
    connection.close()
    assert "does not hold: item" in lunas.refused("restore", "--replace", str(backup))
    assert shop.state("WATCH-1") == "paid"


@on_sqlite
def test_a_backup_of_a_newer_schema_or_of_something_else_is_refused(backup: Path, lunas: Lunas) -> None:
    with sqlite3.connect(backup) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "newer than this program's" in lunas.refused("restore", "--replace", str(backup))
    with connection:
        connection.execute("DROP TABLE alembic_version")
    connection.close()
    assert "is no backup of a Lunas shop" in lunas.refused("restore", "--replace", str(backup))


@on_sqlite
def test_a_shop_that_does_not_hold_is_copied_but_never_called_a_backup(shop: Shop, tmp_path: Path) -> None:
    shop.alter("UPDATE item SET state = 'paid' WHERE serial = 'WATCH-1'")
    with pytest.raises(DatabaseError, match=r"what was copied does not hold: item .*one\.backup\.unsound"):
        back_up(shop.database, tmp_path / "one.backup")
    assert sorted(path.name for path in tmp_path.glob("one*")) == ["one.backup.unsound"]


@on_sqlite
def test_what_a_lost_database_left_beside_it_is_not_played_into_the_new_one(shop: Shop, backup: Path) -> None:
    file = shop.database.file
    assert file is not None
    left = file.with_name(file.name + "-wal")
    with shop.database.snapshot():
        shop.sell("WATCH-2", cash=150_000)
        kept = left.read_bytes()
    assert kept
    for make in (lambda: restore(shop.url, backup, None), lambda: upgrade(shop.url)):
        shop.database.close()
        file.unlink()
        left.write_bytes(kept)
        make()
        shop.database.check_file()
        assert shop.broken() == []
        assert shop.count("sale") < 2


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk of its own")
def test_a_disk_without_room_makes_no_backup_and_says_so(shop: Shop, tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", megabytes=1) as disk:
        (disk / "filler").write_bytes(b"x" * 900_000)
        with pytest.raises(DatabaseError, match=r"no backup was made: .*full"):
            back_up(shop.database, disk / "one.backup")
        assert [path.name for path in disk.iterdir()] == ["filler"]


BACK_UP = (
    "import sys; from pathlib import Path; from shared.database import Database; from shared.backup import back_up"
)
BACK_UP += "; print(flush=True); back_up(Database(sys.argv[1]), Path(sys.argv[2]))"


@pytest.mark.long
def test_a_backup_that_is_killed_leaves_no_file_of_its_name(shop: Shop, tmp_path: Path) -> None:
    shop.receive(WATCH, *(f"MANY-{number:05d}" for number in range(2000)))
    file = tmp_path / "one.backup"
    for tenth in range(5):
        with subprocess.Popen([sys.executable, "-c", BACK_UP, shop.url, str(file)], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(tenth / 10)
            child.kill()
        if file.exists():
            restore(f"sqlite:///{tmp_path}/whole-{tenth}.db", file, None)
            file.unlink()
    back_up(shop.database, file)
