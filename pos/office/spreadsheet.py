"""Rows as a file for a spreadsheet.

CSV begins with a byte order mark, without which Excel takes UTF-8 for something else, and a text that a spreadsheet
would compute (https://owasp.org/www-community/attacks/CSV_Injection) gets an apostrophe before it. In XLSX a text is a
text, a price a number and a time a time.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO

import xlsxwriter
from flask import send_file
from werkzeug.wrappers import Response

from shared.pages import words


class Price(int):
    """An amount in the currency's shop unit, to be written as a number."""


class Number(int):
    """How many of something."""


Cell = str | datetime | Price | Number | None
Cells = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds: its title in the person's language, what stands over its columns, and its rows."""

    title: str
    head: Sequence[str]
    rows: Iterable[Cells]
    currency: str


Writer = Callable[[IO[bytes], Sheet], None]

COMPUTED = ("=", "+", "-", "@", "\t", "\r")
TIME = "%Y-%m-%d %H:%M:%S"
WIDTH = 18  # characters of a column


def write_csv(file: IO[bytes], sheet: Sheet) -> None:
    """Write it as CSV."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(sheet.head)
    writer.writerows([_plain(cell, sheet.currency) for cell in row] for row in sheet.rows)
    text.detach()


def write_xlsx(file: IO[bytes], sheet: Sheet) -> None:
    """Write it as an Excel workbook, row by row, so that its length costs no memory."""
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        bold = book.add_format({"bold": True})
        as_time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        as_money = book.add_format({"num_format": "#,##0" + _decimals(sheet.currency)})
        page = book.add_worksheet(sheet.title)
        page.freeze_panes(1, 0)
        page.set_column(0, len(sheet.head) - 1, WIDTH)
        page.write_row(0, 0, sheet.head, bold)
        for number, row in enumerate(sheet.rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    page.write_datetime(number, column, cell.replace(tzinfo=None), as_time)
                elif isinstance(cell, Price):
                    page.write_number(number, column, float(_units(cell, sheet.currency)), as_money)
                elif isinstance(cell, Number):
                    page.write_number(number, column, cell)
                elif cell:
                    page.write_string(number, column, cell)


WRITERS: dict[str, Writer] = {"csv": write_csv, "xlsx": write_xlsx}
TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def send(kind: str, name: str, sheet: Sheet) -> Response:
    """Answer with the file; `kind` is one of WRITERS, `name` the file's without its ending."""
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - sent, then closed by the server
    WRITERS[kind](file, sheet)
    file.seek(0)
    return send_file(file, mimetype=TYPES[kind], as_attachment=True, download_name=f"{name}.{kind}")


def _plain(cell: Cell, currency: str) -> str:
    if isinstance(cell, datetime):
        return cell.strftime(TIME)
    if isinstance(cell, Price):
        return str(_units(cell, currency))
    if isinstance(cell, Number):
        return str(cell)
    text = cell or ""
    return f"'{text}" if text.startswith(COMPUTED) else text


def _units(price: Price, currency: str) -> Decimal:
    return Decimal(price).scaleb(-words.shop_digits(currency))


def _decimals(currency: str) -> str:
    digits = words.shop_digits(currency)
    return "." + "0" * digits if digits else ""
