"""Receipts of sales that were made: what their sender was told, kept with the sale."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select
from werkzeug.exceptions import NotFound

from pos.customers import buyers
from pos.customers.buyers import Buyer
from shared import schema
from shared.database import Database
from shared.statements import Statement


def find_receipt(connection: Connection, sale_id: str) -> dict[str, Any] | None:
    """The receipt of a sale, or of goods that came back alone, as `whole` gives it; None where there is none."""
    reply = _REPLY.run(connection, id=sale_id).scalar() or _RETURN_REPLY.run(connection, id=sale_id).scalar()
    return whole(json.loads(reply), buyers.of_ticket(connection, sale_id)) if reply else None


def read_receipt(database: Database, sale_id: str) -> dict[str, Any]:
    """The receipt of this id, as `find_receipt` gives it, for a page of it. Raises NotFound."""
    with database.reading() as connection:
        found = find_receipt(connection, sale_id)
    if found is None:
        raise NotFound
    return found


def whole(receipt: Mapping[str, Any], buyer: Buyer | None) -> dict[str, Any]:
    """A receipt as its sender was told it, with its `at` as a time, and its `buyer`, None where nobody asked."""
    return {**receipt, "at": datetime.fromisoformat(receipt["at"]), "buyer": buyer}


_S = schema.table(schema.Sale).c
_R = schema.table(schema.GoodsReturn).c
_REPLY = Statement(select(_S.reply).where(_S.id == bindparam("id")))
_RETURN_REPLY = Statement(select(_R.reply).where(_R.id == bindparam("id")))
