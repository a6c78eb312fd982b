"""What is compared of shifts, cash moves and openings of the drawer (see `shared.books`)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from shared import schema
from shared.book import Book, Rows, Values, rows_of, unsaid
from shared.canonical import canonical
from shared.incidents import commitment
from shared.ledger import Event

_SHIFT = ("register", "number", "first_seq", "opened_at", "opened_by", "float_amount", "float_count")
_CLOSING = ("closed_at", "closed_by", "counted", "closing_count", "expected", "report", "version")
_MOVE = ("shift", "amount", "reason", "approved_by", "actor", "at")
_DRAWER = ("register", "shift", "reason", "approved_by", "actor", "at")


def _said_of_shift(events: Sequence[Event]) -> Values:
    opened, last = events[0], events[-1]
    facts = opened.facts()
    told = (opened.register, facts["number"], opened.seq, opened.at, opened.actor, facts["float"], facts["count"])
    if last.what != "closed":
        return (*told, None, "", None, "", None, "", last.version)
    end = last.facts()
    counts = (end["counted"], end["count"], end["expected"])
    return (*told, last.at, last.actor, *counts, canonical(end["report"]), last.version)


def _said_of_move(events: Sequence[Event]) -> Values:
    (moved,) = events
    facts = moved.facts()
    allowed = facts.get("approved_by", "")  # nobody had to, before schema 0023
    return (facts["shift"], facts["amount"], facts["reason"], allowed, moved.actor, moved.at, facts["note"])


def _said_of_drawer(events: Sequence[Event]) -> Values:
    (opened,) = events
    facts = opened.facts()
    told = (facts["shift"], facts["reason"], facts["approved_by"])
    return (opened.register, *told, opened.actor, opened.at, facts["note"])


def _noted(model: type[schema.Base], names: tuple[str, ...]) -> Rows:
    """The rows' values, and the commitment of each one's note."""
    statement = rows_of(model, "note", "note_salt", *names)

    def rows(connection: Connection, ids: list[Any]) -> dict[str, Values]:
        found = statement.run(connection, ids=ids)
        return {one: (*values, commitment(note, salt)) for one, note, salt, *values in found}

    return rows


def _shifts(connection: Connection, ids: list[Any]) -> dict[str, Values]:
    return {one: tuple(values) for one, *values in _SHIFTS.run(connection, ids=ids)}


_SHIFTS = rows_of(schema.Shift, *_SHIFT, *_CLOSING)

SHIFT_BOOKS = (
    Book("shift", (*_SHIFT, *_CLOSING), _shifts, _said_of_shift, unsaid("shift", schema.Shift), is_numbered=False),
    Book(
        "cash_move",
        (*_MOVE, "note"),
        _noted(schema.CashMove, _MOVE),
        _said_of_move,
        unsaid("cash_move", schema.CashMove),
        is_numbered=False,
    ),
    Book(
        "drawer",
        (*_DRAWER, "note"),
        _noted(schema.DrawerOpening, _DRAWER),
        _said_of_drawer,
        unsaid("drawer", schema.DrawerOpening),
        is_numbered=False,
    ),
)
