"""`lunas till`: the till's web server, and its own devices beside it. The process is the server."""

import logging
import signal
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import click
from waitress.server import create_server

from pos.alone.fallback import App, Fallback
from pos.alone.keeper import Keeper
from pos.alone.own_copy import OwnCopy
from pos.answering import Answering
from pos.app import create_app
from pos.attached import Attached
from pos.backup_clock import BackupClock
from pos.first_day.opening import Opening
from pos.printing.receipt_printer import ReceiptPrinter
from pos.snapshot_purge import SnapshotPurge
from pos.till.receipt_key import known_key, receipt_key
from pos.till.scan_feed import ScanFeed
from pos.till.shop_qris import shop_qris
from pos.till_server import TillServer, counter_of
from shared import ledger, staff, supervisor
from shared.database import Database, DatabaseGoneError
from shared.settings import Settings
from shared.signing_key import SigningKey
from shared.table_reader import Address

STREAMS = 16  # open event streams that each keep a thread
THREADS = STREAMS + 16
LARGEST_BODY = 1_000_000

log = logging.getLogger(__name__)


class Front:
    """The application that serves now. When a page changes the settings, another takes over between two requests."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        attached: Attached,
        signer: SigningKey | None,
        keeper: Keeper | None,
    ) -> None:
        self.opening = Opening()
        self._database = database
        self._attached = attached
        self._signer = signer
        self._keeper = keeper
        self.adopt(settings)

    def adopt(self, settings: Settings) -> None:
        """Serve by these settings from the next request on. Raises SettingsError for a bad QRIS code."""
        counter, spool = counter_of(settings, self._signer), self._attached.spool
        server = TillServer(
            settings,
            self._database,
            counter,
            self._attached.scanners,
            self._attached.scans,
            self.opening,
            self.adopt,
            shop_qris(settings),
            ReceiptPrinter(spool, self._database, settings.shop) if spool else None,
        )
        self._app: App = self._with_fallback(server, self._keeper) if self._keeper else create_app(server)

    def _with_fallback(self, server: TillServer, keeper: Keeper) -> App:
        """The till on the database, and behind it the same till on its own copy."""
        keeper.counter = server.counter
        spool, own, shop = self._attached.spool, keeper.own.database, server.settings.shop
        alone = replace(
            server,
            database=own,
            counter=keeper.own_counter,
            printer=ReceiptPrinter(spool, own, shop) if spool else None,
            standing=keeper.standing,
            is_alone=True,
            knows=keeper.own.has_sold,
        )
        on_database = replace(server, standing=keeper.standing, drawn=keeper.remember)
        return Fallback(keeper, create_app(on_database), create_app(alone))

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer one request (PEP 3333)."""
        return self._app(environ, start_response)


def run_till(settings: Settings, database: Database) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises OSError where the address cannot be had, SettingsError for bad devices or a bad QRIS code,
    DatabaseError for a damaged file.
    """
    till = settings.till
    attached = Attached(settings)
    with ExitStack() as stack:
        own = OwnCopy(till.own_copy, settings.shop.store, till.name) if till.own_copy else None
        keeper = Keeper(database, own, counter_of(settings)) if own else None
        if own:
            stack.callback(own.close)
        signer = _opened(settings, database, keeper)
        front = Front(settings, database, attached, signer, keeper)
        web = _listen(front, settings)
        stack.callback(web.close)
        if keeper:
            keeper.start()
            stack.callback(keeper.stop)
        attached.start()
        stack.callback(attached.stop)
        purge = SnapshotPurge(database)
        purge.start()
        stack.callback(purge.stop)
        if settings.backup:
            clock = BackupClock(settings.file, settings.backup)
            clock.start()
            stack.callback(clock.stop)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: _stop(attached.scans))
        log.info("%s listens on http://%s", till.name, till.listen)
        if supervisor.is_there():
            Answering(till.listen).start()
        _say_how_to_begin(keeper.own.database if keeper and keeper.is_alone else database, till.listen, front.opening)
        web.run()
    log.info("%s stopped", till.name)


def _opened(settings: Settings, database: Database, keeper: Keeper | None) -> SigningKey | None:
    """Open the till's register in the database; the key of its receipts. Where the database is gone, from the own copy.

    Raises DatabaseError where there is no whole copy either.
    """
    try:
        database.check_schema()
        database.check_file()
        store, till = settings.shop.store, settings.till.name
        database.write(lambda connection: ledger.open_register(connection, store, till, "till"))
        return receipt_key(settings, database)
    except DatabaseGoneError:
        if keeper is None or not keeper.lose():
            raise
        return known_key(settings, keeper.own.database)


def _say_how_to_begin(database: Database, listen: Address, opening: Opening) -> None:
    with database.reading() as connection:
        if not staff.people(connection):
            # Not to the log: who reads that later must not find a code in it.
            click.echo(f"Nobody works here yet. Open http://{listen}/ and give this code: {opening.code}")


def _listen(app: Front, settings: Settings) -> Any:
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
            # Who connects to a loopback address is of this machine: a proxy, which says whether it was asked by TLS.
            trusted_proxy="*" if till.listen.is_loopback else None,
            trusted_proxy_headers={"x-forwarded-proto"} if till.listen.is_loopback else set(),
        )
    except OSError as error:
        raise OSError(error.errno, f"till.listen: cannot listen on {till.listen}: {error.strerror}") from error


def _stop(scans: ScanFeed) -> None:
    """The pages' streams end first: the server waits for its threads."""
    supervisor.stopping()
    scans.close()
    raise SystemExit(0)
