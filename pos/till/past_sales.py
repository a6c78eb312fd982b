"""Receipts of sales that were made: what their sender was told, kept with the sale."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from shared import schema
from shared.statements import Statement


def find_receipt(connection: Connection, sale_id: str) -> dict[str, Any] | None:
    """The receipt of a sale, its `at` as a time; None where no sale was made under this id."""
    reply = _REPLY.run(connection, id=sale_id).scalar()
    if not reply:
        return None
    receipt: dict[str, Any] = json.loads(reply)
    return {**receipt, "at": datetime.fromisoformat(receipt["at"])}


_S = schema.table(schema.Sale).c
_REPLY = Statement(select(_S.reply).where(_S.id == bindparam("id")))
