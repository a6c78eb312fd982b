"""What every relay board can do."""

from abc import abstractmethod

from hardware.device import Device


class Relay(Device):
    """One output that is on or off: off when opened, off when closed."""

    @abstractmethod
    def open(self) -> None:
        """Take the board, and switch the output off.

        Raises:
            OpenFailed: it is absent, busy, or not allowed.
        """

    @abstractmethod
    def on(self) -> None:
        """Switch the output on; again is harmless.

        Raises:
            DeviceLost: the board is gone, not open, or reads back that it did not.
        """

    def pulse(self, seconds: float) -> bool:
        """Switch the output on and, where the board has a timer, let it switch off by itself.

        A timed output goes off after at least `seconds`, and at most a second later, though this program be dead by
        then; another pulse begins the time anew.

        Returns:
            Whether the board times it; else the output is on until `off`.

        Raises:
            DeviceLost: as `on` does.
        """
        del seconds  # a board without a timer is only switched on
        self.on()
        return False

    @abstractmethod
    def off(self) -> None:
        """Switch the output off; again is harmless.

        Raises:
            DeviceLost: the board is gone, not open, or reads back that it did not.
        """

    @abstractmethod
    def check(self) -> bool | None:
        """Return the output's state as the board reads it back, or None for a board that cannot tell.

        Cheap enough for every second. A board that says nothing is healthy while its port is there.

        Raises:
            DeviceLost: the board is gone, or not open.
        """

    @abstractmethod
    def close(self) -> None:
        """Switch the output off and give the board back. Closing twice is fine; nothing is ever raised."""
