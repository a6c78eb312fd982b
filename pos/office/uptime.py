"""How much of the time each reader was there. Pure: computed from what gates told of their parts.

Counted is the time in which a gate was meant to watch: from its reader's first word on, without the time after it was
stopped in order. A gate that was killed, or is silent for more than an hour although it says something each hour, had
no reader from its last word on.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

SILENCE = 70 * 60 * 1_000_000  # µs
READER = "scanner "  # before a reader's name among the parts


@dataclass(frozen=True, slots=True)
class Watched:
    """One word of a gate, at `at` (its wall time in µs).

    `what`: its part `name` is `up` or `down`; or the gate `started` (`value`: until when it lived before, if it was
    killed), `stopped`, or had its `clock` set by `value` µs.
    """

    gate: str
    at: int
    what: str
    name: str = ""
    value: int = 0


@dataclass(frozen=True, slots=True)
class Uptime:
    """One reader: for how many µs it was there, of how many."""

    gate: str
    reader: str
    up: int
    of: int

    @property
    def percent(self) -> float:
        """In hundredths."""
        return 100 * self.up / self.of if self.of else 0.0


@dataclass(slots=True)
class _Reader:
    is_up: bool
    up: int = 0
    of: int = 0


@dataclass(slots=True)
class _Gate:
    """What is known of a gate while its words are gone through."""

    begin: int
    last: int = 0
    is_stopped: bool = False
    readers: dict[str, _Reader] = field(default_factory=dict)

    def pass_time(self, since: int, until: int, *, is_watched: bool = True) -> None:
        """Count this time for each reader; nobody was there in it unless `is_watched`."""
        span = until - max(since, self.begin)
        if span <= 0 or self.is_stopped:
            return
        for reader in self.readers.values():
            reader.of += span
            reader.up += span if reader.is_up and is_watched else 0


def uptimes(words: Iterable[Watched], begin: int, end: int) -> list[Uptime]:
    """Each reader's, from `begin` to `end` (µs); a gate's words come in the order in which it said them."""
    gates: dict[str, _Gate] = defaultdict(lambda: _Gate(begin))
    for word in words:
        _hear(gates[word.gate], word)
    for gate in gates.values():
        _wait(gate, end)
    return [
        Uptime(name, reader, found.up, found.of)
        for name, gate in sorted(gates.items())
        for reader, found in sorted(gate.readers.items())
        if found.of
    ]


def _hear(gate: _Gate, word: Watched) -> None:
    if word.what == "clock":  # what was said before is moved to the new clock
        gate.last += word.value
    if gate.last:
        alive = max(gate.last, word.value or word.at)
        if word.what == "started" and not gate.is_stopped:
            gate.pass_time(gate.last, alive)
            gate.pass_time(alive, word.at, is_watched=False)
        else:
            _wait(gate, word.at)
    gate.last = word.at
    if word.what in {"up", "down"} and word.name.startswith(READER):
        gate.readers.setdefault(word.name.removeprefix(READER), _Reader(is_up=False)).is_up = word.what == "up"
    elif word.what == "started":
        gate.is_stopped = False
        for reader in gate.readers.values():
            reader.is_up = False
    elif word.what == "stopped":
        gate.is_stopped = True


def _wait(gate: _Gate, until: int) -> None:
    """Time passes without a word."""
    heard = until if until - gate.last <= SILENCE else gate.last
    gate.pass_time(gate.last, heard)
    gate.pass_time(heard, until, is_watched=False)
