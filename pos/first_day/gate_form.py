"""Pairing a gate: from what was chosen on the page to the tables of the settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hardware import catalog
from hardware.errors import DriverMissing, OptionMistake
from shared.table_reader import Address

SCANNER_KINDS = {"/dev/input/": "keyboard", "/dev/video": "camera", "/dev/v4l/": "camera"}
DRY_RUN = "virtual"
PATH_KEYS = {"camera": "source"}  # what the driver calls the path; the others say `port`


@dataclass(frozen=True, slots=True)
class GateForm:
    """What was chosen: the scanner's path, the relay board's kind and path."""

    scanner: str
    relay_kind: str
    relay: str

    def tables(self, till: Address) -> dict[str, Any]:
        """What goes into `[gate]` of the settings; its screen is at the port after the till's."""
        screen = Address("127.0.0.1", till.port + 1)
        return {"listen": str(screen), "scanner": [self._scanner_table()], "relay": self._relay_table()}

    def mistakes(self) -> list[str]:
        """What the drivers say against it, in the words of the settings."""
        return [
            f"{key}: {message}"
            for check, table in (
                (catalog.scanner_options, self._scanner_table()),
                (catalog.relay_options, self._relay_table()),
            )
            for key, message in _mistakes(check, table)
        ]

    def _scanner_table(self) -> dict[str, str]:
        kind = next((kind for start, kind in SCANNER_KINDS.items() if self.scanner.startswith(start)), "serial")
        return {"name": "exit", "kind": kind, PATH_KEYS.get(kind, "port"): self.scanner}

    def _relay_table(self) -> dict[str, str]:
        return {"kind": self.relay_kind} | ({} if self.relay_kind == DRY_RUN else {"port": self.relay})


def read_form(sent: Mapping[str, str]) -> GateForm:
    """Take what was sent; a path that was typed wins over the list."""
    return GateForm(
        scanner=(sent.get("scanner_path", "").strip() or sent.get("scanner", "")),
        relay_kind=sent.get("relay_kind", ""),
        relay=(sent.get("relay_path", "").strip() or sent.get("relay", "")),
    )


def _mistakes(check: Any, table: Mapping[str, object]) -> list[tuple[str, str]]:
    try:
        check(table)
    except OptionMistake as error:
        return list(error.mistakes)
    except DriverMissing as error:
        return [("kind", str(error))]
    return []
