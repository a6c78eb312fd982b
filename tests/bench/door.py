"""A door with a real gate: units are carried out one by one, and what the gate does is seen from outside."""

import os
import select
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from shared.journal import SLOT, SLOTS, parse_slot
from tests.bench.bare_loop import ON
from tests.bench.running_gate import RunningGate

OFF = bytes.fromhex("a00100a1")
PATIENCE = 5.0  # s
POLL = 0.0002  # s


class UndecidedError(Exception):
    """The gate did not do what it had to; the message says what it did."""


class Door:
    """The gate's scanner, relay and journal file. It must be quiet at first."""

    def __init__(self, gate: RunningGate, journal: Path) -> None:
        self._gate = gate
        self._journal = os.open(journal, os.O_RDONLY)
        self._next = 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        os.close(self._journal)

    def pass_paid(self, serial: str) -> float:
        """Carry out a paid unit; seconds until the journal has it. Raises UndecidedError, above all on any alarm."""
        facts, seconds = self._recorded(serial, self._scan(serial))
        # The relay comes first, the record second: what was not heard by now is not heard.
        if (facts["kind"], facts["reason"]) != ("passage", "paid") or ON in self._gate.relay.receive(0):
            raise UndecidedError(f"{serial} is paid, and the gate says {facts}")
        return seconds

    def stop_unpaid(self, serial: str, reason: str) -> float:
        """Carry out a unit that is not paid; seconds until the relay is on. Raises UndecidedError."""
        began = self._scan(serial)
        self._hear(ON, serial)
        seconds = time.perf_counter() - began
        facts, _ = self._recorded(serial, began)
        if (facts["kind"], facts["reason"]) != ("alarm", reason):
            raise UndecidedError(f"{serial} is {reason}, and the gate says {facts}")
        self._silence(serial)
        return seconds

    def _scan(self, serial: str) -> float:
        began = time.perf_counter()
        os.write(self._gate.scanners[0].far_end, serial.encode() + b"\r")
        return began

    def _silence(self, serial: str) -> None:
        """As people do, so that the next alarm has to switch the relay on anew."""
        urllib.request.urlopen(f"http://{self._gate.address}/silence", data=b"", timeout=PATIENCE).close()
        self._hear(OFF, serial)

    def _hear(self, frame: bytes, serial: str) -> None:
        """Wait for these bytes of the relay."""
        heard, deadline = b"", time.perf_counter() + PATIENCE
        while frame not in heard:
            if time.perf_counter() > deadline:
                raise UndecidedError(f"{serial}: expected {frame.hex()} from the relay, got {heard.hex()!r}")
            select.select([self._gate.relay.far_end], [], [], PATIENCE)
            heard += self._gate.relay.receive(0)

    def _recorded(self, serial: str, began: float) -> tuple[dict[str, Any], float]:
        """Wait for the journal's entry of a unit; gives it, and the seconds since `began`."""
        while (seconds := time.perf_counter() - began) < PATIENCE:
            facts = self._next_entry()
            if facts is None:
                time.sleep(POLL)
            elif facts.get("serial") == serial:
                return facts, seconds
        raise UndecidedError(f"{serial}: not in the journal within {PATIENCE} s")

    def _next_entry(self) -> dict[str, Any] | None:
        """Read the entry that was written next, None where none is there yet."""
        entry = parse_slot("", os.pread(self._journal, SLOT, SLOT * (1 + self._next % SLOTS)))
        if entry is None or entry.n != self._next:
            return None
        self._next += 1
        return entry.facts()
