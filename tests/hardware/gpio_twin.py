"""A GPIO chip where the kernel has none: what `gpiod.request_lines` gives. `tests/vm` asks a real kernel's gpio-sim."""

import errno
from collections.abc import Mapping

import gpiod
from gpiod.line import Value

CHIP = "/dev/gpiochip0"
LINES = {"GPIO17": 17}


class ChipTwin:
    """A chip of 28 lines, and the hand on its plug.

    Attributes:
        levels: the electrical level of each line that was asked for.
        is_stuck: a line that is short-circuited to its present level.
    """

    def __init__(self) -> None:
        self.levels: dict[int, bool] = {}
        self.is_stuck = False
        self.is_plugged = True
        self.taken: RequestTwin | None = None

    def request_lines(
        self, path: str, *, consumer: str, config: Mapping[int | str, gpiod.LineSettings]
    ) -> "RequestTwin":
        """Give the one line of `config` to a program."""
        assert (path, consumer) == (CHIP, "lunas")
        (line, settings), *_ = config.items()
        offset = LINES.get(line) if isinstance(line, str) else line
        if not self.is_plugged or offset is None:
            raise FileNotFoundError(errno.ENOENT, "No such file or directory")
        if offset >= 28:
            raise OSError(errno.EINVAL, "Invalid argument")
        if self.taken is not None and self.taken.is_alive:
            raise OSError(errno.EBUSY, "Device or resource busy")
        self.taken = RequestTwin(self, offset, settings)
        return self.taken

    def unplug(self) -> None:
        """Pull the plug of an adapter with such a chip."""
        self.is_plugged = False
        self.levels.clear()
        if self.taken:
            self.taken.is_alive = False

    def replug(self) -> None:
        """Put it back: a new device at the same path."""
        self.is_plugged = True


class RequestTwin:
    """A line that a program holds."""

    def __init__(self, chip: ChipTwin, offset: int, settings: gpiod.LineSettings) -> None:
        self.is_alive = True
        self._chip = chip
        self._offset = offset
        self._settings = settings
        self.set_value(offset, settings.output_value)

    def set_value(self, _line: int | str, value: Value) -> None:
        """Drive the line."""
        self._require_alive()
        if not self._chip.is_stuck:
            self._chip.levels[self._offset] = (value is Value.ACTIVE) is not self._settings.active_low

    def get_value(self, _line: int | str) -> Value:
        """Read the line."""
        self._require_alive()
        is_active = self._chip.levels[self._offset] is not self._settings.active_low
        return Value.ACTIVE if is_active else Value.INACTIVE

    def release(self) -> None:
        """Let the line go."""
        self.is_alive = False

    def _require_alive(self) -> None:
        if not self.is_alive:
            raise OSError(errno.ENODEV, "No such device")
