"""What the documentation shows holds: settings are read by the program, and files that it names are there."""

import re
import subprocess
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from playwright._impl._driver import compute_driver_executable

from gate.outward.webhook import signature
from gate.pattern import Role
from hardware.catalog import printer_options, relay_options, scanner_options
from hardware.options import DeviceOptions
from shared import settings
from shared.settings import ShopSettings, TillSettings

HOUSE = Path(__file__).parents[2]
PAGES = [HOUSE / "README.md", HOUSE / "README.id.md", HOUSE / "systemd/README.md", *(HOUSE / "docs").glob("*.md")]


def tables() -> list[dict[str, Any]]:
    """The settings in docs/settings.md, block by block."""
    blocks = re.findall(r"```toml\n(.*?)```", (HOUSE / "docs/settings.md").read_text(), re.DOTALL)
    return [tomllib.loads(block) for block in blocks]


def devices(kind: str) -> list[dict[str, Any]]:
    """Every scanner or relay shown."""
    shown = [table[part][kind] for table in tables() for part in ("till", "gate") if kind in table.get(part, {})]
    return [device for found in shown for device in (found if isinstance(found, list) else [found])]


def test_every_setting_shown_is_known_and_is_the_default(tmp_path: Path) -> None:
    everything, scanners, *_ = tables()
    everything["gate"] |= scanners["gate"]
    read = settings.parse(everything, tmp_path / "lunas.toml")
    least = {"gate": scanners["gate"], "backup": {}}
    assert read == settings.parse(least, tmp_path / "lunas.toml")
    assert (read.shop, read.till) == (ShopSettings(), TillSettings())


@pytest.mark.parametrize("table", devices("scanner"), ids=lambda table: table["kind"])
def test_every_scanner_shown_is_known_and_shows_the_defaults(table: dict[str, Any]) -> None:
    assert scanner_options(table) == scanner_options(least(scanner_options(table), table))


@pytest.mark.parametrize("table", devices("relay"), ids=lambda table: table["kind"])
def test_every_relay_shown_is_known_and_shows_the_defaults(table: dict[str, Any]) -> None:
    assert relay_options(table) == relay_options(least(relay_options(table), table))


@pytest.mark.parametrize("table", devices("printer"), ids=lambda table: table["kind"])
def test_every_printer_shown_is_known_and_shows_the_defaults(table: dict[str, Any]) -> None:
    must = {key: value for key, value in table.items() if key != "port"} if table["kind"] == "network" else table
    assert printer_options(table) == printer_options(least(printer_options(table), must))


def test_the_till_that_a_gate_follows_is_shown_as_it_is_read(tmp_path: Path) -> None:
    _, scanners, *others = tables()
    (following,) = [table["gate"] for table in others if "follow" in table.get("gate", {})]
    gate = settings.parse({"gate": scanners["gate"] | following}, tmp_path / "lunas.toml").gate
    assert gate is not None
    assert gate.follow is not None
    shown = (str(gate.follow), gate.follow.token_file.name, gate.follow.ca_file and gate.follow.ca_file.name)
    assert shown == ("https://till.lan:443", "gate-1.token", "till.lan.crt")


@pytest.mark.parametrize("table", devices("output"), ids=lambda table: table["name"])
def test_every_output_shown_is_known(table: dict[str, Any]) -> None:
    assert Role(table.pop("role"))
    assert relay_options(table).name == table["name"]


def least(options: DeviceOptions, table: dict[str, Any]) -> dict[str, Any]:
    """What must be said of a device, the rest left out."""
    assert set(table) <= set(options.__dataclass_fields__)
    return {
        key: value for key, value in table.items() if key in {"name", "kind", "host", "port", "source", "chip", "line"}
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOUSE)))
def test_every_file_that_a_page_links_to_is_there(page: Path) -> None:
    linked = re.findall(r"\]\(([^)#:]+)\)", page.read_text())
    assert [name for name in linked if not (page.parent / name).exists()] == []


def blocks(page: str, language: str) -> list[str]:
    """The code of one language on a page."""
    return re.findall(rf"```{language}\n(.*?)```", (HOUSE / page).read_text(), re.DOTALL)


def test_a_webhook_s_signature_is_verified_as_shown(tmp_path: Path) -> None:
    body, header = b'{"event": "test"}', signature("secret", round(time.time()), b'{"event": "test"}')
    (python,) = blocks("docs/outward.md", "python")
    shown: dict[str, Any] = {}
    exec(python, shown)  # noqa: S102 - the documentation's own
    assert shown["is_genuine"]("secret", header, body)
    assert not shown["is_genuine"]("secret", header, body + b" ")
    assert not shown["is_genuine"]("secret", signature("secret", 1, body), body)
    (javascript,) = blocks("docs/outward.md", "js")
    asked = f"isGenuine('secret', '{header}', Buffer.from('{body.decode()}'))"
    (tmp_path / "verify.mjs").write_text(f"{javascript}\nconsole.log({asked}, {asked.replace('event', 'forged')})")
    node, _ = compute_driver_executable()
    run = subprocess.run([node, tmp_path / "verify.mjs"], capture_output=True, text=True, check=True)
    assert run.stdout == "true false\n"


def test_both_readmes_show_the_same_commands() -> None:
    command = re.compile(r"^    ((?:make|lunas|\.venv/bin/lunas)\b[^#\n]*?) *(?:#.*)?$", re.MULTILINE)
    english, indonesian = (command.findall((HOUSE / name).read_text()) for name in ("README.md", "README.id.md"))
    assert english
    assert english == indonesian
