"""Receipts of sales that were made: what their sender was told, kept with the sale."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from shared import schema
from shared.statements import Statement


def find_receipt(connection: Connection, sale_id: str) -> dict[str, Any] | None:
    """The receipt of a sale, or of goods that came back alone, its `at` as a time; None where there is none."""
    reply = _REPLY.run(connection, id=sale_id).scalar() or _RETURN_REPLY.run(connection, id=sale_id).scalar()
    return timed(json.loads(reply)) if reply else None


def timed(receipt: Mapping[str, Any]) -> dict[str, Any]:
    """A receipt as its sender was told it, with its `at` as a time."""
    return {**receipt, "at": datetime.fromisoformat(receipt["at"])}


_S = schema.table(schema.Sale).c
_R = schema.table(schema.GoodsReturn).c
_REPLY = Statement(select(_S.reply).where(_S.id == bindparam("id")))
_RETURN_REPLY = Statement(select(_R.reply).where(_R.id == bindparam("id")))
