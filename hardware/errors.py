"""What can go wrong with a device.

::

    Exception
    ├── HardwareError                     a fault of a device, not of the program
    │   ├── DriverMissing (ImportError)   the driver or a library it needs is not installed
    │   ├── OpenFailed (OSError)          absent, busy, or not allowed: try again later
    │   └── DeviceLost (ConnectionError)  it was open and is gone: close it, open it again
    └── OptionMistake (ValueError)        the settings of a device are wrong: all mistakes at once
"""

from collections.abc import Sequence

Mistake = tuple[str, str]
"""The key in the settings and what is wrong with it, such as `("baud", "expected ..., got ...")`."""


class HardwareError(Exception):
    """A fault of a device; which one, and what to do, is in the message."""


class DriverMissing(HardwareError, ImportError):  # noqa: N818 - the base says that it is an error
    """The driver, or a library that it needs, is not installed."""


class OpenFailed(HardwareError, OSError):  # noqa: N818 - the base says that it is an error
    """The device cannot be opened now: it is absent, busy, or this user may not use it."""


class DeviceLost(HardwareError, ConnectionError):  # noqa: N818 - the base says that it is an error
    """The device was open and no longer answers, or was never opened."""


class OptionMistake(ValueError):  # noqa: N818 - the base says that it is an error
    """A device's settings are wrong; `mistakes` holds every (key, message)."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes: tuple[Mistake, ...] = tuple(mistakes)
        super().__init__("; ".join(f"{key}: {message}" for key, message in self.mistakes))
