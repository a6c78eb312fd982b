"""`lunas gate`: puts the gate together, starts it in order, and stops it in reverse. The process is the daemon."""

import gc
import logging
import signal
import sys
from contextlib import ExitStack
from typing import Any

from gate.alarm import Alarm
from gate.confirming import Confirmer
from gate.daemon import Gate, Silence, Stop
from gate.delivery import Delivery
from gate.follower import Follower
from gate.recorder import Recorder
from gate.replica import Replica
from gate.screen.link import ScreenProcess
from gate.source import DatabaseSource, GateName
from gate.status import Status
from hardware.catalog import make_relay, make_scanners, relay_options
from hardware.errors import DriverMissing, OptionMistake
from hardware.reader import ReaderThread
from hardware.relay import Relay
from hardware.scanner import Scanner
from shared.database import Database
from shared.journal import Journal
from shared.settings import GateSettings, Settings, SettingsError

log = logging.getLogger(__name__)

SWITCH_SECONDS = 0.0005  # how long a busy thread may keep the loop from running


def run_gate(settings: Settings) -> None:
    """Watch until SIGTERM or SIGINT. Raises SettingsError, JournalError, DatabaseError for a URL that cannot be used.

    A database that does not answer is no error: the gate watches by what it knows.
    """
    if settings.gate is None:
        raise SettingsError([f"{settings.file}: expected a [gate] section to run a gate"])
    scanners, relay = _devices(settings.gate)
    with ExitStack() as stack:
        database = stack.enter_context(Database(settings.database_url, patience=2))
        gate = _assemble(settings, settings.gate, database, relay, stack)
        for scanner in scanners:
            reader = ReaderThread(scanner, gate.news.put)
            reader.start()
            stack.callback(reader.stop)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: gate.news.put(Stop()))
        gc.collect()
        gc.freeze()  # what is there now stays: later collections need not look at it
        log.info("%s watches; screen on http://%s", settings.gate.name, settings.gate.listen)
        gate.run()
    log.info("%s stopped, relay off", settings.gate.name)


def _assemble(settings: Settings, chosen: GateSettings, database: Database, relay: Relay, stack: ExitStack) -> Gate:
    sys.setswitchinterval(SWITCH_SECONDS)
    name = GateName(settings.shop.store, chosen.name)
    alarm = Alarm(relay, chosen.alarm.seconds)
    stack.callback(alarm.close)
    journal = stack.enter_context(Journal(chosen.journal, chosen.name))
    replica = Replica(chosen.journal.with_suffix(".replica"), chosen.name)
    stack.callback(replica.close)
    recorder = Recorder(journal)
    recorder.rebuild(replica)
    gate: Gate
    screen = ScreenProcess(_screen_arguments(settings, chosen), lambda message: _pressed(gate, message))
    stack.callback(screen.stop)
    status = Status(settings.shop, chosen, replica, journal, recorder, screen)
    siren = chosen.alarm.unconfirmed == "siren"
    gate = Gate(replica, recorder, alarm, status, armed=chosen.armed, siren_unconfirmed=siren)
    source = DatabaseSource(database, name)
    gate.confirmer = Confirmer(source, gate.news.put)
    workers = (
        gate.confirmer,
        Follower(source, replica, gate.news.put, armed=chosen.armed),
        Delivery(journal, source, gate.news.put),
    )
    for worker in workers:
        worker.start()
        stack.callback(worker.stop)
    return gate


def _devices(chosen: GateSettings) -> tuple[list[Scanner], Relay]:
    """The scanners and the relay of the settings. Raises SettingsError with every mistake in their tables."""
    mistakes: list[str] = []
    scanners: list[Scanner] = []
    try:
        scanners = make_scanners(chosen.scanners, "gate.scanner")
    except (OptionMistake, DriverMissing) as error:
        mistakes += _mistakes(error, "")
    try:
        return scanners, _relay(chosen, mistakes)
    except (OptionMistake, DriverMissing) as error:
        raise SettingsError([*mistakes, *_mistakes(error, "gate.relay: ")]) from error


def _relay(chosen: GateSettings, mistakes: list[str]) -> Relay:
    relay = make_relay(relay_options(chosen.relay))
    if mistakes:
        raise SettingsError(mistakes)
    return relay


def _mistakes(error: OptionMistake | DriverMissing, where: str) -> list[str]:
    found = error.mistakes if isinstance(error, OptionMistake) else [("kind", str(error))]
    return [f"{where}{key}: {message}" for key, message in found]


def _screen_arguments(settings: Settings, chosen: GateSettings) -> list[str]:
    shop, listen = settings.shop, chosen.listen
    return [listen.host, str(listen.port), shop.language, shop.currency, shop.timezone.key]


def _pressed(gate: Gate, message: dict[str, Any]) -> None:
    if message.get("do") == "silence":
        gate.news.put(Silence())
