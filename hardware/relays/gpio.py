"""Kind `gpio`: one line of a GPIO chip, such as a pin of a Raspberry Pi, through libgpiod 2.

A line is its program's: when the program ends, however it ends, the kernel lets the line go. Wire it so that released
means off, with the pull that the pin has by itself. A pin drives a relay module's input, never a coil.
"""

import contextlib
import errno
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final

import gpiod
from gpiod.line import Direction, Value

from hardware.errors import DeviceLost, OpenFailed
from hardware.options import DeviceOptions, expects
from hardware.relay import Relay

_ADVICE: Final[Mapping[int | None, str]] = {
    errno.ENOENT: "there is no such chip or line: plug it in or load its driver, or correct it; gpioinfo lists them",
    errno.EACCES: "this user may not use it: install Lunas' udev rules, and add the user to the group dialout",
    errno.EBUSY: "another program has the line: close that, or use another line",
    errno.EINVAL: "the chip has no such line, or it cannot be an output: gpioinfo lists them",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GpioOptions(DeviceOptions):
    """Settings of a GPIO line."""

    kind: str = "gpio"
    chip: str = field(metadata=expects("the chip's path, such as /dev/gpiochip0"))
    line: str = field(metadata=expects('the line\'s number or name in quotes, such as "17" or "GPIO17"'))
    active_low: bool = field(default=False, metadata=expects("whether a low level switches the relay on"))


class GpioLine(Relay):
    """One output line, read back after each switching."""

    options_class: ClassVar[type[DeviceOptions]] = GpioOptions

    def __init__(self, options: GpioOptions) -> None:
        super().__init__(options)
        self._chip = options.chip
        self._line = int(options.line) if options.line.isdecimal() else options.line
        self._settings = gpiod.LineSettings(
            direction=Direction.OUTPUT, output_value=Value.INACTIVE, active_low=options.active_low
        )
        self._request: gpiod.LineRequest | None = None

    def open(self) -> None:
        """Take the line, as an output that is off from its first moment."""
        self.close()
        try:
            self._request = gpiod.request_lines(self._chip, consumer="lunas", config={self._line: self._settings})
        except (OSError, ValueError) as error:
            number = getattr(error, "errno", None)
            raise OpenFailed(f"cannot open {self._where}: {_ADVICE.get(number, str(error))}") from error

    def on(self) -> None:
        """Switch the line on, and see that it is."""
        self._switch(Value.ACTIVE)

    def off(self) -> None:
        """Switch the line off, and see that it is."""
        self._switch(Value.INACTIVE)

    def check(self) -> bool:
        """Return whether the line is on, as the kernel reads it."""
        request = self._open_request()
        try:
            return request.get_value(self._line) is Value.ACTIVE
        except OSError as error:
            raise self._lost(error.strerror) from error

    def close(self) -> None:
        """Switch the line off and let it go."""
        with contextlib.suppress(DeviceLost):
            self.off()
        request, self._request = self._request, None
        if request is not None:
            with contextlib.suppress(OSError):
                request.release()

    @property
    def _where(self) -> str:
        return f"line {self._line} of {self._chip}"

    def _switch(self, value: Value) -> None:
        request = self._open_request()
        try:
            request.set_value(self._line, value)
        except OSError as error:
            raise self._lost(error.strerror) from error
        if self.check() is not (value is Value.ACTIVE):
            raise self._lost(f"it was told {value.name.lower()} and reads back the opposite")

    def _open_request(self) -> gpiod.LineRequest:
        if self._request is None:
            raise DeviceLost(f"{self._where} is not open: open it first")
        return self._request

    def _lost(self, reason: str | None) -> DeviceLost:
        return DeviceLost(f"{self._where} is gone: {reason}")
