"""What is plugged into the till itself: its scanners, whose scans go to the page, and its receipt printer."""

from hardware.catalog import make_printer, make_scanners, printer_options
from hardware.errors import DriverMissing, OptionMistake
from hardware.reader import ReaderBack, ReaderLost, ReaderThread
from hardware.scanner import Scan
from pos.printing.spool import Spool
from pos.till.scan_feed import ScanFeed
from shared.settings import Settings, SettingsError
from shared.table_reader import Table


class Attached:
    """The devices; `spool` is None at a till without a printer."""

    def __init__(self, settings: Settings) -> None:
        """Raises SettingsError with every mistake in the devices' tables."""
        self.scans = ScanFeed()
        self._scanners = _Scanners(settings.till.scanners, self.scans)
        self.spool = _spool(settings.till.printer) if settings.till.printer else None

    def scanners(self) -> dict[str, str]:
        """How each scanner is, `ok` or `lost`, by name."""
        return dict(self._scanners.states)

    def start(self) -> None:
        """Begin to read and to print."""
        for thread in self._scanners.threads:
            thread.start()
        if self.spool:
            self.spool.start()

    def stop(self) -> None:
        """Let go of the devices."""
        for thread in self._scanners.threads:
            thread.stop()
        if self.spool:
            self.spool.stop()


class _Scanners:
    """A thread for each scanner."""

    def __init__(self, tables: tuple[Table, ...], scans: ScanFeed) -> None:
        try:
            scanners = make_scanners(tables, "till.scanner")
        except OptionMistake as error:
            raise SettingsError(f"{key}: {message}" for key, message in error.mistakes) from error
        except DriverMissing as error:
            raise SettingsError([f"till.scanner: {error}"]) from error
        self._scans = scans
        self.states = {scanner.name: "lost" for scanner in scanners}
        self.threads = [ReaderThread(scanner, self._take) for scanner in scanners]

    def _take(self, news: Scan | ReaderLost | ReaderBack) -> None:
        if isinstance(news, Scan):
            self._scans.put(news.text)
        else:
            self.states[news.scanner] = "ok" if isinstance(news, ReaderBack) else "lost"


def _spool(table: Table) -> Spool:
    try:
        return Spool(make_printer(printer_options(table)))
    except OptionMistake as error:
        raise SettingsError(f"till.printer.{key}: {message}" for key, message in error.mistakes) from error
    except DriverMissing as error:
        raise SettingsError([f"till.printer: {error}"]) from error
