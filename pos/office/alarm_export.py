"""The alarm log as a file for a spreadsheet: one row for each item.

CSV begins with a byte order mark, without which Excel takes UTF-8 for something else, and a text that a spreadsheet
would compute (https://owasp.org/www-community/attacks/CSV_Injection) gets an apostrophe before it. In XLSX a text is a
text, a price a number and a time a time.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import IO
from zoneinfo import ZoneInfo

import xlsxwriter
from sqlalchemy import Connection

from pos.office import alarm_words, people
from pos.office.alarm_filter import AlarmFilter
from pos.office.alarms import AlarmedItem, Incident, every_incident
from shared import codes
from shared.pages import words
from shared.pages.speech import gettext


class Price(int):
    """An amount in the currency's shop unit, to be written as a number."""


Cell = str | datetime | Price | None
Cells = Sequence[Cell]
Writer = Callable[[IO[bytes], Sequence[str], Iterable[Cells], str], None]

COMPUTED = ("=", "+", "-", "@", "\t", "\r")
TIME = "%Y-%m-%d %H:%M:%S"
WIDTH = 18  # characters of a column


def heading() -> list[str]:
    """What stands over the columns."""
    return [
        gettext("Time"),
        gettext("Gate"),
        gettext("Item"),
        gettext("Serial"),
        gettext("Price"),
        gettext("Reason"),
        gettext("Last till"),
        gettext("State"),
        gettext("Said by"),
        gettext("Said at"),
        gettext("Note"),
        gettext("Incident"),
    ]


def rows(connection: Connection, wanted: AlarmFilter, timezone: ZoneInfo) -> Iterator[Cells]:
    """One row for each item of the filtered log, newest incident first. Wants a snapshot."""
    names = people.names(connection)
    for incident in every_incident(connection, wanted):
        told = _told(incident, names, timezone)
        for item in incident.items:
            yield [*_seen(incident, item, timezone), *told]


def write_csv(file: IO[bytes], head: Sequence[str], found: Iterable[Cells], currency: str) -> None:
    """Write the log as CSV."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_plain(cell, currency) for cell in row] for row in found)
    text.detach()


def write_xlsx(file: IO[bytes], head: Sequence[str], found: Iterable[Cells], currency: str) -> None:
    """Write the log as an Excel workbook, row by row, so that its length costs no memory."""
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        bold = book.add_format({"bold": True})
        as_time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        as_money = book.add_format({"num_format": "#,##0" + _decimals(currency)})
        sheet = book.add_worksheet(gettext("Alarms"))
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(head) - 1, WIDTH)
        sheet.write_row(0, 0, head, bold)
        for number, row in enumerate(found, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(number, column, cell.replace(tzinfo=None), as_time)
                elif isinstance(cell, Price):
                    sheet.write_number(number, column, float(_units(cell, currency)), as_money)
                elif cell:
                    sheet.write_string(number, column, cell)


WRITERS: dict[str, Writer] = {"csv": write_csv, "xlsx": write_xlsx}
TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def _seen(incident: Incident, item: AlarmedItem, timezone: ZoneInfo) -> list[Cell]:
    return [
        words.time_of(item.at, timezone),
        incident.gate,
        item.product or gettext("Unknown product"),
        codes.printed(item.serial),
        Price(item.price),
        alarm_words.reason_name(item.reason),
        item.last_till,
    ]


def _told(incident: Incident, names: dict[str, str], timezone: ZoneInfo) -> list[Cell]:
    return [
        ", ".join(map(alarm_words.kind_name, alarm_words.kinds(incident))),
        alarm_words.said_by(incident, names),
        words.time_of(incident.resolved_at, timezone) if incident.resolved_at is not None else None,
        incident.note,
        incident.id,
    ]


def _plain(cell: Cell, currency: str) -> str:
    if isinstance(cell, datetime):
        return cell.strftime(TIME)
    if isinstance(cell, Price):
        return str(_units(cell, currency))
    text = cell or ""
    return f"'{text}" if text.startswith(COMPUTED) else text


def _units(price: Price, currency: str) -> Decimal:
    return Decimal(price).scaleb(-words.shop_digits(currency))


def _decimals(currency: str) -> str:
    digits = words.shop_digits(currency)
    return "." + "0" * digits if digits else ""
