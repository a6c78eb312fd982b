"""The scanners and outputs that the settings name, made but not opened; all mistakes in their tables at once."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from gate.output import Output
from gate.pattern import Role
from hardware.catalog import make_relay, make_scanners, relay_options
from hardware.errors import DriverMissing, OptionMistake
from hardware.options import did_you_mean
from hardware.scanner import Scanner
from shared.gate_settings import GateSettings
from shared.settings import SettingsError
from shared.table_reader import Table

Faults = OptionMistake | DriverMissing


def make_devices(chosen: GateSettings, found: Sequence[str] = ()) -> tuple[list[Scanner], list[Output]]:
    """Return the scanners and the outputs.

    Raises SettingsError with every mistake in their tables, after those that were `found` elsewhere.
    """
    mistakes = list(found)
    scanners: list[Scanner] = []
    try:
        scanners = make_scanners(chosen.scanners, "gate.scanner")
    except (OptionMistake, DriverMissing) as error:
        mistakes += _mistakes(error, "")
    outputs = [output for label, table in _tables(chosen) if (output := _output(label, table, mistakes))]
    mistakes = mistakes or list(_amiss(outputs))
    if mistakes:
        raise SettingsError(mistakes)
    return scanners, outputs


def _tables(chosen: GateSettings) -> Iterator[tuple[str, Table]]:
    """What the settings call each output, and its table; `[gate.relay]` is a siren."""
    if chosen.relay:
        yield "gate.relay", {"name": "relay", **chosen.relay, "role": Role.SIREN}
    for number, table in enumerate(chosen.outputs, 1):
        yield f"gate.output {table.get('name', number)!s:.40}", table


def _output(label: str, table: Table, mistakes: list[str]) -> Output | None:
    """Return the output of a table; None where something is wrong, which is added to `mistakes`."""
    wrong = list(_wrong_in_ours(table))
    try:
        options = relay_options({key: value for key, value in table.items() if key != "role"})
        relay = make_relay(options)
    except (OptionMistake, DriverMissing) as error:
        mistakes += [f"{label}: {mistake}" for mistake in [*wrong, *_mistakes(error, "")]]
        return None
    mistakes += [f"{label}: {mistake}" for mistake in wrong]
    return None if wrong else Output(relay, Role(table["role"]))


def _wrong_in_ours(table: Table) -> Iterator[str]:
    """What is wrong with the name and the role, which are no business of the driver's."""
    if "name" not in table:
        yield "name: is missing; expected what the shop calls the output"
    role: Any = table.get("role")
    if role is None:
        yield f"role: is missing; expected one of {', '.join(Role)}"
    elif role not in list(Role):
        yield f"role: expected one of {', '.join(Role)}, got {role!r:.60}{did_you_mean(str(role), map(str, Role))}"


def _amiss(outputs: list[Output]) -> Iterator[str]:
    """What is wrong with the outputs together."""
    for name, count in Counter(output.name for output in outputs).items():
        if count > 1:
            yield f"gate.output {name}: expected a different name for each, got one twice"
    if all(output.role is Role.FAULT for output in outputs):
        yield "gate.output: expected at least one that tells of an alarm: a chime, a lamp or a siren"


def _mistakes(error: Faults, where: str) -> list[str]:
    found = error.mistakes if isinstance(error, OptionMistake) else [("kind", str(error))]
    return [f"{where}{key}: {message}" for key, message in found]
