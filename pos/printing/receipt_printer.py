"""The till's receipt printer: the sales that it prints, and how often each was printed."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update

from pos.customers.buyers import Buyer
from pos.printing.paper import receipt_paper
from pos.printing.spool import Job, Spool, Standing
from pos.till import past_sales
from pos.till.methods import Method
from shared import schema
from shared.database import Database, DatabaseError
from shared.settings import ShopSettings
from shared.statements import Statement

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReceiptPrinter:
    """Prints receipts in the shop's language: whoever sells may read another one, the customer takes this home."""

    spool: Spool
    database: Database
    shop: ShopSettings

    def print_sale(self, receipt: Mapping[str, Any], buyer: Buyer | None) -> None:
        """Print the receipt of a sale that was just made; the drawer opens first where cash was paid."""
        paid_in_cash = any(payment["method"] == Method.CASH for payment in receipt["payments"])
        self.spool.put(self._job(past_sales.whole(receipt, buyer), is_copy=False, opens_drawer=paid_in_cash))

    def print_again(self, sale_id: str) -> bool:
        """Print a receipt, marked as a copy if it was printed before; False where there is no such sale.

        Raises DatabaseGoneError.
        """
        with self.database.reading() as connection:
            receipt = past_sales.find_receipt(connection, sale_id)
            prints = _PRINTS.run(connection, id=sale_id).scalar() or 0
        if receipt is None:
            return False
        self.spool.put(self._job(receipt, is_copy=prints > 0, opens_drawer=False))
        return True

    def standing(self) -> Standing:
        """How the printer is, and what waits for it."""
        return self.spool.standing()

    def _job(self, receipt: Mapping[str, Any], *, is_copy: bool, opens_drawer: bool) -> Job:
        slip = receipt_paper(receipt, self.shop, self.spool.columns, is_copy=is_copy)
        return Job(receipt["number"], slip, opens_drawer, lambda: self._count(receipt["id"]))

    def _count(self, sale_id: str) -> None:
        try:
            self.database.write(lambda connection: _COUNT.run(connection, id=sale_id))
        except DatabaseError as error:
            log.warning("that sale %s was printed cannot be noted, so its next print is not marked: %s", sale_id, error)


_S = schema.table(schema.Sale).c
_PRINTS = Statement(select(_S.prints).where(_S.id == bindparam("id")))
_COUNT = Statement(update(schema.Sale).where(_S.id == bindparam("id")).values(prints=_S.prints + 1))
