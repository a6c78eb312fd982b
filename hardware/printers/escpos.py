"""What ESC/POS printers have in common, whatever wire they are on.

The bytes are python-escpos's. The wire is ours: the library's own waits for a minute on a printer that takes no more,
and cannot share a serial port's faults with the other drivers. What a printer answers to `DLE EOT n` is in Epson's
reference, "ESC/POS command reference, real-time commands": every status byte has the form 0xx1xx10.
"""

import shutil
import textwrap
import unicodedata
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final, Protocol

import numpy as np
from escpos import capabilities
from escpos.printer import Dummy
from PIL import Image
from zxingcpp import BarcodeFormat, create_barcode

from hardware.errors import OptionMistake
from hardware.options import DeviceOptions, expects
from hardware.printer import COLUMNS, Code, Printer, PrinterState, Slip, Text

# The library leaves a folder with a copy of its printer database behind for each process that loads it.
shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)

PATIENCE: Final = 3.0
"""Seconds that a printer may take nothing: it prints as fast as it is written to, unless it has stopped."""

_PROFILES: Final[Mapping[int, str]] = {32: "POS-5890", 48: "TM-T20II"}
"""The library's name of a common printer with that many columns: its dots, and that a narrow one has no cutter."""

_CHARACTER_DOTS: Final = 12
_LARGEST_MODULE: Final = 4  # dots, 0.5 mm: more is slower to send and no easier to read
_MARGIN: Final = 4  # modules around a code, by ISO/IEC 18004
_LIKENESS: Final = str.maketrans(
    "\N{EN DASH}\N{EM DASH}\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
    "\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\N{MULTIPLICATION SIGN}",
    "--''\"\"x",
)
_CHUNK: Final = 256  # bytes, so that patience is for a little at a time
_ASK_CAUSE, _ASK_PAPER = b"\x10\x04\x02", b"\x10\x04\x04"
_ANSWER_WAIT: Final = 0.3
_DRAWER_PIN: Final = 2  # of the connector: the first drawer
_FORM, _FORM_MASK = 0x12, 0x93
_COVER_OPEN, _STOPPED_BY_END, _ERROR = 0x04, 0x20, 0x40  # bits of the cause
_PAPER_LOW, _PAPER_OUT = 0x0C, 0x60  # bits of the paper


@dataclass(frozen=True, slots=True, kw_only=True)
class EscposOptions(DeviceOptions):
    """Settings of every ESC/POS printer."""

    width: int = field(default=80, metadata=expects("the paper's width in mm: 58 or 80", 58, 80))

    def __post_init__(self) -> None:
        # Not super(): a slotted dataclass is another class than the one that it was written as.
        DeviceOptions.__post_init__(self)
        if self.width not in COLUMNS:
            raise OptionMistake([("width", f"expected 58 or 80 (mm of paper), got {self.width}")])


class Wire(Protocol):
    """What bytes go through; `hardware.serial_link.SerialLink` says how each part behaves."""

    def open(self) -> None:
        """Take it. Raises OpenFailed."""

    def read(self, timeout: float) -> bytes:
        """Return what came. Raises DeviceLost."""

    def write(self, data: bytes) -> None:
        """Send. Raises DeviceLost."""

    def close(self) -> None:
        """Give it back."""


