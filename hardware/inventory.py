"""What this machine has plugged in that Lunas can use: for `lunas devices` and the till's set-up page.

Names are the stable ones that udev makes (systemd's 60-serial, 60-persistent-input and 60-persistent-v4l rules). A
device without a serial number of its own, such as a CH340, shares its by-id name with every other of its make: it is
named by the USB socket it is in.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from hardware.errors import DriverMissing
from hardware.node import Node

SCANNER: Final = "scanner"
RELAY: Final = "relay"

_GROUPS: Final[Mapping[str, str]] = {
    "serial": "dialout",
    "numato": "dialout",
    "hid": "dialout",
    "keyboard": "input",
    "camera": "video",
}
_NUMATO: Final = "2a19"
# DCTTech; Ucreatefun and CH551G copies.
_HID_RELAYS: Final = frozenset({("16c0", "05df"), ("0519", "2018")})
# Makers of scanners that are nothing else: Datalogic, Honeywell, Newland, Zebra.
_SCANNER_MAKERS: Final = frozenset({"05f9", "0c2e", "1eab", "05e0"})
# brltty takes every CH340 and CP210x for a braille display.
_TAKEN_BY_BRLTTY: Final = frozenset({("1a86", "7523"), ("10c4", "ea60")})
_SETTINGS: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("serial", SCANNER): ("serial", "port"),
    ("serial", RELAY): ("lcus", "port"),
    ("numato", RELAY): ("numato", "port"),
    ("hid", RELAY): ("hid", "port"),
    ("keyboard", SCANNER): ("keyboard", "port"),
    ("camera", SCANNER): ("camera", "source"),
}


@dataclass(frozen=True, slots=True)
class FoundDevice:
    """One device that is plugged in.

    Attributes:
        kind: `serial`, `numato`, `hid`, `keyboard` or `camera`.
        path: its stable name; "" while something keeps it from having one, which `trouble` then tells.
        description: its maker and model, in words for a person.
        roles: what it can be used as: "scanner", "relay" or both.
        trouble: what stands in the way and what to do about it; "" where nothing does.
    """

    kind: str
    path: str
    description: str
    roles: tuple[str, ...]
    trouble: str


class Surroundings(NamedTuple):
    """What else bears on whether a device can be used: may this user open that path, is brltty here, does udev run."""

    may_use: Callable[[str], bool]
    brltty: bool
    udev: bool


def found_devices() -> list[FoundDevice]:
    """Return the scanners, relay boards and cameras that are plugged in, those of one kind together.

    Raises:
        DriverMissing: pyudev or libudev is not installed.
    """
    try:
        from hardware.udev_nodes import nodes  # noqa: PLC0415 - pyudev is loaded when it is asked for
    except ImportError as error:
        raise DriverMissing(f"devices cannot be listed without pyudev and libudev1: {error}") from error
    return judge(nodes(), surroundings())


def surroundings(root: Path = Path("/")) -> Surroundings:
    """Return what bears on devices on this machine; `root` is where its file system begins."""
    return Surroundings(
        may_use=lambda path: os.access(path, os.R_OK | os.W_OK),
        brltty=_has_brltty(root),
        udev=(root / "run/udev/control").exists(),
    )


def judge(nodes: Iterable[Node], around: Surroundings) -> list[FoundDevice]:
    """Return what Lunas can use of `nodes`, ordered by kind and path."""
    found = [FoundDevice(kind, *_told(kind, node, around)) for node in nodes for kind in _kinds(node)]
    return sorted(found, key=lambda device: (device.kind, device.path))


def settings_for(device: FoundDevice, role: str) -> dict[str, str]:
    """Return what the settings file says to use `device` in that role, without a name.

    Raises:
        KeyError: the device cannot be used so.
    """
    kind, key = _SETTINGS[device.kind, role]
    return {"kind": kind, key: device.path}


def _kinds(node: Node) -> Iterator[str]:
    """Yield the kind of device that the node is, if it is any of ours."""
    facts, usb = node.properties, node.usb
    if node.subsystem == "tty" and usb:
        yield "numato" if usb.vendor == _NUMATO else "serial"
    # A PC has the nodes of 32 serial ports, most of them without a port: those are of type 0.
    elif node.subsystem == "tty" and facts.get("type", "0") != "0":
        yield "serial"
    elif node.subsystem == "hidraw" and usb and usb[:2] in _HID_RELAYS:
        yield "hid"
    elif node.subsystem == "input" and _types_from_outside(node):
        yield "keyboard"
    # A camera has a second node for its settings.
    elif node.subsystem == "video4linux" and facts.get("index", "0") == "0" and _captures(facts):
        yield "camera"
    elif node.subsystem == "usb" and usb and usb[:2] in _TAKEN_BY_BRLTTY:
        yield "serial"


def _types_from_outside(node: Node) -> bool:
    is_outside = node.usb is not None or node.properties.get("ID_BUS") == "bluetooth"
    return is_outside and "/event" in node.path and node.properties.get("ID_INPUT_KEYBOARD") == "1"


def _captures(facts: Mapping[str, str]) -> bool:
    return ":capture:" in facts.get("ID_V4L_CAPABILITIES", ":capture:")


def _told(kind: str, node: Node, around: Surroundings) -> tuple[str, str, tuple[str, ...], str]:
    return _stable_name(node), _description(node), _roles(kind, node), _trouble(kind, node, around)


def _stable_name(node: Node) -> str:
    has_own_name = node.usb is None or bool(node.usb.serial)
    for folder in (*(("/by-id/", "/by-path/") if has_own_name else ("/by-path/", "/by-id/")), "/lunas/"):
        for link in sorted(node.links):
            if folder in link:
                return link
    return node.path


def _description(node: Node) -> str:
    if node.usb is None:
        return node.properties.get("name") or "built-in"
    words = " ".join(filter(None, [node.usb.maker, node.usb.model, node.usb.serial]))
    told = f"{words} " if words else ""
    return f"{told}({node.usb.vendor}:{node.usb.product})"


def _roles(kind: str, node: Node) -> tuple[str, ...]:
    if kind in {"numato", "hid"}:
        return (RELAY,)
    if kind != "serial" or (node.usb and node.usb.vendor in _SCANNER_MAKERS):
        return (SCANNER,)
    return (SCANNER, RELAY)


def _trouble(kind: str, node: Node, around: Surroundings) -> str:
    is_braille = node.usb is not None and node.usb[:2] in _TAKEN_BY_BRLTTY
    if not node.path and around.brltty:
        return "brltty (for braille displays) has taken it away: sudo apt remove brltty, and plug it in again"
    if not node.path:
        return "the kernel gives it no serial port: its driver (ch341 or cp210x) is missing"
    if is_braille and around.brltty:
        return "brltty (for braille displays) is installed and takes such adapters away: sudo apt remove brltty"
    if not around.may_use(node.path):
        group = _GROUPS[kind]
        return f"this user may not use it: sudo usermod -aG {group} $USER, and sign in again"
    if node.usb and not node.links:
        return f"it has no name that outlives a replug: {_no_name(around)}"
    return ""


def _no_name(around: Surroundings) -> str:
    return "udev made none for it" if around.udev else "udev does not run here, start it"


def _has_brltty(root: Path) -> bool:
    return any((root / place).exists() for place in ("usr/bin/brltty", "bin/brltty"))
