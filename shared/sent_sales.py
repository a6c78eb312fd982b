"""What a gate sends to be paid: a held sale that any till may open (see `pos.till.held`)."""

from collections.abc import Sequence

from sqlalchemy import bindparam, insert, select

from shared import schema
from shared.items import SOLD
from shared.ledger import Turn
from shared.statements import Statement


def send(turn: Turn, key: str, incident: str, units: Sequence[tuple[int, str]], at: int) -> None:
    """Have these units of an incident, each by id and serial, paid at a till; the gate sent them at `at` (µs).

    They join what stands there of the incident. One that was paid meanwhile is left out: it needs no till.
    """
    wanted = [unit for unit in (_unpaid(turn, *named) for named in units) if unit]
    held = _HELD.run(turn.connection, incident=incident).scalar()
    if wanted and held is None:
        held = key
        _ADD.run(turn.connection, id=key, source=turn.register, incident=incident, at=min(at, turn.now), note="")
    known = dict(_LINES.run(turn.connection, held=held).all()) if held else {}
    fresh = [unit for unit in wanted if unit[0] not in known]
    for number, (item, product) in enumerate(fresh, max(known.values(), default=0) + 1):
        _ADD_LINE.run(turn.connection, held=held, line=number, product_id=product, item_id=item, quantity=1)
    told = {"incident": incident, "items": [item for item, _ in fresh], "sent": at}
    turn.record("held_sale", held or key, 1, "sent", "held" if wanted else "paid", told)


def _unpaid(turn: Turn, item: int, serial: str) -> tuple[int, int] | None:
    """The unit's id and its product's. The serial too: a database that was put back may have another unit there."""
    row = _UNIT.run(turn.connection, item=item, serial=serial).first()
    return None if row is None or row[2] in SOLD else (row[0], row[1])


_I = schema.table(schema.Item)
_H = schema.table(schema.HeldSale)
_L = schema.table(schema.HeldLine)
_UNIT = Statement(
    select(_I.c.id, _I.c.product_id, _I.c.state).where(_I.c.id == bindparam("item"), _I.c.serial == bindparam("serial"))
)
_HELD = Statement(select(_H.c.id).where(_H.c.incident == bindparam("incident")).with_for_update())
_LINES = Statement(select(_L.c.item_id, _L.c.line).where(_L.c.held == bindparam("held")))
_ADD = Statement(insert(_H))
_ADD_LINE = Statement(insert(_L))
