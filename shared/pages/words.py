"""Money and time as a shop writes them. Pure: what is shown depends on the arguments alone."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_compact_decimal, format_currency, get_currency_precision

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def money(amount: int, currency: str, locale: Locale) -> str:
    """An amount in the currency's shop unit: rupiah as `Rp1.234.567` in every language, others as Babel writes them."""
    if currency == "IDR":
        sign = "-" if amount < 0 else ""
        return f"{sign}Rp{abs(amount):,}".replace(",", ".")
    return format_currency(Decimal(amount).scaleb(-shop_digits(currency)), currency, locale=locale)


def short_money(amount: int, currency: str, locale: Locale) -> str:
    """An amount of about so much, as a chart has room for: `1,2 jt`, `12K`."""
    units = Decimal(amount).scaleb(-shop_digits(currency))
    return format_compact_decimal(units, locale=locale, fraction_digits=1)


def amount(text: str, currency: str) -> int:
    """An amount as a person types it (`Rp1.250.000`, `1250000`, `12,50` where there are cents), in the shop unit.

    Dots and commas before more digits than the currency has separate thousands. Raises ValueError for anything else.
    """
    digits = shop_digits(currency)
    bare = text.strip().removeprefix("Rp").strip()
    found = re.fullmatch(rf"([0-9.,]*?[0-9])(?:[.,]([0-9]{{1,{digits}}}))?" if digits else r"([0-9.,]*[0-9])()", bare)
    if found is None:
        raise ValueError(f"price: expected an amount such as 150000, got {text[:60]!r}")
    whole, cents = found[1].replace(".", "").replace(",", ""), found[2] or ""
    return int(whole + cents.ljust(digits, "0"))


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


def short_day(then: date, locale: Locale) -> str:
    """`22 Nov`."""
    return format_date(then, "d MMM", locale=locale)
