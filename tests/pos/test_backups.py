"""Backups by themselves: made at the interval, no more than wanted, and a manager sees when there are none."""

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pos.app import create_app
from pos.till_server import TillServer
from shared import settings
from shared.backup import name_at
from shared.roles import Role
from tests.lunas_command import Lunas
from tests.pos.pages.conftest import PIN, SignIn, furnished, shop, sign_in
from tests.servers.postgres import is_alive
from tests.servers.program import Program
from tests.servers.waiting import wait_until
from tests.shop import Shop

__all__ = ["PIN", "furnished", "shop", "sign_in"]

NOW = datetime.now(UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where backups go."""
    made = tmp_path / "backups"
    made.mkdir()
    return made


@pytest.fixture
def backup_table() -> dict[str, object] | None:
    """The settings' [backup]."""
    return {"every_hours": 6}


@pytest.fixture
def app(shop: Shop, tmp_path: Path, backup_table: dict[str, object] | None) -> Flask:
    """The till's application of a shop with that table."""
    table = {"database": {"url": shop.url}, **({} if backup_table is None else {"backup": backup_table})}
    chosen = settings.parse(table, tmp_path / "lunas.toml")
    return create_app(TillServer(chosen, shop.database, shop.counter))


def page(client: FlaskClient) -> str:
    return client.get("/office/alarms?lang=en").get_data(as_text=True)


@pytest.mark.parametrize(
    ("hours", "said", "state"),
    [(1, "Last backup: ", "good"), (13, "too long ago", "old"), (None, "No backup yet", "never")],
)
def test_a_manager_sees_how_old_the_last_backup_is(
    app: Flask, sign_in: SignIn, folder: Path, hours: int | None, said: str, state: str
) -> None:
    if hours is not None:
        (folder / name_at(NOW - timedelta(hours=hours))).touch()
    (folder / (name_at(NOW) + ".new")).touch()
    shown = page(sign_in(Role.MANAGER))
    assert said in shown
    assert ("tag look" in shown) == (state != "good")
    assert said not in page(sign_in(Role.SECURITY))
    health = app.test_client().get("/healthz").get_json()
    assert health["backup"]["state"] == state
    assert health["status"] == ("ok" if state == "good" else "degraded")


@pytest.mark.parametrize("backup_table", [None])
def test_a_manager_is_told_that_nobody_asked_for_backups(app: Flask, sign_in: SignIn) -> None:
    assert "put [backup] into the settings" in page(sign_in(Role.MANAGER))
    assert app.test_client().get("/healthz").get_json()["status"] == "ok"


@pytest.fixture
def file(shop: Shop, tmp_path: Path, free_port: Callable[[], int]) -> Path:
    """Settings that ask for backups."""
    written = shop.write_settings(tmp_path, free_port())
    with written.open("a") as opened:
        opened.write("[backup]\nkeep = 2\n")
    return written


def test_without_a_file_it_is_as_the_settings_say_with_heads_beside_it(file: Path, folder: Path) -> None:
    lunas = Lunas(file)
    old = [folder / name_at(NOW - timedelta(days=days)) for days in (3, 2, 1)]
    for backup in old:
        backup.touch()
        backup.with_suffix(".heads").touch()
    (folder / (name_at(NOW - timedelta(days=4)) + ".new")).touch()
    (folder / "somebody's own.backup").touch()
    lunas.well("backup")
    *others, newest = sorted(path.name for path in folder.iterdir() if path.name.startswith("lunas-"))
    assert others == [old[-1].name, old[-1].with_suffix(".heads").name, newest.replace(".heads", ".backup")]
    assert (folder / "somebody's own.backup").exists()
    assert "kept heads compared" in lunas.well("verify", "--heads", str(folder / newest))


def test_a_till_backs_its_shop_up_by_itself(
    file: Path, folder: Path, shop: Shop, start_program: Callable[..., Program]
) -> None:
    address = str(settings.load(file).till.listen)
    till = start_program("--config", str(file), "till")
    till.wait_until_healthy(address, seconds=60)
    wait_until(lambda: till.wait_until_healthy(address)["backup"]["state"] == "good", "the first backup is made", 60)
    shop.database.close()
    (backup,) = folder.glob("lunas-*.backup")
    assert till.terminate() == 0
    with Shop(f"sqlite:///{backup}", is_ready=True) as copy:
        assert copy.state("SHOE-0001") == "in_stock"


def children_of_threads(pid: int) -> list[int]:
    found = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(child) for children in found for child in children]


def test_a_backup_under_way_dies_with_its_till(file: Path, start_program: Callable[..., Program]) -> None:
    till = start_program("--config", str(file), "till")
    wait_until(lambda: any(map(is_backing_up, children_of_threads(till.pid))), "the till backs up", 60)
    (child,) = children_of_threads(till.pid)
    os.kill(child, signal.SIGSTOP)
    till.kill()
    os.kill(child, signal.SIGCONT)
    wait_until(lambda: not is_alive(child), "the backup ended with its till")
    assert list(file.parent.rglob("*.backup")) == [], "it ended before it was done"


def is_backing_up(pid: int) -> bool:
    """Whether the process has become `lunas backup`: before that it is setpriv, and then nice."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"backup" in command and not command[0].startswith(b"/usr/bin/")
