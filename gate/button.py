"""A plain button at the gate, which silences an alarm without a browser: by anyone, as the screen's own."""

from collections.abc import Callable
from dataclasses import dataclass

from gate.response import Silence
from hardware.button import Button, ButtonOptions, Press
from hardware.options import read_options
from hardware.reader import ReaderBack, ReaderLost, ReaderThread
from shared.table_reader import Table


@dataclass(frozen=True, slots=True)
class ButtonState:
    """How the button is: "" or what is wrong with it."""

    fault: str


def button_options(table: Table) -> ButtonOptions | None:
    """What `[gate.button]` says, None without it. Raises OptionMistake."""
    return read_options(ButtonOptions, table) if table else None


def button_reader(options: ButtonOptions, deliver: Callable[[Silence | ButtonState], None]) -> ReaderThread[Press]:
    """Return the thread that reads it, not yet started."""

    def hear(news: Press | ReaderLost | ReaderBack) -> None:
        match news:
            case Press():
                deliver(Silence(round(news.wall * 1_000_000)))
            case ReaderLost():
                deliver(ButtonState(news.reason))
            case ReaderBack():
                deliver(ButtonState(""))

    return ReaderThread(Button(options), hear)
