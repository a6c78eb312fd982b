"""What every device has in common, whatever it does."""

from abc import ABC, abstractmethod
from types import TracebackType
from typing import ClassVar, Self

from hardware.options import DeviceOptions


class Device(ABC):
    """A device that is opened and closed; one thread uses it at a time, and `with device:` does both.

    A driver names its settings in `options_class` and is made from them, closed.
    """

    options_class: ClassVar[type[DeviceOptions]]

    def __init__(self, options: DeviceOptions) -> None:
        self.name = options.name

    @abstractmethod
    def open(self) -> None:
        """Take the device.

        Raises:
            OpenFailed: it is absent, busy, or not allowed.
        """

    @abstractmethod
    def close(self) -> None:
        """Give it back. Closing twice is fine; nothing is ever raised."""

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
