"""Kind `serial`: receipt printers on a serial line or a USB serial port.

Most leave the factory at 9600 or 19200 baud. Set yours to 115200: the code for the gate is a picture of some kilobytes.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from hardware.options import DeviceOptions, expects
from hardware.printers.escpos import PATIENCE, EscposOptions, EscposPrinter, Wire
from hardware.serial_link import SerialLink


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialPrinterOptions(EscposOptions):
    """Settings of a printer on a serial port."""

    kind: str = "serial"
    port: str = field(metadata=expects("the device's path, such as /dev/serial/by-id/..., or socket://host:port"))
    baud: int = field(default=19_200, metadata=expects("bits per second", 300, 3_000_000))


class SerialPrinter(EscposPrinter):
    """A printer on a serial port."""

    options_class: ClassVar[type[DeviceOptions]] = SerialPrinterOptions
    _options: SerialPrinterOptions

    def _make_wire(self) -> Wire:
        return SerialLink(self._options.port, self._options.baud, PATIENCE)
