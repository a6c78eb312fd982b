"""What is out of the ordinary at the tills, for each cashier: nobody is accused by it, it says where to look.

Discounts that a leader allowed, goods taken back, sales undone, goods that were refused as suspected fraud, payments
given back before their sale, and the drawer opened without one.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, func, select

from pos.office.figures import Period
from pos.office.filter_fields import day_begins
from pos.returns.bringing import REFUSED
from pos.returns.rules import Reason
from pos.shifts.report import DRAWER
from pos.till import taking
from shared import schema
from shared.statements import Statement


class Kind(StrEnum):
    """What happened; their order is that of the page's columns."""

    DISCOUNT = "discount"  # that a leader allowed
    RETURN = "return"
    VOID = "void"
    REFUSED = "refused"  # goods that were not sold, or came back before
    GIVEN_BACK = "given_back"  # a payment, before the sale was made
    DRAWER = "drawer"  # opened without a sale


@dataclass(frozen=True, slots=True)
class Exceptional:
    """One thing: `at` in µs since 1970 UTC, the `actor` at the till, and who allowed it, "" where nobody did.

    `amount` is in the currency's shop unit, 0 where none was moved; `sale` is the sale's id, "" where there is none.
    """

    kind: Kind
    at: int
    actor: str
    approved_by: str
    amount: int
    reason: str
    sale: str
    number: str

    @property
    def is_override(self) -> bool:
        """Whether somebody else had to allow it."""
        return self.approved_by not in {"", self.actor}


@dataclass(frozen=True, slots=True)
class Toll:
    """One person's, by kind; `overrides` of them somebody else allowed."""

    actor: str
    counts: dict[Kind, int]
    amounts: dict[Kind, int]
    overrides: int


def exceptions(connection: Connection, period: Period, timezone: ZoneInfo) -> list[Exceptional]:
    """All of a period, the newest first. Wants a snapshot."""
    since = day_begins(period.first, timezone)
    found = [*_discounts(connection, since), *_returns(connection, since), *_events(connection, since)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def tolls(found: Sequence[Exceptional]) -> list[Toll]:
    """The same by person, who has the most first."""
    by_actor: dict[str, list[Exceptional]] = {}
    for one in found:
        by_actor.setdefault(one.actor, []).append(one)
    return [_toll(actor, ones) for actor, ones in sorted(by_actor.items(), key=lambda each: (-len(each[1]), each[0]))]


def _toll(actor: str, found: Iterable[Exceptional]) -> Toll:
    counts: Counter[Kind] = Counter()
    amounts: Counter[Kind] = Counter()
    overrides = 0
    for one in found:
        counts[one.kind] += 1
        amounts[one.kind] += one.amount
        overrides += one.is_override
    return Toll(actor, dict(counts), dict(amounts), overrides)


def _discounts(connection: Connection, since: int) -> Iterator[Exceptional]:
    for row in _DISCOUNTS.run(connection, since=since):
        yield Exceptional(*(Kind.DISCOUNT, *row))


def _returns(connection: Connection, since: int) -> Iterator[Exceptional]:
    for *row, reason, sale, number in _RETURNS.run(connection, since=since):
        kind = Kind.VOID if reason == Reason.VOID else Kind.RETURN
        yield Exceptional(*(kind, *row, reason, sale, number))


def _events(connection: Connection, since: int) -> Iterator[Exceptional]:
    for at, actor, details in _REFUSED.run(connection, since=since):
        yield Exceptional(Kind.REFUSED, at, actor, "", 0, json.loads(details)["reason"], "", "")
    for at, actor, details in _DRAWER.run(connection, since=since):
        told = json.loads(details)
        yield Exceptional(Kind.DRAWER, at, actor, told["approved_by"], 0, told["reason"], "", "")
    for at, actor, details, taken in _GIVEN_BACK.run(connection, since=since):
        told = json.loads(taken)
        reason = json.loads(details)["reason"]
        yield Exceptional(Kind.GIVEN_BACK, at, actor, "", told["amount"], reason, "", "")


_S, _D, _G, _B, _E = map(
    schema.table, (schema.Sale, schema.SaleDiscount, schema.GoodsReturn, schema.ReturnLine, schema.Event)
)
_T, _O = _E.alias("taken"), _B.alias("of_it")
_since = bindparam("since", type_=schema.Whole)
_DISCOUNTS = Statement(
    select(_S.c.at, _D.c.given_by, _D.c.approved_by, _D.c.off, _D.c.reason, _S.c.id, _S.c.number)
    .join(_D, _D.c.sale_id == _S.c.id)
    .where(_S.c.at >= _since, _D.c.approved_by != "")
)
_first = select(func.min(_O.c.line)).where(_O.c.return_id == _B.c.return_id).correlate(_B).scalar_subquery()
_RETURNS = Statement(
    select(_G.c.at, _G.c.actor, _G.c.approved_by, _G.c.total, _B.c.reason, _B.c.sale_id, _G.c.number)
    .select_from(_G.join(_B, (_B.c.return_id == _G.c.id) & (_B.c.line == _first)))
    .where(_G.c.at >= _since)
)
_entries = select(_E.c.at, _E.c.actor, _E.c.details).where(_E.c.at >= _since)
_REFUSED = Statement(_entries.where(_E.c.kind == REFUSED))
_DRAWER = Statement(_entries.where(_E.c.kind == DRAWER))
_GIVEN_BACK = Statement(
    select(_E.c.at, _E.c.actor, _E.c.details, _T.c.details)
    .join(_T, (_T.c.kind == taking.KIND) & (_T.c.subject == _E.c.subject) & (_T.c.version == 1))
    .where(_E.c.at >= _since, _E.c.kind == taking.KIND, _E.c.what == taking.GIVEN_BACK)
)
