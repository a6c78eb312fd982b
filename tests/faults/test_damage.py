"""A damaged database is told in plain words, and is never replaced by an empty one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shared.backup import back_up
from tests.gate.running_gate import RunningGate
from tests.lunas_command import Lunas
from tests.servers.disk import DAMAGES, damage
from tests.servers.program import Program
from tests.shop import Shop
from tests.shops import on_sqlite

COMMANDS = (["till"], ["verify"], ["backup", "new.backup"], ["init"])


@pytest.fixture
def file(shop: Shop) -> Path:
    """The shop's file, closed and whole."""
    shop.database.close()
    assert shop.database.file is not None
    return shop.database.file


@on_sqlite
@pytest.mark.parametrize("how", DAMAGES)
def test_every_command_refuses_it_in_plain_words_and_leaves_it_as_it_is(
    shop: Shop, file: Path, tmp_path: Path, free_port: Callable[[], int], how: str
) -> None:
    lunas = Lunas(shop.write_settings(tmp_path, free_port()))
    back_up(shop.database, tmp_path / "good.backup")
    shop.database.close()
    damage(file, how)
    before = file.read_bytes()
    for command in COMMANDS[:3] if how == "overwritten" else COMMANDS:
        said = lunas.refused(*command)
        assert f"{file} is damaged: " in said, command
        assert "put a backup back with: lunas restore" in said
        assert file.read_bytes() == before
    assert not (tmp_path / "new.backup").exists()
    restored = lunas("restore", "good.backup")
    assert restored.status == 1
    assert "With --replace it is kept aside" in restored.err
    lunas.well("restore", "--replace", "good.backup")
    lunas.well("verify")
    (aside,) = tmp_path.glob("before-restore-*.backup")
    assert how == "overwritten" or aside.read_bytes() == before


@on_sqlite
def test_a_lost_file_is_not_replaced_by_an_empty_one(shop: Shop, file: Path, tmp_path: Path) -> None:
    lunas = Lunas(shop.write_settings(tmp_path))
    file.unlink()
    for command in COMMANDS[:3]:
        assert "no such database file" in lunas.refused(*command)
        assert not file.exists()


@on_sqlite
@pytest.mark.parametrize("how", DAMAGES)
def test_a_gate_says_so_and_watches_on_by_what_it_knows(
    shop: Shop,
    file: Path,
    tmp_path: Path,
    free_port: Callable[[], int],
    start_program: Callable[..., Program],
    how: str,
) -> None:
    gate = RunningGate(tmp_path, shop.url, f"127.0.0.1:{free_port()}", start_program)
    gate.start()
    gate.program.terminate()
    shop.database.close()
    damage(file, how)
    before = file.read_bytes()
    gate.start()
    gate.scan("WATCH-1")
    gate.wait_for_frame((1, True))
    gate.wait_for("gone", "database", "state")
    assert "is damaged" in gate.part("database", "why")
    assert file.read_bytes() == before
