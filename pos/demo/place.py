"""Where the demo takes place: its ports, the cables of its devices, its settings file.

Imports next to nothing, so that the gate, which takes longest to start, can be started before the rest is loaded.
"""

import json
from dataclasses import dataclass
from pathlib import Path

SETTINGS = """\
# The demo's shop. Written anew whenever it starts.
[shop]
name = "Toko Contoh"
store = "main"
currency = "IDR"
language = "id"
timezone = "Asia/Jakarta"

[database]
url = "sqlite:///lunas.db"

[till]
name = "till-1"
listen = "127.0.0.1:{till_port}"
[[till.scanner]]
name = "counter"
kind = "serial"
port = {till_scanner}

[gate]
name = "gate-1"
listen = "127.0.0.1:{gate_port}"
journal = "gate-1.journal"
armed = true
[[gate.scanner]]
name = "door"
kind = "serial"
port = {gate_scanner}
[gate.relay]
kind = "lcus"
port = {relay}
channel = 1
[gate.alarm]
seconds = 8
"""


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the three servers listen, on loopback."""

    till: int
    gate: int
    floor: int


@dataclass(frozen=True, slots=True)
class Cables:
    """The paths at which the programs find their devices."""

    till_scanner: Path
    gate_scanner: Path
    relay: Path


def write_settings(folder: Path, ports: Ports, cables: Cables) -> Path:
    """Write the settings file and return its path."""
    file = folder / "lunas.toml"
    paths = {name: json.dumps(str(getattr(cables, name))) for name in Cables.__dataclass_fields__}
    file.write_text(SETTINGS.format(till_port=ports.till, gate_port=ports.gate, **paths), encoding="utf-8")
    return file
