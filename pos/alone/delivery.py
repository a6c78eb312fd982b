"""Brings what a till sold alone into the database, each sale exactly once, as the sale that it was.

What cannot be so any more becomes a *sale in dispute*: its money is recorded, the units in question are left as they
are, and a leader is shown it. Nothing that is wrong with one sale holds up the next.
"""

import logging
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, bindparam, insert, select, update

from pos import disputes
from pos.alone.own_sale import LINES, PARTS, PAYMENTS, OwnSale
from pos.till import cart, cart_discounts, references, sale_claim, taking
from pos.till.basket import Counter, Paid, SaleRefusedError
from pos.till.sale import TILL
from pos.till.sale_claim import SoldUnit
from shared import ledger, schema
from shared.database import Database, DatabaseError
from shared.items import ItemState
from shared.ledger import Turn
from shared.statements import Among, Change, Statement

log = logging.getLogger(__name__)

Fault = dict[str, Any]
LOST = "unknown"  # of a unit that the database has not, or has no more


def deliver(source: Database, counter: Counter, sale: OwnSale) -> None:
    """Record the sale at the till's own register. Raises DatabaseError; then it waits on."""
    try:
        source.write(lambda connection: _record(connection, counter, sale))
    except DatabaseError:
        raise
    except Exception as error:
        log.exception("sale %s, made while the database was gone, cannot be recorded", sale.row["number"])
        why = f"{type(error).__name__}: {getattr(error, 'orig', error)}".partition("\n")[0][:200]
        source.write(lambda connection: _record_as_told(connection, counter, sale, why))


def _record(connection: Connection, counter: Counter, sale: OwnSale) -> None:
    faults: list[Fault] = []
    if not _claim(connection, counter, sale):
        known_hash, reply = sale_claim.stored(connection, sale.id)
        if reply and known_hash == sale.row["request_hash"]:
            return _clear_cart(connection, counter, sale.id)
        faults.append({"reason": "other_content" if reply else "cancelled"})
        sale = _under_another_id(sale)
        if not _claim(connection, counter, sale):
            return None
    with ledger.turn(connection, counter.store, counter.register, str(sale.row["actor"]), TILL) as turn:
        faults += _clashing_units(connection, sale) + _clashing_references(connection, sale)
        aside = {fault["item"] for fault in faults if "item" in fault}
        _mark_paid(turn, sale, aside)
        _write(turn, sale, aside)
        if faults:
            disputes.open_one(turn, sale.row, faults)
    return _clear_cart(connection, counter, sale.id)


def _claim(connection: Connection, counter: Counter, sale: OwnSale) -> bool:
    return sale_claim.claim(connection, sale.id, sale.row["request_hash"], counter.register, sale.row["actor"])


def _under_another_id(sale: OwnSale) -> OwnSale:
    """The same one at every try. Its own id is another sale's, or of a cart that was cancelled."""
    new = str(uuid5(UUID(sale.id), "alone"))
    parts = {name: [{**row, "sale_id": new} for row in rows] for name, rows in sale.parts.items()}
    return replace(sale, row={**sale.row, "id": new}, parts=parts)


def _clashing_units(connection: Connection, sale: OwnSale) -> list[Fault]:
    """Lock the units in the order of their ids, and tell those that cannot have been sold."""
    found = {row[0]: row[1:] for row in _LOCK_UNITS.run(connection, ids=sorted(sale.serials))}
    faults: list[Fault] = []
    for item, serial in sorted(sale.serials.items()):
        state, known = found.get(item, (LOST, serial))
        if known != serial:
            state = LOST
        if state != ItemState.IN_STOCK:
            faults.append({"reason": state, "item": item, "serial": serial})
    return faults


def _clashing_references(connection: Connection, sale: OwnSale) -> list[Fault]:
    faults: list[Fault] = []
    for row in sale.parts[PAYMENTS]:
        try:
            references.claim(connection, sale.id, [Paid(row["method"], row["amount"], row["reference"])])
        except SaleRefusedError as error:
            faults.append({"reason": error.reason, "method": row["method"], "reference": row["reference"]})
    return faults


def _mark_paid(turn: Turn, sale: OwnSale, aside: set[int]) -> None:
    sold = [row for row in sale.parts[LINES] if row["item_id"] is not None and row["item_id"] not in aside]
    versions = dict(_VERSIONS.run(turn.connection, ids=[row["item_id"] for row in sold]).all())
    units = [SoldUnit(row["item_id"], versions[row["item_id"]], row["price"], row["amount"]) for row in sold]
    sale_claim.mark_paid(turn, sale.id, units)


def _write(turn: Turn, sale: OwnSale, aside: set[int]) -> None:
    """A line of a unit that is in dispute names the product alone: the unit is not of this sale."""
    for table in PARTS:
        rows = sale.parts[table.name]
        if table.name == LINES:
            rows = [{**row, "item_id": None} if row["item_id"] in aside else row for row in rows]
        turn.write_last(Change(_ADD[table.name], rows))
    told = {name: sale.row[name] for name in ("number", "total", "rounding", "at", "reply", "prints")}
    turn.write_last(Change(_FINISH, [{"id": sale.id, **told}], must_meet=True))
    turn.record("sale", sale.id, 1, "sold", "sold", {**sale.facts, "sold_at": sale.row["at"]})


def _clear_cart(connection: Connection, counter: Counter, sale_id: str) -> None:
    """What the database still holds of the cart that the sale was."""
    cart.give_back(connection, counter, sale_id)
    cart_discounts.drop_all(connection, sale_id)
    taking.forget(connection, sale_id)


def _record_as_told(connection: Connection, counter: Counter, sale: OwnSale, why: str) -> None:
    """What cannot be recorded as a sale is in dispute with the receipt that the customer has."""
    with ledger.turn(connection, counter.store, counter.register, str(sale.row["actor"]), TILL) as turn:
        disputes.open_one(turn, sale.row, [{"reason": "unrecorded", "why": why}])


_S, _I = schema.table(schema.Sale), schema.table(schema.Item)
_LOCK_UNITS = Statement(
    select(_I.c.id, _I.c.state, _I.c.serial).where(Among(_I.c.id, "ids")).order_by(_I.c.id).with_for_update()
)
_VERSIONS = Statement(select(_I.c.id, _I.c.version).where(Among(_I.c.id, "ids")))
_FINISH = Statement(
    update(_S)
    .where(_S.c.id == bindparam("id"))
    .values({name: bindparam(name) for name in ("number", "total", "rounding", "at", "reply", "prints")})
)
_ADD = {table.name: Statement(insert(table).values({c.name: bindparam(c.name) for c in table.c})) for table in PARTS}
