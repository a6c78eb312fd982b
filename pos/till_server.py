"""What every page and every API call of a till's server works with."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from pos.alone.standing import Standing
from pos.first_day.opening import Opening
from pos.printing.receipt_printer import ReceiptPrinter
from pos.till.cart_view import CartView
from pos.till.qris import Qris
from pos.till.rounding import Rounding
from pos.till.sale import Counter
from pos.till.scan_feed import ScanFeed
from shared.database import Database
from shared.settings import Settings
from shared.signed_receipt import Signer

PERCENT = 100  # hundredths of a percent


@dataclass(frozen=True, slots=True)
class TillServer:
    """One till: its settings, its database, where it sells, its own scanners' feed, how its scanners are, its printer.

    `scanners` gives the state, `ok` or `lost`, of each attached scanner by name. `adopt` makes changed settings hold
    from the next request on. `qris` is None in a shop that has none. `standing` tells how a till stands whose database
    is gone, None while it is there; `is_alone`: this one sells from the till's own copy. `drawn` is told each cart.
    `knows` gives those of some units of which this till can say what is so: all of them, where it has the database.
    """

    settings: Settings
    database: Database
    counter: Counter
    scanners: Callable[[], dict[str, str]] = field(default=dict)
    scans: ScanFeed = field(default_factory=ScanFeed)
    opening: Opening = field(default_factory=Opening)
    adopt: Callable[[Settings], None] = lambda _: None
    qris: Qris | None = None
    printer: ReceiptPrinter | None = None
    standing: Callable[[], Standing | None] = lambda: None
    drawn: Callable[[CartView], None] = lambda _: None
    is_alone: bool = False
    knows: Callable[[Sequence[int]], Collection[int]] = field(default=lambda items: items)


def counter_of(settings: Settings, signer: Signer | None = None) -> Counter:
    """Where the till of these settings sells; its receipts are signed where there is a signer."""
    shop, till, paying = settings.shop, settings.till, settings.paying
    return Counter(
        shop.store,
        till.name,
        shop.currency,
        shop.timezone,
        signer,
        Rounding(paying.cash_rounding, paying.is_rounded_down),
        settings.tax,
        round(till.discount_limit * PERCENT),
        till.refund_limit,
        till.shifts,
    )
