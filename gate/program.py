"""`lunas gate`: puts the gate together, starts it in order, and stops it in reverse. The process is the daemon."""

import gc
import logging
import signal
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from queue import SimpleQueue
from typing import Any

from gate.alarm import Alarm
from gate.asker import Knowing
from gate.button import button_options, button_reader
from gate.confirming import Confirmer
from gate.daemon import Gate, News, Stop
from gate.delivery import Delivery
from gate.devices import make_devices
from gate.follower import Follower
from gate.http_source import HttpSource
from gate.incidents import Escalation
from gate.judging import Parts, Rules
from gate.keeper import Keeper
from gate.link import Companion
from gate.output import Output
from gate.outward import heard
from gate.policy import read_policy
from gate.pulse import OPENING_SECONDS, Pulse
from gate.recorder import Recorder
from gate.replica import Replica
from gate.response import Errands, Response
from gate.screen.pressed import understood
from gate.signing import Signing
from gate.snapshots import CameraState, Snapshots, snapshot_options
from gate.source import Source
from gate.sources import open_source
from gate.status import Status
from hardware.camera.lookout import lookout
from hardware.errors import HardwareError, OptionMistake
from hardware.reader import ReaderThread
from hardware.scanner import Scanner
from shared import supervisor
from shared.gate_settings import AlarmSettings, GateSettings
from shared.journal import Journal
from shared.settings import Settings, SettingsError
from shared.walk_label import walk_label

log = logging.getLogger(__name__)

SWITCH_SECONDS = 0.0005  # how long a busy thread may keep the loop from running


def run_gate(settings: Settings) -> None:
    """Watch until SIGTERM or SIGINT. Raises SettingsError, JournalError, DatabaseError for a URL that cannot be used.

    A database that does not answer is no error: the gate watches by what it knows.
    """
    if settings.gate is None:
        raise SettingsError([f"{settings.file}: expected a [gate] section to run a gate"])
    scanners, outputs = make_devices(settings.gate, _table_mistakes(settings.gate))
    with ExitStack() as stack:
        source = open_source(settings, settings.gate, stack)
        sys.setswitchinterval(SWITCH_SECONDS)
        gate, news, pulse, keeper = _assemble(settings, settings.gate, source, (scanners, outputs), stack)
        for scanner in scanners:
            reader = ReaderThread(scanner, news.put)
            reader.start()
            pulse.watch(f"scanner {scanner.name}", reader, OPENING_SECONDS)
            stack.callback(reader.stop)
        _read_button(settings.gate, news, pulse, stack)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: news.put(Stop()))
        gc.collect()
        gc.freeze()  # what is there now stays: later collections need not look at it
        log.info("%s watches; screen on http://%s", settings.gate.name, settings.gate.listen)
        supervisor.ready()
        keeper.began()
        gate.run(lambda: _round(pulse, keeper))
        keeper.ended()
        supervisor.stopping()
    log.info("%s stopped, outputs off", settings.gate.name)


def _read_button(chosen: GateSettings, news: "SimpleQueue[News]", pulse: Pulse, stack: ExitStack) -> None:
    options = button_options(chosen.button)
    if options:
        reader = button_reader(options, news.put)
        reader.start()
        pulse.watch("button", reader, OPENING_SECONDS)
        stack.callback(reader.stop)


def switch_relays_off(settings: Settings) -> None:
    """Take each relay, which switches it off, and let it go: for after a gate that was killed.

    Raises SettingsError, and HardwareError where a board cannot be had; the others are off all the same.
    """
    if settings.gate is None:
        raise SettingsError([f"{settings.file}: expected a [gate] section to know the relays"])
    _, outputs = make_devices(settings.gate)
    for output in outputs:
        output.open()
        output.close()
    lost = [output.fault for output in outputs if output.fault]
    if lost:
        raise HardwareError("; ".join(lost))
    log.info("relays off")


