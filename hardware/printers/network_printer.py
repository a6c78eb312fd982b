"""Kind `network`: receipt printers with an Ethernet or Wi-Fi port, or behind a print server, on TCP port 9100."""

from dataclasses import dataclass, field
from typing import ClassVar

from hardware.options import DeviceOptions, expects
from hardware.printers.escpos import PATIENCE, EscposOptions, EscposPrinter, Wire
from hardware.serial_link import SerialLink

_ANY_BAUD = 9600  # a socket has none


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkPrinterOptions(EscposOptions):
    """Settings of a printer on the network."""

    kind: str = "network"
    host: str = field(metadata=expects("its name or address, such as 10.0.0.9"))
    port: int = field(default=9100, metadata=expects("its TCP port", 1, 65_535))


class NetworkPrinter(EscposPrinter):
    """A printer on the network; it serves one till at a time, so it is let go after each slip."""

    options_class: ClassVar[type[DeviceOptions]] = NetworkPrinterOptions
    _options: NetworkPrinterOptions

    def _make_wire(self) -> Wire:
        return SerialLink(f"socket://{self._options.host}:{self._options.port}", _ANY_BAUD, PATIENCE)
