"""A receipt printer that draws what it is sent, on a cable or a socket.

It knows the commands of Epson's "ESC/POS command reference" that receipts use, and raises ValueError at any other byte:
a real one would print rubbish. Its picture has the dots of the paper, 203 to the inch.
"""

import contextlib
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Final, Self

from PIL import Image, ImageDraw, ImageFont

from hardware.cable import Cable
from hardware.errors import DeviceLost

FONT: Final = Path(__file__).parents[2] / "shared/pages/static/fonts/jetbrains-mono-latin-wght-normal.woff2"
CELL, LINE = 12, 30  # dots: a character of font A, and the default line spacing
NARROW: Final = 32  # columns of a printer whose paper is torn off by hand, after a feed
PAPER_OUT: Final = 0x60
FORM: Final = 0x12  # the bits that every status byte has
CAUSE, PAPER = 2, 4  # what DLE EOT asks
ARGUMENTS: Final = {  # of commands with a fixed number of bytes after them
    b"\x1b@": 0,
    b"\x1b!": 1,
    b"\x1bE": 1,
    b"\x1ba": 1,
    b"\x1bt": 1,
    b"\x1bd": 1,
    b"\x1bp": 3,
    b"\x1dV": 1,
    b"\x10\x04": 1,
    b"\x1dv0": 5,
}


@dataclass(slots=True)
class Style:
    """How the next line is printed."""

    align: int = 0
    strong: bool = False
    double_wide: bool = False
    double_high: bool = False


@dataclass(slots=True)
class Paper:
    """What came out, up to the cut or the tear: its lines of text, its height in dots, and what is drawn on it."""

    dots: int
    lines: list[str] = field(default_factory=list)
    height: int = 0
    _drawn: list[tuple[Image.Image, tuple[int, int]]] = field(default_factory=list)

    def draw(self, strip: Image.Image, left: int, height: int) -> None:
        """Draw below what is there, and feed by so many dots."""
        self._drawn.append((strip, (left, self.height)))
        self.height += height

    @property
    def picture(self) -> Image.Image:
        """All of it."""
        whole = Image.new("L", (self.dots, self.height), 255)
        for strip, place in self._drawn:
            whole.paste(strip, place)
        return whole


