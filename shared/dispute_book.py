"""The book of sales in dispute (see `shared.books`)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from shared import schema
from shared.book import Book, Values, rows_of, unsaid
from shared.incidents import commitment
from shared.ledger import Event

KIND = "dispute"
_TOLD = ("number", "total")


def _rows(connection: Connection, ids: list[Any]) -> dict[str, Values]:
    rows = _DISPUTES.run(connection, ids=ids)
    return {sale: (*values, commitment(note, salt)) for sale, note, salt, *values in rows}


def _said(events: Sequence[Event]) -> Values:
    opened, last = events[0], events[-1]
    told = [opened.facts()[name] for name in _TOLD]
    if len(events) == 1:
        return (*told, opened.register, opened.at, None, "", "")
    return (*told, opened.register, opened.at, last.at, last.actor, last.facts()["note"])


_VALUES = (*_TOLD, "register", "opened_at", "resolved_at", "resolved_by")
_DISPUTES = rows_of(schema.Dispute, "note", "note_salt", *_VALUES)
DISPUTE_BOOK = Book(KIND, (*_VALUES, "note"), _rows, _said, unsaid(KIND, schema.Dispute), is_numbered=False)
