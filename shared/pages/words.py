"""Money and time as a shop writes them. Pure: what is shown depends on the arguments alone."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, get_currency_precision

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def money(amount: int, currency: str, locale: Locale) -> str:
    """An amount in the currency's shop unit: rupiah as `Rp1.234.567` in every language, others as Babel writes them."""
    if currency == "IDR":
        sign = "-" if amount < 0 else ""
        return f"{sign}Rp{abs(amount):,}".replace(",", ".")
    return format_currency(Decimal(amount).scaleb(-shop_digits(currency)), currency, locale=locale)


def shop_digits(currency: str) -> int:
    """How many decimals a shop uses; no shop counts cents of a rupiah."""
    return 0 if currency == "IDR" else get_currency_precision(currency)


def time_of(microseconds: int, zone: ZoneInfo) -> datetime:
    """A ledger time (µs since 1970 UTC) on the shop's clock."""
    return (EPOCH + timedelta(microseconds=microseconds)).astimezone(zone)


def clock(moment: datetime) -> str:
    """`14.32`."""
    return moment.strftime("%H.%M")


def moment(then: datetime, now: datetime, locale: Locale) -> str:
    """`22 Nov 10.41`, with the year where it is not this year."""
    pattern = "d MMM HH.mm" if then.year == now.year else "d MMM yyyy HH.mm"
    return format_datetime(then, pattern, tzinfo=then.tzinfo, locale=locale)


def day(then: date, locale: Locale) -> str:
    """`22 Nov 2025`."""
    return format_date(then, "d MMM yyyy", locale=locale)
