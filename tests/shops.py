"""Fixtures of shops on both engines; a folder's conftest.py takes what it needs."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from shared.schema import Base
from tests.servers.postgres import PostgresCluster
from tests.shop import BAG, WATCH, Shop

# For promises that no engine has a say in: the test runs once, on the quicker one.
on_sqlite = pytest.mark.parametrize("shop_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one empty shop in a file, to copy."""
    file = tmp_path_factory.mktemp("template") / "shop.db"
    Shop(f"sqlite:///{file}").database.close()
    return file


@pytest.fixture(scope="session")
def postgres_shop(postgres: PostgresCluster) -> str:
    """Make one empty shop in PostgreSQL, which each of this worker's tests finds empty: a new one takes a second."""
    url = postgres.create_database()
    Shop(url).database.close()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def shop_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Make an empty shop; the test runs once on each engine."""
    if request.param == "sqlite":
        file = tmp_path / "shop.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        return f"sqlite:///{file}"
    url: str = request.getfixturevalue("postgres_shop")
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        for name in Base.metadata.tables.keys() - {"shop"}:
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
    return url


@pytest.fixture
def shop(shop_url: str) -> Iterator[Shop]:
    """Open a shop that sells a watch by serial (150000) and bags (500); the watches WATCH-1 to WATCH-5 are in stock."""
    with Shop(shop_url, is_ready=True) as opened:
        opened.list_products((WATCH, "Arloji", "150000"), (BAG, "Kantong", "500"))
        opened.receive(WATCH, "WATCH-1", "WATCH-2", "WATCH-3", "WATCH-4", "WATCH-5")
        yield opened
