"""The devices that udev lists, through pyudev; what they are good for is judged in `hardware.inventory`."""

from collections.abc import Iterator
from typing import Any, Final

import pyudev

from hardware.node import Node, UsbIdentity

_SUBSYSTEMS: Final = ("tty", "input", "video4linux", "hidraw")
_ATTRIBUTES: Final = ("type", "index", "name")
_IDENTITY: Final = ("idVendor", "idProduct", "manufacturer", "product", "serial")


def nodes() -> list[Node]:
    """Return every serial port, input or HID device and camera with a node, and each USB device without a port."""
    context = pyudev.Context()
    devices = [device for subsystem in _SUBSYSTEMS for device in context.list_devices(subsystem=subsystem)]
    ports = [device.device_path for device in devices if device.subsystem == "tty"]
    return [*_with_nodes(devices), *_without_ports(context, ports)]


def _with_nodes(devices: list[Any]) -> Iterator[Node]:
    for device in devices:
        if device.device_node:
            told = {name: _attribute(device, name) for name in _ATTRIBUTES}
            facts = {**device.properties, **{name: value for name, value in told.items() if value}}
            parent = device.find_parent("usb", "usb_device")
            yield Node(device.subsystem, device.device_node, tuple(device.device_links), _identity(parent), facts)


def _without_ports(context: Any, ports: list[str]) -> Iterator[Node]:
    for device in context.list_devices(subsystem="usb", DEVTYPE="usb_device"):
        if not any(port.startswith(f"{device.device_path}/") for port in ports):
            yield Node("usb", "", (), _identity(device), {})


def _identity(usb: Any) -> UsbIdentity | None:
    if usb is None:
        return None
    return UsbIdentity(*(_attribute(usb, name) for name in _IDENTITY))


def _attribute(device: Any, name: str) -> str:
    """Return a sysfs attribute, "" where there is none, made safe to print: a device may say anything."""
    raw: bytes = device.attributes.get(name, b"")
    return "".join(filter(str.isprintable, raw.decode("utf-8", "replace"))).strip()
