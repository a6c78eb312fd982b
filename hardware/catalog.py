"""Which driver serves which kind of device; a driver is imported when it is first asked for.

Other packages add theirs by entry points of the groups `lunas.scanners`, `lunas.relays` and `lunas.printers`: the entry
point's name is the kind, its object a subclass of `Scanner`, `Relay` or `Printer`. A kind of ours cannot be taken over.
"""

import importlib
from collections.abc import Iterable, Mapping
from importlib.metadata import entry_points
from typing import Final

from hardware.errors import DriverMissing, Mistake, OptionMistake
from hardware.options import DeviceOptions, did_you_mean, read_options
from hardware.printer import Printer
from hardware.relay import Relay
from hardware.scanner import Scanner

_SCANNERS: Final[Mapping[str, str]] = {
    "camera": "hardware.scanners.camera:CameraScanner",
    "keyboard": "hardware.scanners.keyboard:KeyboardScanner",
    "serial": "hardware.scanners.serial_port:SerialScanner",
    "virtual": "hardware.scanners.virtual:VirtualScanner",
}
_RELAYS: Final[Mapping[str, str]] = {
    "gpio": "hardware.relays.gpio:GpioLine",
    "hid": "hardware.relays.hid_board:HidBoard",
    "lcus": "hardware.relays.serial_board:LcusBoard",
    "modbus": "hardware.relays.modbus:ModbusBoard",
    "numato": "hardware.relays.numato:NumatoBoard",
    "virtual": "hardware.relays.virtual:VirtualRelay",
}
_PRINTERS: Final[Mapping[str, str]] = {
    "network": "hardware.printers.network_printer:NetworkPrinter",
    "serial": "hardware.printers.serial_printer:SerialPrinter",
    "usb": "hardware.printers.usb_printer:UsbPrinter",
}


def scanner_kinds() -> dict[str, str]:
    """Return every kind of scanner that is installed, with its "module:Class"."""
    return {**_others("lunas.scanners"), **_SCANNERS}


def relay_kinds() -> dict[str, str]:
    """Return every kind of relay board that is installed, with its "module:Class"."""
    return {**_others("lunas.relays"), **_RELAYS}


def printer_kinds() -> dict[str, str]:
    """Return every kind of receipt printer that is installed, with its "module:Class"."""
    return {**_others("lunas.printers"), **_PRINTERS}


def scanner_options(table: Mapping[str, object]) -> DeviceOptions:
    """Return the checked settings of one scanner, from its raw table in the settings file.

    Args:
        table: `name`, `kind` and the driver's own keys, as TOML gave them.

    Raises:
        OptionMistake: with every mistake in the table.
        DriverMissing: the driver of that kind cannot be imported.
    """
    return read_options(_scanner(_kind(table, scanner_kinds())).options_class, table)


def relay_options(table: Mapping[str, object]) -> DeviceOptions:
    """Return the checked settings of one relay, as `scanner_options` does; `name` may be left out.

    Raises:
        OptionMistake: with every mistake in the table.
        DriverMissing: the driver of that kind cannot be imported.
    """
    named = {"name": "relay", **table}
    return read_options(_relay(_kind(named, relay_kinds())).options_class, named)


def printer_options(table: Mapping[str, object]) -> DeviceOptions:
    """Return the checked settings of one receipt printer, as `relay_options` does.

    Raises:
        OptionMistake: with every mistake in the table.
        DriverMissing: the driver of that kind cannot be imported.
    """
    named = {"name": "printer", **table}
    return read_options(_printer(_kind(named, printer_kinds())).options_class, named)


def make_scanner(options: DeviceOptions) -> Scanner:
    """Return the scanner for these settings, not yet opened; raises DriverMissing."""
    return _scanner(options.kind)(options)


def make_scanners(tables: Iterable[Mapping[str, object]], where: str) -> list[Scanner]:
    """Return the scanners of these tables, not yet opened.

    Args:
        tables: one raw table for each scanner.
        where: what the settings call them, such as "gate.scanner"; mistakes are named by it.

    Raises:
        OptionMistake: with every mistake in every table.
        DriverMissing: a driver cannot be imported.
    """
    options: list[DeviceOptions] = []
    mistakes: list[Mistake] = []
    for number, table in enumerate(tables, 1):
        try:
            options.append(scanner_options(table))
        except OptionMistake as error:
            label = f"{where} {table.get('name', number)!s:.40}"
            mistakes += [(f"{label}: {key}", message) for key, message in error.mistakes]
    if mistakes:
        raise OptionMistake(mistakes)
    return [make_scanner(each) for each in options]


def make_relay(options: DeviceOptions) -> Relay:
    """Return the relay for these settings, not yet opened; raises DriverMissing."""
    return _relay(options.kind)(options)


def make_printer(options: DeviceOptions) -> Printer:
    """Return the printer for these settings, not yet opened; raises DriverMissing."""
    return _printer(options.kind)(options)


def _scanner(kind: str) -> type[Scanner]:
    driver = _load(kind, scanner_kinds())
    if not (isinstance(driver, type) and issubclass(driver, Scanner)):
        raise DriverMissing(f"the driver of scanner kind {kind!r} must be a subclass of hardware.scanner.Scanner")
    return driver


def _relay(kind: str) -> type[Relay]:
    driver = _load(kind, relay_kinds())
    if not (isinstance(driver, type) and issubclass(driver, Relay)):
        raise DriverMissing(f"the driver of relay kind {kind!r} must be a subclass of hardware.relay.Relay")
    return driver


def _printer(kind: str) -> type[Printer]:
    driver = _load(kind, printer_kinds())
    if not (isinstance(driver, type) and issubclass(driver, Printer)):
        raise DriverMissing(f"the driver of printer kind {kind!r} must be a subclass of hardware.printer.Printer")
    return driver


def _others(group: str) -> dict[str, str]:
    return {point.name: point.value for point in entry_points(group=group)}


def _kind(table: Mapping[str, object], known: Mapping[str, str]) -> str:
    """Return the table's kind; without a known one the driver's own keys cannot be judged, but the name can."""
    kind = table.get("kind")
    if isinstance(kind, str) and kind in known:
        return kind
    listed = ", ".join(sorted(known))
    message = f"is missing; known kinds are {listed}" if kind is None else _unknown_kind(kind, known, listed)
    raise OptionMistake([*_name_mistakes(table), ("kind", message)])


def _unknown_kind(kind: object, known: Mapping[str, str], listed: str) -> str:
    return f"expected one of {listed}, got {kind!r:.60}{did_you_mean(str(kind), known)}"


def _name_mistakes(table: Mapping[str, object]) -> tuple[Mistake, ...]:
    try:
        read_options(DeviceOptions, {"kind": "any", **{key: table[key] for key in ("name",) if key in table}})
    except OptionMistake as error:
        return error.mistakes
    return ()


def _load(kind: str, known: Mapping[str, str]) -> object:
    if kind not in known:
        raise DriverMissing(f"no driver for kind {kind!r}; installed are {', '.join(sorted(known))}")
    module, _, name = known[kind].partition(":")
    try:
        driver: object = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise DriverMissing(f"the driver of kind {kind!r} ({known[kind]}) cannot be used: {error}") from error
    return driver