def _assemble(
    settings: Settings,
    chosen: GateSettings,
    source: Source,
    devices: tuple[list[Scanner], list[Output]],
    stack: ExitStack,
) -> tuple[Gate, "SimpleQueue[News]", Pulse, Keeper]:
    scanners, outputs = devices
    news: SimpleQueue[News] = SimpleQueue()
    alarm = Alarm(outputs, chosen.alarm.seconds)
    stack.callback(alarm.close)
    journal = stack.enter_context(Journal(chosen.journal, chosen.name))
    replica = Replica(chosen.journal.with_suffix(".replica"), chosen.name)
    stack.callback(replica.close)
    recorder = Recorder(journal, replica)
    recorder.rebuild()
    companions = _companions(settings, chosen, news)
    for companion in companions:
        stack.callback(companion.stop)
    confirmer = Confirmer(source, news.put, _tills(chosen, stack))
    follower = Follower(source, replica, news.put, armed=chosen.armed, policy=_rows(chosen))
    delivery = Delivery(journal, source, news.put)
    signing = Signing(source, news.put)
    for worker in (confirmer, follower, delivery, signing):
        worker.start()
        stack.callback(worker.stop)
    status = Status(settings.shop, chosen, replica, recorder, companions)
    errands = Errands(signing.check, _pictures(chosen, scanners, source, news.put, stack))
    response = Response(alarm, recorder, status, _escalation(chosen.alarm, alarm), errands)
    keeper = Keeper(journal, recorder, lambda: status.readers() | _outputs_there(outputs))
    pulse = Pulse(lambda: replica.fact("epoch"))
    pulse.watch("follower", follower)
    pulse.watch("journal", delivery)
    return Gate(news, Parts(replica, confirmer, response, recorder, status), _rules(chosen)), news, pulse, keeper


def _round(pulse: Pulse, keeper: Keeper) -> None:
    pulse.beat()
    keeper.look()


def _outputs_there(outputs: list[Output]) -> dict[str, bool]:
    return {f"output {output.name}": not output.fault for output in outputs}


def _rules(chosen: GateSettings) -> Rules:
    return Rules(chosen.armed, walk_label(chosen.name), chosen.ways, read_policy(chosen.policy))


def _pictures(
    chosen: GateSettings,
    scanners: list[Scanner],
    source: Source,
    deliver: Callable[[CameraState], None],
    stack: ExitStack,
) -> Callable[[str], None]:
    """What keeps pictures of an incident; without `[gate.snapshots]` it does nothing."""
    options = snapshot_options(chosen.snapshots)
    if options is None:
        return lambda _incident: None
    folder = chosen.journal.with_suffix(".snapshots")
    snapshots = Snapshots(lookout(options, folder, scanners), folder, source, deliver)
    snapshots.start()
    stack.callback(snapshots.stop)
    return snapshots.keep


def _table_mistakes(chosen: GateSettings) -> list[str]:
    """What is wrong in the tables that are not devices the gate cannot do without."""
    found: list[str] = []
    checks = (
        ("policy", read_policy, chosen.policy),
        ("snapshots", snapshot_options, chosen.snapshots),
        ("button", button_options, chosen.button),
    )
    for name, read, table in checks:
        try:
            read(table)
        except OptionMistake as error:
            found += [f"gate.{name}.{key}: {message}" for key, message in error.mistakes]
    return found


def _rows(chosen: GateSettings) -> dict[str, str]:
    return {row.value: outcome.value for row, outcome in read_policy(chosen.policy).items()}


def _escalation(chosen: AlarmSettings, alarm: Alarm) -> Escalation:
    return Escalation(
        at_once=not alarm.has_chime,
        unconfirmed=chosen.unconfirmed == "siren",
        items=chosen.siren_items,
        value=chosen.siren_value,
        seconds=chosen.siren_after,
        quiet_over=chosen.quiet_over,
    )


def _tills(chosen: GateSettings, stack: ExitStack) -> dict[str, Knowing]:
    """The tills that are asked too before an alarm, by their addresses."""
    return {str(till): stack.enter_context(closing(HttpSource(till, chosen.name))) for till in chosen.tills}


def _companions(settings: Settings, chosen: GateSettings, news: "SimpleQueue[News]") -> list[Companion]:
    shop, listen = settings.shop, chosen.listen

    def pressed(message: dict[str, Any]) -> None:
        said = understood(message, time.time_ns() // 1000)
        if said:
            news.put(said)

    def told(message: dict[str, Any]) -> None:
        said = heard.understood(message, time.monotonic())
        if said:
            news.put(said)

    arguments = [str(settings.file), listen.host, str(listen.port), shop.language, shop.currency, shop.timezone.key]
    screen = Companion("gate.screen", arguments, pressed)
    outward = [Companion("gate.outward", [str(settings.file)], told)] if chosen.told_outside else []
    return [screen, *outward]
