"""A relay on a board that fails in the ways that boards do."""

from hardware.errors import DeviceLost
from hardware.relays.virtual import VirtualRelay, VirtualRelayOptions


class FailingRelay(VirtualRelay):
    """A virtual relay, and what is wrong with its board.

    Attributes:
        failing: how many of the next switchings on fail.
        tried: how many were tried.
        reads: what it reads back whatever it was told; None for the truth.
        is_timed: whether its board has a timer of its own.
        pulses: the lengths that the timer was told, in seconds.
    """

    def __init__(self, name: str) -> None:
        super().__init__(VirtualRelayOptions(name=name))
        self.failing = 0
        self.tried = 0
        self.reads: bool | None = None
        self.is_timed = False
        self.pulses: list[float] = []

    def on(self) -> None:
        self.tried += 1
        if self.failing:
            self.failing -= 1
            raise DeviceLost(f"relay {self.name!r} does not take it")
        super().on()

    def pulse(self, seconds: float) -> bool:
        super().pulse(seconds)
        self.pulses += [seconds] if self.is_timed else []
        return self.is_timed

    def check(self) -> bool:
        state = super().check()
        return state if self.reads is None else self.reads
