"""The process that tells programs outside: `python -m gate.outward DESCRIPTOR SETTINGS`, started by the daemon."""

import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from gate.link import DaemonLine
from gate.outward.courier import Destination
from gate.outward.level import level
from gate.outward.mqtt import Mqtt
from gate.outward.route import Route
from gate.outward.webhook import Webhook
from shared import settings
from shared.gate_settings import GateSettings
from shared.settings import Settings

log = logging.getLogger(__name__)

TELL_SECONDS = 1.0


def main() -> None:
    """Tell until the daemon is gone."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    line = DaemonLine(socket.socket(fileno=int(sys.argv[1])))
    chosen = settings.load(Path(sys.argv[2]))
    assert chosen.gate is not None  # noqa: S101 - the daemon has read the same file
    routes = _routes(chosen, chosen.gate)
    for route in routes:
        threading.Thread(target=route.run, args=(line,), name=route.name, daemon=True).start()
    threading.Thread(target=_account, args=(line, chosen.gate.name, routes), name="account", daemon=True).start()
    with suppress(OSError):
        line.listen()
    # Nothing is lost by it: what was not told is told by the next one.
    os._exit(0)


def _routes(chosen: Settings, gate: GateSettings) -> list[Route]:
    return [
        Route(chosen, gate, name, make)
        for name, make in zip(gate.told_outside, _makers(chosen.shop.store, gate), strict=True)
    ]


def _makers(store: str, gate: GateSettings) -> Iterator[Callable[[], Destination]]:
    for hook in gate.webhooks:
        yield partial(Webhook, hook)
    if gate.mqtt:
        yield partial(Mqtt, gate.mqtt, store, gate.name)


def _account(line: DaemonLine, gate: str, routes: list[Route]) -> None:
    """Tell brokers how the gate is, and the gate how the ways outside are."""
    number, next_word = 0, 0.0
    while True:
        number, _ = line.wait_newer(number, TELL_SECONDS)
        status, age = line.newest()
        for route in routes:
            if status and isinstance(route.destination, Mqtt):
                route.destination.show(level(gate, status, age), status["today"])
        if time.monotonic() >= next_word:
            next_word = time.monotonic() + TELL_SECONDS
            with suppress(OSError):
                line.say({"outward": {route.name: route.why for route in routes}})


if __name__ == "__main__":
    main()
