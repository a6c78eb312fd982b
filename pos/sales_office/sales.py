"""The sales of the shop, newest first, and what those that a filter wants come to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, cast, func, or_, select

from pos import lookup
from pos.sales_office.sale_filter import SaleFilter
from shared import schema
from shared.statements import Among, Statement

PAGE = 50  # sales
CHUNK = 500  # sales that are read at once where all are wanted


@dataclass(frozen=True, slots=True)
class SoldLine:
    """One line: `amount` is what was paid for it, `off` what its price was lowered by, `serial` "" without one."""

    product: str
    serial: str
    quantity: int
    price: int
    off: int
    amount: int


@dataclass(frozen=True, slots=True)
class SaleRow:
    """One sale of the list: `at` in µs since 1970 UTC, and the `methods` that it was paid by."""

    id: str
    number: str
    at: int
    register: str
    actor: str
    total: int
    lines: tuple[SoldLine, ...]
    methods: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many pieces were sold."""
        return sum(line.quantity for line in self.lines)

    @property
    def names(self) -> list[str]:
        """What was sold, each once."""
        return list(dict.fromkeys(line.product for line in self.lines))


@dataclass(frozen=True, slots=True)
class Sums:
    """How many sales, and what they come to."""

    sales: int
    total: int


def sales(connection: Connection, wanted: SaleFilter, page: int) -> tuple[list[SaleRow], bool]:
    """One page of the list, counted from 1, and whether there are older ones."""
    query = _heads(*_conditions(connection, wanted)).limit(PAGE + 1).offset((page - 1) * PAGE)
    found = connection.execute(query).all()
    return _with_parts(connection, found[:PAGE]), len(found) > PAGE


def every_sale(connection: Connection, wanted: SaleFilter) -> Iterator[SaleRow]:
    """The whole list, some at a time. Wants a snapshot."""
    query = _heads(*_conditions(connection, wanted))
    for heads in connection.execute(query, execution_options={"yield_per": CHUNK}).partitions():
        yield from _with_parts(connection, heads)


def sums(connection: Connection, wanted: SaleFilter) -> Sums:
    """What all that the filter wants come to."""
    total = func.coalesce(cast(func.sum(_S.c.total), schema.Whole), 0)
    query = select(func.count(), total).select_from(_S).where(_S.c.at > 0, *_conditions(connection, wanted))
    return Sums(*connection.execute(query).one())


def tills(connection: Connection) -> list[str]:
    """Every till that the shop ever had, by name."""
    return [name for (name,) in _TILLS.run(connection)]


def _conditions(connection: Connection, wanted: SaleFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.since is not None:
        yield _S.c.at >= wanted.since
    if wanted.until is not None:
        yield _S.c.at < wanted.until
    if wanted.till:
        yield _S.c.register == wanted.till
    if wanted.by:
        yield _S.c.actor == wanted.by
    if wanted.method:
        yield _S.c.id.in_(select(_M.c.sale_id).where(_M.c.method == wanted.method))
    if wanted.about:
        yield _is_about(connection, wanted.about)
    if wanted.least:
        yield _S.c.total >= wanted.least


def _is_about(connection: Connection, text: str) -> ColumnElement[bool]:
    """The receipt of this number, else the sales of the unit of this serial, else those of products of this name."""
    numbered = connection.execute(select(_S.c.id).where(_S.c.at > 0, func.upper(_S.c.number) == text.upper())).scalars()
    if receipts := numbered.all():
        return _S.c.id.in_(receipts)
    (named,) = lookup.name_texts(connection, [text])
    if named.items:
        return _S.c.id.in_(select(_L.c.sale_id).where(_L.c.item_id.in_(named.items)))
    is_meant = or_(_P.c.name.icontains(text, autoescape=True), func.upper(_P.c.code) == text.upper())
    return _S.c.id.in_(select(_L.c.sale_id).join(_P, _P.c.id == _L.c.product_id).where(is_meant))


def _heads(*conditions: ColumnElement[bool]) -> Select[Any]:
    """The sales without what is on them; a cancelled one has no time."""
    return (
        select(_S.c.id, _S.c.number, _S.c.at, _S.c.register, _S.c.actor, _S.c.total)
        .where(_S.c.at > 0, *conditions)
        .order_by(_S.c.at.desc(), _S.c.id.desc())
    )


def _with_parts(connection: Connection, heads: Sequence[Any]) -> list[SaleRow]:
    ids = [head.id for head in heads]
    lines: dict[str, list[SoldLine]] = {sale: [] for sale in ids}
    methods: dict[str, dict[str, None]] = {sale: {} for sale in ids}
    for sale, *line in _LINES.run(connection, ids=ids):
        lines[sale].append(SoldLine(*line))
    for sale, method in _METHODS.run(connection, ids=ids):
        methods[sale][method] = None
    return [SaleRow(*(*head, tuple(lines[head.id]), tuple(methods[head.id]))) for head in heads]


_S, _L, _M, _P, _I, _R = map(
    schema.table,
    (schema.Sale, schema.SaleLine, schema.Payment, schema.Product, schema.Item, schema.Register),
)
_LINES = Statement(
    select(
        _L.c.sale_id,
        _P.c.name,
        func.coalesce(_I.c.serial, ""),
        _L.c.quantity,
        _L.c.price,
        _L.c.discount + _L.c.share,
        _L.c.amount,
    )
    .select_from(_L.join(_P, _P.c.id == _L.c.product_id).outerjoin(_I, _I.c.id == _L.c.item_id))
    .where(Among(_L.c.sale_id, "ids"))
    .order_by(_L.c.sale_id, _L.c.line)
)
_METHODS = Statement(
    select(_M.c.sale_id, _M.c.method).where(Among(_M.c.sale_id, "ids")).order_by(_M.c.sale_id, _M.c.line)
)
_TILLS = Statement(select(_R.c.name).where(_R.c.kind == "till").order_by(_R.c.name))
