"""Kind `serial`: scanners on a serial line, USB scanners in serial (CDC) mode, RFID readers that print EPCs.

Most leave the factory at 9600 or 115200 baud 8N1, with the suffix CR. Zebra's SSI mode waits for an answer to each
label: switch it off in the scanner's set-up.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from hardware.options import DeviceOptions, expects
from hardware.scanners.byte_scanner import ByteScanner, ByteScannerOptions
from hardware.serial_link import SerialLink


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialOptions(ByteScannerOptions):
    """Settings of a scanner on a serial port."""

    kind: str = "serial"
    port: str = field(metadata=expects("the device's path, such as /dev/serial/by-id/..., or socket://host:port"))
    baud: int = field(default=9600, metadata=expects("bits per second", 300, 3_000_000))


class SerialScanner(ByteScanner):
    """A scanner on a serial port, USB serial included, or behind a serial server."""

    options_class: ClassVar[type[DeviceOptions]] = SerialOptions

    def __init__(self, options: SerialOptions) -> None:
        super().__init__(options)
        self._link = SerialLink(options.port, options.baud)

    def close(self) -> None:
        """Give the port back."""
        self._link.close()

    def _open_line(self) -> None:
        self._link.open()

    def _arrive(self, timeout: float) -> bytes:
        return self._link.read(timeout)
