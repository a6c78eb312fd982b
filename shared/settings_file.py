"""Writes the settings file: the one to start from, and what a page decides. A person's own words in it stay."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT
from tomlkit.items import Table as FileTable

from shared import settings
from shared.settings import Settings, SettingsError
from shared.table_reader import Table

STARTER = """\
# The settings of this machine. The set-up page writes here too, and keeps what you wrote.

[shop]
name = "Lunas"
language = "id"
currency = "IDR"
timezone = "Asia/Jakarta"

[database]
url = "sqlite:///lunas.db"

[till]
name = "till-1"
listen = "127.0.0.1:8080"

[backup]
folder = "backups"  # each day; another disk is better
"""


def begin(file: Path) -> None:
    """Write the settings to start from. Raises FileExistsError where the file is there, OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8") as opened:
        opened.write(STARTER)


def change(file: Path, tables: Mapping[str, Table]) -> Settings:
    """Set keys of some tables, leave all else as it is, and return the settings as they are then.

    A list of tables replaces what stands there. The file is replaced at one stroke, and only by settings that hold.

    Raises:
        SettingsError: with every mistake that the file would then have.
        OSError: it cannot be read or written.
    """
    document = tomlkit.parse(file.read_text(encoding="utf-8"))
    for name, values in tables.items():
        _table(document, name).update({key: _item(value) for key, value in values.items()})
    text = tomlkit.dumps(document)
    changed = settings.parse(tomllib.loads(text), file)
    _replace(file, text)
    return changed


def shown(name: str, values: Table) -> str:
    """One table as it would stand in the file, for a person to copy."""
    document = tomlkit.document()
    _table(document, name).update({key: _item(value) for key, value in values.items()})
    return tomlkit.dumps(document)


def _table(document: tomlkit.TOMLDocument, name: str) -> FileTable:
    if name not in document:
        document.add(name, tomlkit.table())
    found = document[name]
    if not isinstance(found, FileTable):
        raise SettingsError([f"{name}: expected a table [{name}], got something else"])
    return found


def _item(value: Any) -> Any:
    if isinstance(value, Mapping):
        table = tomlkit.table()
        table.update({key: _item(inner) for key, inner in value.items()})
        return table
    if isinstance(value, list):
        tables = AoT([])
        for entry in value:
            tables.append(_item(entry))
        return tables
    return tomlkit.item(value)


def _replace(file: Path, text: str) -> None:
    draft = file.with_name(file.name + ".new")
    draft.unlink(missing_ok=True)
    # The database's password may stand in it.
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:  # noqa: PTH123 - a mode for a new file
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    draft.chmod(file.stat().st_mode)
    draft.replace(file)
