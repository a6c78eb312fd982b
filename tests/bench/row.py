"""What a benchmark gives back."""

import statistics
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one thing took, again and again, in seconds."""

    what: str
    samples: list[float] = field(repr=False)

    @property
    def median(self) -> float:
        """Half of them took no longer."""
        return statistics.median(self.samples)

    @property
    def p99(self) -> float:
        """99 of 100 took no longer."""
        return sorted(self.samples)[min(len(self.samples) - 1, len(self.samples) * 99 // 100)]

    @property
    def rate(self) -> float:
        """How many a second, one after the other."""
        return len(self.samples) / sum(self.samples)

    def facts(self) -> dict[str, Any]:
        """For the JSON file: milliseconds, and the count."""
        figures = {"median_ms": self.median * 1e3, "p99_ms": self.p99 * 1e3, "per_second": self.rate}
        return {"what": self.what, "count": len(self.samples), **{name: round(v, 4) for name, v in figures.items()}}


@dataclass(frozen=True, slots=True)
class Check:
    """A figure to hold: `value` is at least `target`, or at most where `is_ceiling`."""

    what: str
    value: float
    target: float
    unit: str = ""
    is_ceiling: bool = False

    @property
    def is_met(self) -> bool:
        """Whether it holds."""
        return self.value <= self.target if self.is_ceiling else self.value >= self.target

    def facts(self) -> dict[str, Any]:
        """For the JSON file."""
        sign = "<=" if self.is_ceiling else ">="
        return {
            "what": self.what,
            "value": round(self.value, 4),
            "target": f"{sign} {self.target:g}",
            "unit": self.unit,
            "met": self.is_met,
        }


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: what was timed, floors among it, and what that had to be."""

    name: str
    timings: list[Timing]
    checks: list[Check]
    versions: dict[str, str] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """For the JSON file."""
        timings = [timing.facts() for timing in self.timings]
        return {"row": self.name, "timings": timings, "checks": [check.facts() for check in self.checks]}
