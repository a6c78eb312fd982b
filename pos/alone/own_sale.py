"""A sale that the till made alone, as its own copy holds it: the rows that the database is to get."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select

from shared import ledger, schema
from shared.statements import Statement

Row = Mapping[str, Any]
SALE = schema.table(schema.Sale)
PARTS = tuple(schema.table(model) for model in (schema.SaleLine, schema.Payment, schema.SaleDiscount, schema.SaleTax))
LINES, PAYMENTS, DISCOUNTS, TAXES = (table.name for table in PARTS)


@dataclass(frozen=True, slots=True)
class OwnSale:
    """The sale's row, those of its parts by table, what its event said, and the serial of each unit by its id."""

    row: Row
    parts: Mapping[str, Sequence[Row]]
    facts: Row
    serials: Mapping[int, str]

    @property
    def id(self) -> str:
        """The sale's id, which the page made."""
        return str(self.row["id"])


def read_sale(connection: Connection, sale_id: str) -> OwnSale:
    """The sale of this id, which has to be there."""
    row = connection.execute(select(*SALE.columns).where(SALE.c.id == sale_id)).mappings().one()
    parts = {
        table.name: [
            dict(part)
            for part in connection.execute(select(*table.columns).where(table.c.sale_id == sale_id)).mappings()
        ]
        for table in PARTS
    }
    facts = ledger.history(connection, "sale", sale_id)[0].facts()
    return OwnSale(dict(row), parts, facts, dict(_SERIALS.run(connection, id=sale_id).all()))


_L, _I = schema.table(schema.SaleLine), schema.table(schema.Item)
_SERIALS = Statement(
    select(_I.c.id, _I.c.serial).join(_L, _L.c.item_id == _I.c.id).where(_L.c.sale_id == bindparam("id"))
)