class PrinterTwin:
    """The printer; `slips` are the papers that were cut, `kicks` how often the drawer was opened.

    `cause` and `paper` are the bits that it answers with; `mute` printers answer nothing. The paper ends as the
    slip of the number `paper_ends_with` comes out.
    """

    def __init__(self, columns: int, *, mute: bool = False) -> None:
        self.columns = columns
        self.mute = mute
        self.cause = self.paper = 0
        self.paper_ends_with: int | None = None
        self.kicks = 0
        self.slips: list[Paper] = []
        self._sheet = Paper(columns * CELL)
        self._style = Style()
        self._line = ""
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        """Take bytes, however they are cut, and return what it answers."""
        self._held += data
        answers = b""
        while self._held:
            step = self._step()
            if step is None:
                break
            answers += step
        return answers

    def _step(self) -> bytes | None:
        first = self._held[:1]
        if first == b"\n":
            self._held = self._held[1:]
            self._print_line()
            return b""
        if text := re.match(rb"[ -~]+", self._held):
            self._line += text[0].decode("ascii")
            self._held = self._held[text.end() :]
            return b""
        command = next((known for known in ARGUMENTS if self._held.startswith(known)), None)
        if command is None:
            if any(known.startswith(self._held) for known in ARGUMENTS):
                return None
            raise ValueError(f"expected a command that receipts use, got {self._held[:8].hex(' ')}")
        return self._command(command)

    def _command(self, command: bytes) -> bytes | None:
        end = len(command) + ARGUMENTS[command]
        if len(self._held) < end:
            return None
        arguments = self._held[len(command) : end]
        if command == b"\x1dv0":
            return self._raster(arguments, end)
        self._held = self._held[end:]
        return self._do(command, arguments)

    def _do(self, command: bytes, arguments: bytes) -> bytes:
        value = arguments[0] if arguments else 0
        style = self._style
        if command == b"\x1b@":
            self._style = Style()
        elif command == b"\x1b!":
            style.double_high, style.double_wide, style.strong = bool(value & 16), bool(value & 32), bool(value & 8)
        elif command == b"\x1bE":
            style.strong = bool(value & 1)
        elif command == b"\x1ba":
            style.align = value
        elif command == b"\x1bd":
            self._sheet.height += value * LINE
            if self.columns == NARROW:
                self._finish()
        elif command == b"\x1bp":
            self.kicks += 1
        elif command == b"\x1dV":
            self._finish()
        elif command == b"\x10\x04" and not self.mute:
            return bytes((FORM | (self.cause if value == CAUSE else self.paper),))
        return b""

    def _finish(self) -> None:
        self.slips.append(self._sheet)
        self._sheet = Paper(self.columns * CELL)
        if self.paper_ends_with == len(self.slips):
            self.paper = PAPER_OUT

    def _raster(self, arguments: bytes, end: int) -> bytes | None:
        across = arguments[1] + arguments[2] * 256
        high = arguments[3] + arguments[4] * 256
        if len(self._held) < end + across * high:
            return None
        rows = self._held[end : end + across * high]
        self._held = self._held[end + across * high :]
        if across * 8 > self._sheet.dots:
            raise ValueError(f"a picture of {across * 8} dots on a paper of {self._sheet.dots}")
        drawn = Image.frombytes("1", (across * 8, high), bytes(255 - byte for byte in rows)).convert("L")
        self._sheet.draw(drawn, self._left(across * 8), high)
        return b""

    def _print_line(self) -> None:
        line, self._line = self._line, ""
        style, sheet = self._style, self._sheet
        across = CELL * (2 if style.double_wide else 1)
        if len(line) * across > sheet.dots:
            raise ValueError(f"a line of {len(line)} characters does not fit: {line!r}")
        sheet.lines.append(line)
        width, height = len(line) * across, LINE * (2 if style.double_high else 1)
        if line:
            sheet.draw(_drawn(line, strong=style.strong).resize((width, height)), self._left(width), height)
        else:
            sheet.height += height

    def _left(self, width: int) -> int:
        return (0, (self._sheet.dots - width) // 2, self._sheet.dots - width)[self._style.align]


@cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, 20)


def _drawn(line: str, *, strong: bool) -> Image.Image:
    strip = Image.new("L", (len(line) * CELL, LINE), 255)
    pen = ImageDraw.Draw(strip)
    for place, character in enumerate(line):
        pen.text((place * CELL, 0), character, font=_font(), fill=0, stroke_width=1 if strong else 0)
    return strip


class OnCable:
    """The printer at the far end of a cable."""

    def __init__(self, twin: PrinterTwin, path: Path) -> None:
        self.cable = Cable(path)
        self._twin = twin
        self._stopping = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._thread.join()
        self.cable.unplug()

    def _run(self) -> None:
        while not self._stopping.is_set():
            answers = self._twin.feed(self.cable.receive(0.05))
            with contextlib.suppress(DeviceLost):
                self.cable.send(answers)


class OnNetwork:
    """The printer on a TCP port; one client at a time, as they are."""

    def __init__(self, twin: PrinterTwin) -> None:
        self._twin = twin
        self._listener: socket.socket | None = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = Thread(target=self._run, args=(self._listener,), daemon=True)

    def unplug(self) -> None:
        """Vanish from the network."""
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            self._thread.join()

    def replug(self) -> None:
        """Come back at the same address."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._thread = Thread(target=self._run, args=(self._listener,), daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.unplug()

    def _run(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                with client:
                    _serve(client, self._twin.feed)


def _serve(client: socket.socket, feed: Callable[[bytes], bytes]) -> None:
    client.settimeout(0.5)
    with contextlib.suppress(OSError):
        while data := client.recv(4096):
            client.sendall(feed(data))
