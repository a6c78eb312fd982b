"""The database is made and brought up to date, and never harmed by it."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from shared import sqlite
from shared.backup import back_up
from shared.database import Database, DatabaseError, DatabaseGoneError, SchemaError, schema_of, sqlite_file
from shared.restore import restore
from shared.schema import SCHEMA, Base
from shared.upgrade import upgrade
from tests.servers.postgres import PostgresCluster, child_processes
from tests.shop import Shop

NEXT = f"{int(SCHEMA) + 1:04}"
MIGRATIONS = Path(__file__).parents[2] / "shared" / "migrations"
UPGRADE_AND_DIE = """
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from shared import database, upgrade
url, upgrade.MIGRATIONS, database.SCHEMA = sys.argv[1:4]

@event.listens_for(Engine, "before_cursor_execute")
def count(*_):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1

print("ready", flush=True)
for line in sys.stdin:
    left = float(line)
    child = os.fork()
    if child == 0:
        upgrade.upgrade(url)
        os._exit(0)
    print(os.waitpid(child, 0)[1], flush=True)
"""
UPGRADE = "import sys; from shared.upgrade import upgrade; print(flush=True); upgrade(sys.argv[1])"


def schema(url: str) -> str | None:
    with Database(url) as database, database.reading() as connection:
        return schema_of(connection)


def test_a_new_database_has_this_programs_schema(database_url: str) -> None:
    upgrade(database_url)
    with Database(database_url) as database:
        database.check_schema()
        with database.reading() as connection:
            assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_the_newest_migration_is_the_schema_that_the_program_asks_for() -> None:
    assert ScriptDirectory("shared/migrations").get_current_head() == SCHEMA


def test_an_upgrade_can_be_repeated_and_changes_nothing(database_url: str) -> None:
    with Shop(database_url) as shop:
        shop.list_products(("P", "Product", "1"))
        shop.receive("P", "SER-1")
        with shop.database.reading() as connection:
            before = connection.exec_driver_sql("SELECT epoch, cookie_key FROM shop").all()
        upgrade(database_url)
        with shop.database.reading() as connection:
            assert connection.exec_driver_sql("SELECT epoch, cookie_key FROM shop").all() == before
        assert shop.state("SER-1") == "in_stock"


def test_each_shop_has_secrets_of_its_own(tmp_path: Path) -> None:
    found = set()
    for name in ("a", "b"):
        with Shop(f"sqlite:///{tmp_path}/{name}.db") as shop, shop.database.reading() as connection:
            found |= set(connection.exec_driver_sql("SELECT epoch, cookie_key FROM shop").one())
    assert len(found) == 4


def kill_at_random(url: str, times: int) -> set[str | None]:
    """Kill so many makings of a new database at some moment; give the schemas that were found after."""
    dice = random.Random(times)
    seen = set()
    for _ in range(times):
        with subprocess.Popen([sys.executable, "-c", UPGRADE, url], stdout=subprocess.PIPE) as started:
            assert started.stdout is not None
            started.stdout.readline()
            time.sleep(dice.uniform(0, 0.25))
            started.send_signal(signal.SIGKILL)
        file = sqlite_file(url)
        found = schema(url) if file is None or file.exists() else None
        seen.add(found)
        assert found in {None, SCHEMA}
    upgrade(url)
    assert schema(url) == SCHEMA
    return seen


def test_making_a_database_killed_at_any_moment_leaves_nothing_or_all(database_url: str) -> None:
    kill_at_random(database_url, 6)


@pytest.mark.soak
def test_making_a_database_killed_a_hundred_times_leaves_nothing_or_all(database_url: str) -> None:
    kill_at_random(database_url, 100)


@pytest.fixture
def next_migrations(tmp_path: Path) -> Path:
    """The migrations with one more, as a later version of the program would bring it."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    (folder / "versions" / f"{NEXT}_more.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = '{NEXT}'\ndown_revision = '{SCHEMA}'\n"
        "def upgrade():\n"
        "    op.create_table('more', sa.Column('id', sa.Integer(), primary_key=True))\n"
        "    op.add_column('product', sa.Column('colour', sa.Text(), nullable=False, server_default='red'))\n"
        "    op.execute(\"UPDATE product SET colour = 'blue'\")\n"
        "    op.create_index('product_by_colour', 'product', ['colour'])\n"
    )
    return folder


class Upgrader:
    """A process that upgrades a database to the next schema, in a child of its own each time."""

    def __init__(self, url: str, migrations: Path) -> None:
        command = [sys.executable, "-c", UPGRADE_AND_DIE, url, str(migrations), NEXT]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._read()

    def upgrade(self, statements: float) -> bool:
        """Upgrade, but die before a statement; whether it lived."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{statements}\n")
        self.process.stdin.flush()
        status = int(self._read())
        assert status in {0, signal.SIGKILL}
        return status == 0

    def _read(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()


@pytest.fixture
def upgrader(database_url: str, next_migrations: Path) -> Iterator[Upgrader]:
    started = Upgrader(database_url, next_migrations)
    yield started
    started.process.communicate()


def state_of(url: str) -> tuple[str | None, bool, bool]:
    """The schema that a database says it has, and whether it has the next one's table and column."""
    with Database(url) as database, database.reading() as connection:
        inspector = inspect(connection)
        columns = {column["name"] for column in inspector.get_columns("product")}
        return schema_of(connection), inspector.has_table("more"), "colour" in columns


