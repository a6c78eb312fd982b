"""What a page writes into the settings: only what it decided, only what holds, at one stroke."""

import stat
from pathlib import Path

import pytest

from shared import settings, settings_file
from shared.settings import SettingsError

OWN_WORDS = """\
# our shop, since 1987
[shop]
name = "Lunas"   # to be changed
store = "main"

[till]
name = "till-1"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    written = tmp_path / "lunas.toml"
    written.write_text(OWN_WORDS)
    return written


def test_what_one_starts_from_holds(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "lunas.toml"
    settings_file.begin(file)
    assert settings.load(file).till.name == "till-1"
    with pytest.raises(FileExistsError):
        settings_file.begin(file)


def test_a_change_keeps_a_persons_own_words(file: Path) -> None:
    changed = settings_file.change(file, {"shop": {"name": "Toko Senja", "language": "en"}})
    assert (changed.shop.name, changed.shop.language) == ("Toko Senja", "en")
    text = file.read_text()
    assert "# our shop, since 1987" in text
    assert '"Toko Senja"   # to be changed' in text
    assert settings.load(file) == changed


def test_a_gate_is_added_and_paired_anew(file: Path) -> None:
    def gate(port: str) -> settings.Settings:
        scanner = {"name": "exit", "kind": "serial", "port": port}
        return settings_file.change(file, {"gate": {"scanner": [scanner], "relay": {"kind": "virtual"}}})

    gate("/dev/one")
    changed = gate("/dev/two")
    assert changed.gate is not None
    assert [table["port"] for table in changed.gate.scanners] == ["/dev/two"]
    assert settings.load(file).gate == changed.gate


def test_what_does_not_hold_is_refused_and_nothing_changes(file: Path) -> None:
    with pytest.raises(SettingsError, match=r"shop\.timezone"):
        settings_file.change(file, {"shop": {"timezone": "Mars/Olympus"}})
    with pytest.raises(SettingsError, match="expected a table"):
        settings_file.change(_scalar(file), {"shop": {"name": "Toko Senja"}})
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_who_may_read_the_file_stays_so(file: Path) -> None:
    file.chmod(0o600)
    settings_file.change(file, {"shop": {"name": "Toko Senja"}})
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_table_is_shown_as_it_would_stand_there() -> None:
    shown = settings_file.shown("gate", {"scanner": [{"name": "exit"}], "relay": {"kind": "virtual"}})
    assert "[[gate.scanner]]" in shown
    assert "[gate.relay]" in shown


def _scalar(file: Path) -> Path:
    file.write_text('shop = "Lunas"\n')
    return file
