"""Kind `keyboard`: scanners that type, as a keyboard does (USB HID, Bluetooth), read through evdev.

The scanner is grabbed. Set it to the layout that the settings name, best USA; Enter, Tab or a pause ends a label. Name
it by /dev/input/by-id.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from hardware.grabbed import GrabbedKeys
from hardware.keymap import KeyReader
from hardware.layouts import LAYOUTS
from hardware.options import DeviceOptions, expects
from hardware.scanners.byte_scanner import ByteScanner, ByteScannerOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyboardOptions(ByteScannerOptions):
    """Settings of a scanner that types."""

    kind: str = "keyboard"
    port: str = field(metadata=expects("the scanner's path, such as /dev/input/by-id/...-event-kbd"))
    layout: str = field(default="us", metadata=expects("the layout it is set to", choices=tuple(LAYOUTS)))


class KeyboardScanner(ByteScanner):
    """A scanner that types. What it typed before it was opened, and half a label at that moment, is not taken."""

    options_class: ClassVar[type[DeviceOptions]] = KeyboardOptions

    def __init__(self, options: KeyboardOptions) -> None:
        super().__init__(options)
        self._layout = options.layout
        self._grabbed = GrabbedKeys(options.port)
        self._keys = KeyReader(options.layout, list)

    def close(self) -> None:
        """Let go of the scanner: what it reads goes to the focus again."""
        self._grabbed.close()

    def _open_line(self) -> None:
        self._grabbed.open()
        self._keys = KeyReader(self._layout, self._grabbed.held, caps_lock=self._grabbed.has_caps_lock())

    def _arrive(self, timeout: float) -> bytes:
        return b"".join(self._keys.feed(*event) for event in self._grabbed.events(timeout))
