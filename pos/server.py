"""`lunas till`: the till's web server, and its own scanners beside it. The process is the server."""

import logging
import signal
from contextlib import ExitStack
from typing import Any

from flask import Flask
from waitress.server import create_server

from hardware.catalog import make_scanners
from hardware.errors import OptionMistake
from hardware.reader import ReaderBack, ReaderLost, ReaderThread
from hardware.scanner import Scan
from pos.app import create_app
from pos.backup_clock import BackupClock
from pos.till.sale import Counter
from pos.till.scan_feed import ScanFeed
from pos.till_server import TillServer
from shared import ledger
from shared.database import Database
from shared.settings import Settings, SettingsError

STREAMS = 16  # open event streams that each keep a thread
THREADS = STREAMS + 16
LARGEST_BODY = 1_000_000

log = logging.getLogger(__name__)


class AttachedScanners:
    """The till's own scanners: what they read goes to the page, how they are to the health check."""

    def __init__(self, settings: Settings, scans: ScanFeed) -> None:
        """Raises SettingsError with every mistake in the scanners' tables."""
        try:
            scanners = make_scanners(settings.till.scanners, "till.scanner")
        except OptionMistake as error:
            raise SettingsError(f"{key}: {message}" for key, message in error.mistakes) from error
        self._scans = scans
        self._states = {scanner.name: "lost" for scanner in scanners}
        self._threads = [ReaderThread(scanner, self._take) for scanner in scanners]

    def states(self) -> dict[str, str]:
        """`ok` or `lost`, by name."""
        return dict(self._states)

    def start(self) -> None:
        """Begin to read."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let go of the devices."""
        for thread in self._threads:
            thread.stop()

    def _take(self, news: Scan | ReaderLost | ReaderBack) -> None:
        if isinstance(news, Scan):
            self._scans.put(news.text)
        else:
            self._states[news.scanner] = "ok" if isinstance(news, ReaderBack) else "lost"


def run_till(settings: Settings, database: Database) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises OSError where the address cannot be had, SettingsError for bad scanners, DatabaseError for a damaged file.
    """
    database.check_file()
    shop, till = settings.shop, settings.till
    scans = ScanFeed()
    scanners = AttachedScanners(settings, scans)
    database.write(lambda connection: ledger.open_register(connection, shop.store, till.name, "till"))
    counter = Counter(shop.store, till.name, shop.currency, shop.timezone)
    server = TillServer(settings, database, counter, scanners.states, scans)
    with ExitStack() as stack:
        web = _listen(create_app(server), settings)
        stack.callback(web.close)
        scanners.start()
        stack.callback(scanners.stop)
        if settings.backup:
            clock = BackupClock(settings.file, settings.backup)
            clock.start()
            stack.callback(clock.stop)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: _stop(scans))
        log.info("%s listens on http://%s", till.name, till.listen)
        web.run()
    log.info("%s stopped", till.name)


def _listen(app: Flask, settings: Settings) -> Any:
    till = settings.till
    try:
        return create_server(
            app,
            host=till.listen.host,
            port=till.listen.port,
            threads=THREADS,
            ident="lunas",
            max_request_body_size=LARGEST_BODY,
            clear_untrusted_proxy_headers=True,
        )
    except OSError as error:
        raise OSError(error.errno, f"till.listen: cannot listen on {till.listen}: {error.strerror}") from error


def _stop(scans: ScanFeed) -> None:
    """The pages' streams end first: the server waits for its threads."""
    scans.close()
    raise SystemExit(0)
