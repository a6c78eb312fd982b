"""The sales as a file for a spreadsheet: one row for each line that was sold."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from pos.office import people
from pos.office.spreadsheet import Cell, Cells, Number, Price
from pos.sales_office import sale_words
from pos.sales_office.sale_filter import SaleFilter
from pos.sales_office.sales import SoldLine, every_sale
from shared import codes
from shared.pages import words
from shared.pages.speech import gettext


def heading() -> list[str]:
    """What stands over the columns."""
    return [
        gettext("Time"),
        gettext("Receipt"),
        gettext("Till"),
        gettext("Sold by"),
        gettext("Item"),
        gettext("Serial"),
        gettext("Pieces"),
        gettext("Price"),
        gettext("Discount"),
        gettext("Paid for it"),
        gettext("Method"),
    ]


def rows(connection: Connection, wanted: SaleFilter, timezone: ZoneInfo) -> Iterator[Cells]:
    """One row for each line of the filtered sales, the newest sale first. Wants a snapshot."""
    names = people.names(connection)
    for sale in every_sale(connection, wanted):
        head: list[Cell] = [
            words.time_of(sale.at, timezone),
            sale.number,
            sale.register,
            sale_words.person(sale.actor, names),
        ]
        methods = sale_words.methods_told(sale.methods)
        for line in sale.lines:
            yield [*head, *_line(line), methods]


def _line(line: SoldLine) -> list[Cell]:
    serial = codes.printed(line.serial) if line.serial else ""
    return [line.product, serial, Number(line.quantity), Price(line.price), Price(line.off), Price(line.amount)]
