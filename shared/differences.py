"""The rows of the shop against the ledger: every subject's row says what its events say, and has some."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Connection, bindparam, select

from shared import ledger, schema
from shared.book import Book, Values
from shared.books import BOOKS
from shared.ledger import Event
from shared.statements import Among, Statement

PAGE = 2000
MOST_DIGITS = 18  # of a number that is an id


@dataclass(frozen=True, slots=True)
class Broken:
    """Where the ledger does not hold: an entry, a head or a row, and why."""

    where: str
    why: str


def differences(connection: Connection) -> Iterator[Broken]:
    """Every row that differs from its events; page by page, whatever the number of subjects."""
    for book in BOOKS:
        after = ""
        while subjects := [row[0] for row in _SUBJECTS.run(connection, kind=book.kind, after=after, limit=PAGE)]:
            yield from _page(connection, book, subjects)
            after = subjects[-1]
        for (subject,) in book.unsaid.run(connection):
            yield Broken(f"{book.kind} {subject}", "has a row, but no entry in the ledger")


def _page(connection: Connection, book: Book, subjects: list[str]) -> Iterator[Broken]:
    ids = list(map(int, filter(_is_number, subjects))) if book.is_numbered else subjects
    rows = book.rows(connection, ids)
    events = [Event(*row) for row in _SAID.run(connection, kind=book.kind, subjects=subjects)]
    for subject, of_subject in groupby(events, key=lambda event: event.subject):
        try:
            why = _difference(book.values, rows.get(subject), book.said(list(of_subject)))
        except (AttributeError, LookupError, TypeError, ValueError):
            why = "is told of by an entry that no program of ours wrote"
        if why:
            yield Broken(f"{book.kind} {subject}", why)


def _is_number(subject: str) -> bool:
    return subject.isascii() and subject.isdigit() and len(subject) <= MOST_DIGITS


def _difference(names: Sequence[str], row: Values | None, said: Values) -> str:
    if row is None:
        return "is in the ledger, but its row is missing"
    differing = [
        f"{name} {told!r} where the ledger has {held!r}"
        for name, told, held in zip(names, row, said, strict=True)
        if told != held
    ]
    return f"its row has {', '.join(differing)}" if differing else ""


_E = schema.table(schema.Event)
_SUBJECTS = Statement(
    select(_E.c.subject)
    .where(_E.c.kind == bindparam("kind"), _E.c.subject > bindparam("after"))
    .group_by(_E.c.subject)
    .order_by(_E.c.subject)
    .limit(bindparam("limit"))
)
_SAID = Statement(
    select(*(_E.c[name] for name in ledger.EVENT_FIELDS))
    .where(_E.c.kind == bindparam("kind"), Among(_E.c.subject, "subjects"))
    .order_by(_E.c.subject, _E.c.version, _E.c.at)
)