def test_an_upgrade_killed_before_any_of_its_statements_leaves_the_old(database_url: str, upgrader: Upgrader) -> None:
    with Shop(database_url) as shop:
        shop.list_products(("P", "Product", "1"))
        shop.receive("P", "SER-1")
    statement = 0
    while not upgrader.upgrade(statement):
        assert state_of(database_url) == (SCHEMA, False, False)
        statement += 1
    assert statement > 6
    assert state_of(database_url) == (NEXT, True, True)
    with Database(database_url) as database, database.reading() as connection:
        assert connection.exec_driver_sql("SELECT colour FROM product").scalar_one() == "blue"


def kill_upgrades(url: str, migrations: Path, times: int) -> None:
    dice = random.Random(times)
    for _ in range(times):
        upgrader = Upgrader(url, migrations)
        assert upgrader.process.stdin is not None
        upgrader.process.stdin.write("inf\n")
        upgrader.process.stdin.flush()
        time.sleep(dice.uniform(0, 0.08))
        (child,) = child_processes(upgrader.process.pid) or [0]
        if child:
            os.kill(child, signal.SIGKILL)
        upgrader.process.communicate()
        found = state_of(url)
        assert found in {(SCHEMA, False, False), (NEXT, True, True)}
        if found[0] == NEXT:
            put_old_schema_back(url)


def put_old_schema_back(url: str) -> None:
    with Database(url) as database:
        for statement in (
            "DROP INDEX product_by_colour",
            "ALTER TABLE product DROP COLUMN colour",
            "DROP TABLE more",
            f"UPDATE alembic_version SET version_num = '{SCHEMA}'",
        ):
            database.write(lambda connection, one=statement: connection.exec_driver_sql(one).close())  # type: ignore[misc] # a loop's own


def test_an_upgrade_killed_at_any_moment_leaves_the_old_or_the_new(database_url: str, next_migrations: Path) -> None:
    upgrade(database_url)
    kill_upgrades(database_url, next_migrations, 4)


@pytest.mark.soak
def test_an_upgrade_killed_two_hundred_times_leaves_the_old_or_the_new(
    database_url: str, next_migrations: Path
) -> None:
    upgrade(database_url)
    kill_upgrades(database_url, next_migrations, 200)


def test_a_backup_of_an_older_schema_is_upgraded_as_it_is_put_back(
    sqlite_url: str, tmp_path: Path, next_migrations: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Shop(sqlite_url) as shop:
        shop.list_products(("P", "Product", "1"))
        back_up(shop.database, tmp_path / "old.backup")
    monkeypatch.setattr("shared.upgrade.MIGRATIONS", str(next_migrations))
    monkeypatch.setattr("shared.database.SCHEMA", NEXT)
    url = f"sqlite:///{tmp_path}/restored.db"
    restore(url, tmp_path / "old.backup", None)
    assert state_of(url) == (NEXT, True, True)


def test_a_newer_schema_is_refused_and_left_alone(database_url: str) -> None:
    with Shop(database_url) as shop:
        shop.alter("UPDATE alembic_version SET version_num = '9999'")
        for attempt in (shop.database.check_schema, lambda: upgrade(database_url)):
            with pytest.raises(SchemaError, match=f"schema 9999, newer than this program's {SCHEMA}. Nothing was"):
                attempt()
        assert schema(database_url) == "9999"


def test_an_older_schema_asks_for_an_upgrade(database_url: str) -> None:
    with Shop(database_url) as shop:
        shop.alter("UPDATE alembic_version SET version_num = '0000'")
        with pytest.raises(SchemaError, match=f"has schema 0000, this program needs {SCHEMA}. Run: lunas init"):
            shop.database.check_schema()


def test_a_missing_file_is_never_replaced_by_an_empty_one(sqlite_url: str) -> None:
    with Database(sqlite_url) as database, pytest.raises(DatabaseGoneError, match="no such database file"):
        database.check_schema()
    assert not Path(sqlite_url.removeprefix("sqlite:///")).exists()


def test_a_file_moved_away_is_noticed_at_once(sqlite_url: str, tmp_path: Path) -> None:
    with Shop(sqlite_url) as shop:
        shop.list_products(("P", "Product", "1"))
        file = shop.database.file
        assert file is not None
        file.rename(tmp_path / "elsewhere.db")
        with pytest.raises(DatabaseGoneError):
            shop.list_products(("Q", "Product", "1"))
        with pytest.raises(DatabaseGoneError), shop.database.reading():
            pass
        assert not file.exists()
        (tmp_path / "elsewhere.db").rename(file)
        shop.list_products(("Q", "Product", "1"))
        assert shop.count("product") == 2


def test_another_file_in_its_place_is_the_one_that_is_used(sqlite_url: str, tmp_path: Path) -> None:
    with Shop(sqlite_url) as shop, Shop(f"sqlite:///{tmp_path}/other.db") as other:
        other.list_products(("P", "Product", "1"))
        other.database.close()
        shop.list_products(("Q", "Product", "1"), ("R", "Product", "1"))
        shop.database.close()
        (tmp_path / "other.db").rename(tmp_path / "shop.db")
        assert shop.count("product") == 1


def test_a_postgresql_that_stops_is_named_and_used_again_when_it_is_back(own_postgres: PostgresCluster) -> None:
    with Shop(own_postgres.create_database()) as shop:
        shop.list_products(("P", "Product", "1"))
        own_postgres.stop()
        with pytest.raises(DatabaseGoneError, match="the database does not answer"):
            shop.list_products(("Q", "Product", "1"))
        with pytest.raises(DatabaseGoneError), shop.database.reading():
            pass
        own_postgres.start()
        shop.list_products(("Q", "Product", "1"))
        own_postgres.stop()
        own_postgres.start()
        # Connections that died unused are replaced without a word.
        assert shop.count("product") == 2
        own_postgres.stop()
        own_postgres.start()
        shop.list_products(("R", "Product", "1"))
        with shop.database.snapshot() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM product").scalar_one() == 3


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "9p", "fuse.sshfs"])
def test_a_network_file_system_is_told_from_the_mounts(tmp_path: Path, kind: str) -> None:
    mounts = f"/dev/sda1 / ext4 rw 0 0\nserver:/x {tmp_path} {kind} rw 0 0\nproc /proc proc rw 0 0\n"
    assert sqlite.file_system(tmp_path / "a" / "shop.db", mounts) == kind
    assert sqlite.file_system(Path(f"{tmp_path}-beside/shop.db"), mounts) == "ext4"
    assert kind in sqlite.NETWORK_FILE_SYSTEMS


