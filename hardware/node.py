"""A device as the kernel and udev know it. Pure: read by `hardware.udev_nodes`, judged in `hardware.inventory`."""

from collections.abc import Mapping
from typing import NamedTuple


class UsbIdentity(NamedTuple):
    """What a USB device says that it is; the ids are four hexadecimal digits, the rest "" where it says nothing."""

    vendor: str
    product: str
    maker: str
    model: str
    serial: str


class Node(NamedTuple):
    """A device as the kernel and udev know it.

    `path` is its node, "" for a USB device that no driver made one for. `properties` are udev's, and those sysfs
    attributes that tell more: the `type` of a serial port, the `index` and `name` of a camera.
    """

    subsystem: str
    path: str
    links: tuple[str, ...]
    usb: UsbIdentity | None
    properties: Mapping[str, str]
