"""How what is left to pay in cash is rounded, where the smallest coins are hardly used any more. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rounding:
    """To a multiple of `step` in the currency's shop unit (0: not at all), down or to the nearest, half of it up."""

    step: int = 0
    is_down: bool = True

    def of(self, amount: int) -> int:
        """What to pay in cash for this amount."""
        if not self.step:
            return amount
        return (amount if self.is_down else amount + self.step // 2) // self.step * self.step


UNROUNDED = Rounding()