def test_a_database_on_a_network_file_system_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "file_system", lambda _: "nfs4")
    with pytest.raises(DatabaseError, match=r"network file system \(nfs4\), where SQLite loses data. Use PostgreSQL"):
        Database(f"sqlite:///{tmp_path}/shop.db")


@pytest.mark.parametrize("url", ["sqlite://", "mysql://u@h/d", "nonsense", "postgresql://host"])
def test_a_url_that_cannot_be_used_is_refused(url: str) -> None:
    with pytest.raises(DatabaseError, match=r"database\.url: expected sqlite:///FILE or postgresql://USER@HOST/NAME"):
        Database(url)


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "shop.db").write_text("serial,product\n" * 100)
    with Database(f"sqlite:///{tmp_path}/shop.db") as database, pytest.raises(DatabaseError, match="not a database"):
        database.check_schema()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseGoneError, match="cannot create"):
        upgrade(f"sqlite:///{tmp_path}/file/shop.db")


@pytest.mark.parametrize(
    ("version", "is_safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 0), True),
    ],
)
def test_only_a_safe_sqlite_writes_ahead(version: tuple[int, ...], is_safe: bool) -> None:
    assert sqlite.is_wal_safe(version) == is_safe


def test_what_must_not_be_lost_is_synchronous(sqlite_url: str) -> None:
    with Shop(sqlite_url) as shop, shop.database.reading() as connection:
        pragmas = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("synchronous", "foreign_keys")]
    assert pragmas == [2, 1]


def test_an_unsafe_sqlite_falls_back_to_the_rollback_journal(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sqlite, "is_wal_safe", lambda _: False)
    with Shop(sqlite_url) as shop, shop.database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"
    assert "has the WAL-reset bug; using the slower rollback journal" in caplog.text


def test_a_disk_that_is_full_is_said_to_be(tmp_path: Path) -> None:
    with Shop(f"sqlite:///{tmp_path}/shop.db") as shop:
        with shop.database.reading() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        with pytest.raises(DatabaseGoneError, match="full"):
            shop.database.write(
                lambda connection: [
                    connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}"),
                    connection.exec_driver_sql("UPDATE shop SET cookie_key = hex(zeroblob(200000))"),
                ]
            )
        shop.list_products(("P", "Product", "1"))
        assert shop.broken() == []


def test_the_process_that_ends_gives_the_turn_back(sqlite_url: str) -> None:
    with Shop(sqlite_url) as shop:
        taken = "import os, sys; from pathlib import Path; from shared.sqlite import WriteTurn"
        taken += "; turn = WriteTurn(Path(sys.argv[1])).taken(); turn.__enter__(); os._exit(0)"
        subprocess.run([sys.executable, "-c", taken, str(shop.database.file)], check=True)
        shop.list_products(("P", "Product", "1"))
