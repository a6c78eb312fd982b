"""How far the first day has come, told from what is in the database: nobody ticks anything off."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, exists, select

from pos.office import gates, labels, standing
from shared import schema
from shared.items import ItemState
from shared.statements import Statement


class Step(StrEnum):
    """What a shop does on its first day, in this order."""

    PRODUCT = "product"
    RECEIVE = "receive"
    LABELS = "labels"
    GATE = "gate"
    WALK = "walk"
    ARM = "arm"


@dataclass(frozen=True, slots=True)
class Progress:
    """What is done. `walked_out`, `paid` and `left` are the walk: an alarm, a sale, a silent exit."""

    has_product: bool
    units: int
    has_scanned: bool
    gates: tuple[str, ...]
    walked_out: bool
    paid: bool
    left: bool
    is_armed: bool
    has_sounded: bool

    @property
    def done(self) -> list[Step]:
        """The steps behind us, those in front of a done one included: what came later could not have without them."""
        reached = [
            self.has_product,
            self.units > 0,
            self.has_scanned,
            bool(self.gates),
            self.walked_out and self.paid and self.left,
            self.is_armed and self.has_sounded,
        ]
        last = max((number for number, is_done in enumerate(reached, 1) if is_done), default=0)
        return list(Step)[:last]

    @property
    def current(self) -> Step | None:
        """The step to do now, None when the day is done."""
        return next((step for step in Step if step not in self.done), None)


def progress(connection: Connection, *, has_scanned: bool) -> Progress:
    """Look at one snapshot."""
    every_gate = gates.gates(connection)
    has_product, walked_out, paid, left, has_sounded = map(bool, _SEEN.run(connection).one())
    return Progress(
        has_product=has_product,
        units=labels.count(connection),
        has_scanned=has_scanned,
        gates=tuple(gate.name for gate in every_gate),
        walked_out=walked_out,
        paid=paid,
        left=left,
        is_armed=any(gate.armed for gate in every_gate),
        has_sounded=has_sounded,
    )


def is_empty(connection: Connection) -> bool:
    """Whether the shop never received a unit."""
    return not connection.execute(select(exists(select(schema.Item.id)))).scalar_one()


_I = schema.table(schema.Item)
_A = schema.table(schema.Alarm)
_S = schema.table(schema.SaleLine)
_SEEN = Statement(
    select(
        exists(select(schema.Product.id)),
        exists(select(_A.c.id)),
        exists(select(_S.c.sale_id).where(_S.c.item_id.is_not(None))),
        exists(select(_I.c.id).where(_I.c.state == ItemState.DEPARTED.value)),
        exists(select(_A.c.id).where(_A.c.state.not_in(standing.SILENT))),
    )
)
