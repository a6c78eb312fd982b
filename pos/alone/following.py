"""Keeps the till's own copy level with the database: the feed says what has changed, and those rows are read.

The feed and the rows are read in one snapshot, so that the copy is what the database was at the heads that it notes.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, func, select, text

from pos.alone.own_copy import OwnCopy, Register, set_fact, set_head, sold_alone
from shared import ledger, schema
from shared.database import Database
from shared.ledger import GENESIS, Event, Head
from shared.schema import Base
from shared.statements import Statement

log = logging.getLogger(__name__)

CHUNK = 1000
FETCH = 5000
LEASE = {"cart": None, "cart_register": None, "cart_at": None, "cart_until": None}
KEPT = {"register", "event"}  # of the copy itself: its own register, and what was sold in it
WHO = {"staff", "token", "receipt_key"}  # the kinds of events that tell of rows in SMALL
SMALL = tuple(schema.table(model) for model in (schema.Shop, schema.Staff, schema.Token, schema.ReceiptKey))
PRODUCT, ITEM, CODE = (schema.table(model) for model in (schema.Product, schema.Item, schema.ItemCode))


def follow(source: Database, own: OwnCopy) -> bool:
    """Take over what is new; False where the copy has to be filled afresh. Raises DatabaseError."""
    known = own.heads()
    with source.snapshot() as there:
        if epoch_of(there) != own.epoch:
            return False
        heads = ledger.heads(there)
        if any(ledger.is_behind(heads, register, head) for register, head in known.items()):
            return False
        for register, head in heads.items():
            before = known.get(register, Head(0, GENESIS))
            while before.seq < head.seq:
                events = ledger.newer(there, register, before.seq, CHUNK)
                if not _is_chain(events, before.hash):
                    return False
                before = Head(events[-1].seq, events[-1].hash)
                _take_over(there, own, register, before, events)
    return True


def refresh(there: Connection, here: Connection, items: Sequence[int]) -> None:
    """Take these units as the database has them, what is known of them left out."""
    rows = _rows_of(there, ITEM, ITEM.c.id, items)
    _put(here, PRODUCT, _rows_of(there, PRODUCT, PRODUCT.c.id, [row["product_id"] for row in rows]))
    _put(here, ITEM, [row | LEASE for row in rows], kept=LEASE)
    _put(here, CODE, _rows_of(there, CODE, CODE.c.item_id, items))


def refresh_people(source: Database, own: OwnCopy) -> None:
    """Take over who may sign in, the tokens and the keys: few rows, some of which change without an event."""
    with source.snapshot() as there:
        rows = [(table, _all_rows(there, table)) for table in SMALL]
    own.database.write(lambda here: _replace(here, rows))


def fill(source: Database, own: OwnCopy) -> None:
    """Copy everything afresh; the copy does not count as filled until it is whole. Its own log stays."""
    log.info("the till copies the shop, to sell on should the database be gone")
    own.database.write(_empty)
    with source.snapshot() as there:
        for table in (PRODUCT, ITEM, CODE):
            streamed = {"stream_results": True, "yield_per": FETCH}
            for part in there.execute(select(*table.columns), execution_options=streamed).mappings().partitions():
                rows = [{**row, **LEASE} if table is ITEM else dict(row) for row in part]
                own.database.write(partial(_put, table=table, rows=rows))
        small = [(table, _all_rows(there, table)) for table in SMALL]
        heads, epoch = ledger.heads(there), epoch_of(there)
        sold = _SOLD_BEFORE.run(there, prefix=own.register + "-%").scalar()

    def finish(here: Connection) -> None:
        _replace(here, small)
        for register, head in heads.items():
            set_head(here, register, head)
        _COUNT_ON.run(here, name=own.register, receipts=int(sold.rpartition("-")[2]) if sold else 0)
        set_fact(here, "carried", "")
        set_fact(here, "epoch", epoch)

    own.database.write(finish)


def epoch_of(connection: Connection) -> str:
    """The database's epoch."""
    return str(_EPOCH.run(connection).scalar_one())


def _take_over(there: Connection, own: OwnCopy, register: Register, head: Head, events: Sequence[Event]) -> None:
    changed: dict[str, set[int]] = {"item": set(), "product": set()}
    for event in events:
        if event.kind in changed:
            changed[event.kind].add(int(event.subject))
    items = _rows_of(there, ITEM, ITEM.c.id, changed["item"])
    products = changed["product"] | {row["product_id"] for row in items}
    product_rows = _rows_of(there, PRODUCT, PRODUCT.c.id, products)
    codes = _rows_of(there, CODE, CODE.c.item_id, changed["item"])
    small = [(table, _all_rows(there, table)) for table in SMALL] if WHO & {event.kind for event in events} else []

    def take(here: Connection) -> None:
        _put(here, PRODUCT, product_rows)
        mine = sold_alone(here)  # the database does not know of these sales yet
        _put(here, ITEM, [row | LEASE for row in items if row["id"] not in mine], kept=LEASE)
        _put(here, CODE, codes)
        _replace(here, small)
        set_head(here, register, head)

    own.database.write(take)


def _is_chain(events: Sequence[Event], before: bytes) -> bool:
    for event in events:
        if not event.follows(before):
            return False
        before = event.hash
    return bool(events)


def _rows_of(connection: Connection, table: Table, column: Any, ids: Iterable[int]) -> list[dict[str, Any]]:
    wanted = sorted(set(ids))
    if not wanted:
        return []
    rows = connection.execute(select(*table.columns).where(column.in_(wanted))).mappings()
    return [dict(row) for row in rows]


def _all_rows(connection: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(*table.columns)).mappings()]


def _put(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], kept: Iterable[str] = ()) -> None:
    """Insert the rows, or bring those that are there up to date, the columns `kept` left as they are."""
    names = [column.name for column in table.columns]
    keys = [column.name for column in table.primary_key.columns]
    changed = [f"{name} = excluded.{name}" for name in names if name not in {*keys, *kept}]
    then = f"UPDATE SET {', '.join(changed)}" if set(names) - set(keys) else "NOTHING"
    values = ", ".join(f":{name}" for name in names)
    insert = (
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({values}) ON CONFLICT ({', '.join(keys)}) DO {then}"  # noqa: S608 - the schema's own names
    )
    if rows:
        connection.execute(text(insert), [dict(row) for row in rows])


def _replace(here: Connection, tables: Sequence[tuple[Table, Sequence[Mapping[str, Any]]]]) -> None:
    for table, rows in tables:
        here.execute(delete(table))
        _put(here, table, rows)


def _empty(here: Connection) -> None:
    set_fact(here, "epoch", "")
    for table in reversed(Base.metadata.sorted_tables):
        if table.name not in KEPT:
            here.execute(delete(table))
    here.exec_driver_sql("DELETE FROM own_head")
    here.exec_driver_sql("DELETE FROM own_delivered")


_S = schema.table(schema.Sale).c
_EPOCH = Statement(select(schema.table(schema.Shop).c.epoch))
_SOLD_BEFORE = Statement(select(func.max(_S.number)).where(_S.number.like(bindparam("prefix"))))
_COUNT_ON = Statement(text("UPDATE register SET receipts = max(receipts, :receipts) WHERE name = :name"))