class EscposPrinter(Printer):
    """A printer that speaks ESC/POS; a subclass says what wire it is on."""

    options_class: ClassVar[type[DeviceOptions]] = EscposOptions

    def __init__(self, options: EscposOptions) -> None:
        super().__init__(options)
        self._options = options
        self.columns = COLUMNS[options.width]
        self._wire = self._make_wire()

    @abstractmethod
    def _make_wire(self) -> Wire:
        """Return the wire, closed."""

    def open(self) -> None:
        """Take the wire."""
        self._wire.open()

    def print(self, slip: Slip) -> None:
        """Print and cut."""
        self._send(bytes_of(slip, self.columns))

    def open_drawer(self) -> None:
        """Pulse the drawer's pin for a tenth of a second."""
        encoder = _encoder(self.columns)
        encoder.cashdraw(_DRAWER_PIN)
        self._send(encoder.output)

    def state(self) -> PrinterState:
        """Ask for the cause of a stop, then for the paper."""
        cause = self._ask(_ASK_CAUSE)
        return state_of(cause, self._ask(_ASK_PAPER) if cause is not None else None)

    def close(self) -> None:
        """Give the wire back."""
        self._wire.close()

    def _send(self, data: bytes) -> None:
        for start in range(0, len(data), _CHUNK):
            self._wire.write(data[start : start + _CHUNK])

    def _ask(self, question: bytes) -> int | None:
        self._wire.write(question)
        answer = [byte for byte in self._wire.read(_ANSWER_WAIT) if byte & _FORM_MASK == _FORM]
        return answer[-1] if answer else None


def state_of(cause: int | None, paper: int | None) -> PrinterState:
    """Return what the answers to `DLE EOT 2` and `DLE EOT 4` say together; None is no answer."""
    cause, paper = cause or 0, paper or 0
    if cause & _COVER_OPEN:
        return PrinterState.COVER_OPEN
    if cause & _STOPPED_BY_END or paper & _PAPER_OUT:
        return PrinterState.NO_PAPER
    if cause & _ERROR:
        return PrinterState.FAULT
    return PrinterState.LOW_PAPER if paper & _PAPER_LOW else PrinterState.READY


def bytes_of(slip: Slip, columns: int) -> bytes:
    """Return the bytes that print the slip and cut it off, or feed it out where it is torn."""
    encoder = _encoder(columns)
    for piece in slip:
        if isinstance(piece, Code):
            _add_code(encoder, piece.text, columns * _CHARACTER_DOTS)
        else:
            _add_text(encoder, piece, columns)
    encoder.cut()
    return bytes(encoder.output)


def plain(text: str) -> str:
    """Return the text in ASCII, as long as it was: accents go, and what has no likeness becomes a question mark.

    Printers have code pages in common by number only; the same byte is another letter on the next make.
    """
    return "".join(_plain(character) for character in unicodedata.normalize("NFC", text.translate(_LIKENESS)))


def _plain(character: str) -> str:
    likeness = unicodedata.normalize("NFKD", character)[0]
    return likeness if " " <= likeness <= "~" else "?"


def _encoder(columns: int) -> Dummy:
    encoder = Dummy(profile=_PROFILES[columns])
    encoder.hw("INIT")
    return encoder


def _add_text(encoder: Dummy, line: Text, columns: int) -> None:
    align = "center" if line.centred else "left"
    encoder.set(align=align, bold=line.strong, **_size(large=line.large))
    across = columns // 2 if line.large else columns
    parts = textwrap.wrap(plain(line.text), across, break_on_hyphens=False) or [""]
    encoder.text("".join(f"{part}\n" for part in parts))


def _size(*, large: bool) -> dict[str, bool]:
    return {"double_width": True, "double_height": True} if large else {"normal_textsize": True}


def _add_code(encoder: Dummy, text: str, dots: int) -> None:
    """As a picture: whatever calls itself ESC/POS can draw one, but not each can make a QR code."""
    code = create_barcode(text, BarcodeFormat.QRCode, ec_level="M")
    modules = code.to_image(scale=1, add_quiet_zones=False).shape[1] + 2 * _MARGIN
    scale = max(1, min(_LARGEST_MODULE, dots // modules))
    pixels = np.asarray(code.to_image(scale=scale, add_quiet_zones=False))
    framed = Image.new("L", (modules * scale, modules * scale), "white")
    framed.paste(Image.fromarray(pixels), (_MARGIN * scale, _MARGIN * scale))
    encoder.set(align="center")
    encoder.image(framed)
