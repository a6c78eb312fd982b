"""`lunas demo`: puts the demo together, starts it in order, and stops it in reverse."""

import logging
import signal
import tempfile
from contextlib import ExitStack
from pathlib import Path
from threading import Event

import click

from hardware.cable import Cable
from pos.demo.place import Cables, Ports, write_settings
from pos.demo.programs import Program, free_port, stop
from shared import settings

WANTED = Ports(till=8080, gate=8081, floor=8090)
CHECK_SECONDS = 0.3
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@click.command("demo")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the shop in this folder. Default: a fresh one, gone at the end.",
)
def demo(folder: Path | None) -> None:
    """Try the main job: a seeded shop, the real till and gate, and a page to walk through them."""
    logging.getLogger("waitress").setLevel(logging.WARNING)
    stopping = Event()
    for number in SIGNALS:
        signal.signal(number, lambda *_: stopping.set())
    with ExitStack() as stack:
        goodbye = _run(folder, stopping, stack)
    click.echo(goodbye)


def _run(folder: Path | None, stopping: Event, stack: ExitStack) -> str:
    """Everything until somebody ends it; returns the last word."""
    ports = Ports(free_port(WANTED.till), free_port(WANTED.gate), free_port(WANTED.floor))
    place = _folder(folder, stack)
    paths = Cables(place / "till-scanner", place / "gate-scanner", place / "relay")
    scanners = {"till": _cable(paths.till_scanner, stack), "gate": _cable(paths.gate_scanner, stack)}
    relay = _cable(paths.relay, stack)
    file = write_settings(place, ports, paths)
    gate = Program(file, "gate", ports.gate)

    from shared.upgrade import upgrade  # noqa: PLC0415 - the gate starts while this is loaded

    chosen = settings.load(file)
    upgrade(chosen.database_url)
    till = Program(file, "till", ports.till)

    from pos.demo import console, opening  # noqa: PLC0415 - the till starts while this is loaded

    token = opening.open_floor(chosen, ports, scanners, relay, stack)
    stack.callback(stop, [gate, till])
    for program in (till, gate):
        program.wait_until_well()
    click.echo(console.welcome(ports, WANTED, folder, token))
    while not stopping.wait(CHECK_SECONDS):
        for program in (till, gate):
            program.check()
    return console.goodbye()


def _folder(kept: Path | None, stack: ExitStack) -> Path:
    if kept is None:
        return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lunas-demo-")))
    kept.mkdir(parents=True, exist_ok=True)
    return kept.resolve()


def _cable(path: Path, stack: ExitStack) -> Cable:
    return stack.enter_context(Cable(path))
