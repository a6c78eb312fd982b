"""What the rows of each kind of subject hold, and what its events say that they should hold: one book for each kind."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from shared import codes, schema
from shared.book import Book, Values, facts_of, plain, rows_of, unsaid
from shared.canonical import canonical
from shared.dispute_book import DISPUTE_BOOK
from shared.gate_rules import BY_SETTINGS
from shared.held_book import HELD_BOOK
from shared.incidents import commitment
from shared.ledger import Event
from shared.paying_books import PAYING_BOOKS
from shared.price_book import PRICES, prices_of, said_of_prices
from shared.return_book import RETURN_BOOK
from shared.shift_books import SHIFT_BOOKS
from shared.statements import Among, Statement
from shared.tax_settings import GENERAL

# ---- units: where they are, what they are, their codes and their sales

_UNIT_FACTS: Mapping[str, Any] = {"batch": "", "made_on": None, "expires_on": None, "warranty_months": None}


def _units(connection: Connection, ids: list[Any]) -> dict[str, Values]:
    found: dict[int, list[Values]] = defaultdict(list)
    for item, *code in _CODES.run(connection, ids=ids):
        found[item].append(tuple(code))
    sales: dict[int, list[Values]] = defaultdict(list)
    for item, *sale in _UNIT_LINES.run(connection, ids=ids):
        sales[item].append(tuple(sale))
    rows = _ITEMS.run(connection, ids=ids)
    return {str(item): (*values, sorted(found[item]), sorted(sales[item])) for item, *values in rows}


def _said_of_unit(events: Sequence[Event]) -> Values:
    facts = {**_UNIT_FACTS, "product": None, "serial": None}
    found: list[Values] = []
    sales: list[Values] = []
    for event in events:
        told = event.facts()
        facts |= {name: value for name, value in told.items() if name in facts}
        found += [tuple(code) for code in told.get("codes", ())]
        if "sale" in told:
            sales.append((told["sale"], told["price"], told.get("amount", told["price"])))
    last = events[-1]
    unit = (facts["product"], facts["serial"], *(facts[name] for name in _UNIT_FACTS))
    return (last.state, last.version, *unit, sorted(found), sorted(sales))


# ---- everything else


def _said_of_product(events: Sequence[Event]) -> Values:
    facts = facts_of(events)
    code = facts["code"]
    names = (code, codes.product_key(code), codes.gtin_of(code), facts["name"], facts["price"])
    return (*names, facts["serialised"], facts.get("tax_class", GENERAL), events[-1].version)


def _sales(connection: Connection, ids: list[Any]) -> dict[str, Values]:
    payments: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for sale, method, amount, reference in _PAYMENTS.run(connection, ids=ids):
        payments[sale].append({"method": method, "amount": amount, "reference": reference})
    rows = _SALES.run(connection, ids=ids)
    prices = prices_of(connection, ids)
    return {sale: (*values, canonical(payments[sale]), *prices[sale]) for sale, *values in rows}


def _said_of_sale(events: Sequence[Event]) -> Values:
    sold = events[0]
    facts = sold.facts()
    paid = [{name: payment.get(name, "") for name in _PAYMENT} for payment in facts["payments"]]
    for anew in (event.facts() for event in events[1:]):
        paid[anew["line"] - 1] |= {"method": anew["method"], "reference": anew["reference"]}
    told = (facts["number"], facts["total"], facts.get("rounding", 0), sold.register, sold.actor)
    return (*told, facts.get("sold_at", sold.at), facts["lines"], canonical(paid), *said_of_prices(facts))


def _said_of_alarm(events: Sequence[Event]) -> Values:
    facts = events[0].facts()
    told = tuple(facts[name] for name in ("incident", "scanner", "seen", "item", "serial", "price", "reason"))
    return (events[0].register, *told, events[-1].state, facts.get("quiet", False), facts.get("by", ""))


def _incidents(connection: Connection, ids: list[Any]) -> dict[str, Values]:
    rows = _INCIDENTS.run(connection, ids=ids)
    return {incident: (*values, commitment(note, salt)) for incident, note, salt, *values in rows}


def _said_of_incident(events: Sequence[Event]) -> Values:
    facts = {"fact": "", "theft": False, "note": ""} | facts_of(events)
    silenced = [event.facts()["at"] for event in events if event.what == "silenced"]
    resolved = next((event.facts() for event in reversed(events) if event.what == "resolved"), {"at": None, "by": ""})
    theft_by = next((event.facts()["by"] for event in reversed(events) if event.what == "classed"), "")
    times = (silenced[-1] if silenced else None, resolved["at"], resolved["by"])
    return (facts["gate"], *times, facts["fact"], facts["theft"], theft_by, events[-1].version, facts["note"])


def _permits(connection: Connection, ids: list[Any]) -> dict[str, Values]:
    rows = _PERMITS.run(connection, ids=ids)
    return {permit: (*values, commitment(note, salt)) for permit, note, salt, *values in rows}


def _said_of_permit(events: Sequence[Event]) -> Values:
    issued, last = events[0], events[-1]
    facts = issued.facts()
    told = (*(facts[name] for name in ("kind", "item", "product", "batch", "person", "until")), issued.actor, issued.at)
    ended = (last.actor, last.at) if last.what == "ended" else ("", None)
    return (*told, *ended, last.version, facts["note"])


def _gates(connection: Connection, ids: list[Any]) -> dict[str, Values]:
    rules: dict[str, list[Values]] = defaultdict(list)
    for gate, *rule in _RULES.run(connection, ids=ids):
        rules[gate].append(tuple(rule))
    rows = _GATES.run(connection, ids=ids)
    return {gate: (bool(armed), version, closed, sorted(rules[gate])) for gate, armed, version, *closed in rows}


def _said_of_gate(events: Sequence[Event]) -> Values:
    by_settings: dict[str, str] = {}
    chosen: dict[str, tuple[str, str]] = {}
    for facts in (event.facts() for event in events if event.what == "policy"):
        if facts["by"] == BY_SETTINGS:
            by_settings = facts["rows"]
        else:
            chosen |= {row: (outcome, facts["by"]) for row, outcome in facts["rows"].items()}
    chosen = {row: choice for row, choice in chosen.items() if choice[0]}
    rules = [(row, by_settings.get(row, ""), *chosen.get(row, ("", ""))) for row in {*by_settings, *chosen}]
    said = [event.facts() for event in events if event.what == "closing"]
    closed = max(reversed(said), key=lambda facts: facts["at"], default={"until": None, "at": None, "by": None})
    told = [closed["until"], closed["at"], closed["by"]]
    return (events[-1].state == "armed", events[-1].version, told, sorted(rules))


def _said_of_receipt_key(events: Sequence[Event]) -> Values:
    return (facts_of(events)["public"], events[-1].state == "retired", events[-1].version)


def _said_of_badge(events: Sequence[Event]) -> Values:
    issued, last = events[0], events[-1]
    ended_at = last.at if last.what == "ended" else None
    return (issued.facts()["person"], issued.actor, issued.at, ended_at, last.version)


def _said_of_person(events: Sequence[Event]) -> Values:
    return (facts_of(events)["role"], events[-1].state == "active")


def _said_of_token(events: Sequence[Event]) -> Values:
    return (facts_of(events)["role"],)


_S = schema.table(schema.Sale)
_L = schema.table(schema.SaleLine)
_P = schema.table(schema.Payment)
_C = schema.table(schema.ItemCode)
_R = schema.table(schema.GateRule)
_ITEMS = rows_of(schema.Item, "state", "version", "product_id", "serial", *_UNIT_FACTS)
_CODES = Statement(select(_C.c.item_id, _C.c.scheme, _C.c.scope, _C.c.text).where(Among(_C.c.item_id, "ids")))
_UNIT_LINES = Statement(select(_L.c.item_id, _L.c.sale_id, _L.c.price, _L.c.amount).where(Among(_L.c.item_id, "ids")))
_lines = select(func.count()).where(_L.c.sale_id == _S.c.id).scalar_subquery()
_SALES = Statement(
    select(_S.c.id, _S.c.number, _S.c.total, _S.c.rounding, _S.c.register, _S.c.actor, _S.c.at, _lines).where(
        Among(_S.c.id, "ids")
    )
)  # fmt: skip - the order of the book's values
_PAYMENTS = Statement(
    select(_P.c.sale_id, _P.c.method, _P.c.amount, _P.c.reference)
    .where(Among(_P.c.sale_id, "ids"))
    .order_by(_P.c.sale_id, _P.c.line)
)
_PRODUCT = ("code", "key", "gtin", "name", "price", "serialised", "tax_class", "version")
_ALARM = ("gate", "incident", "scanner", "at", "item_id", "serial", "price", "reason", "state", "quiet", "carried_by")
_INCIDENT = ("gate", "silenced_at", "resolved_at", "resolved_by", "fact", "is_theft", "theft_by", "version")
_INCIDENTS = rows_of(schema.Incident, "note", "note_salt", *_INCIDENT)
_LEAVE = ("kind", "item_id", "product_id", "batch", "person", "until")
_PERMIT = (*_LEAVE, "issued_by", "issued_at", "ended_by", "ended_at", "version")
_PERMITS = rows_of(schema.Permit, "note", "note_salt", *_PERMIT)
_BADGE = ("person", "issued_by", "issued_at", "ended_at", "version")
_GATE = ("armed", "version", "after closing", "rules")
_GATES = rows_of(schema.Gate, "armed", "version", "closed_until", "closed_at", "closed_by")
_RULES = Statement(
    select(_R.c.gate, _R.c.row, _R.c.by_settings, _R.c.chosen, _R.c.chosen_by).where(Among(_R.c.gate, "ids"))
)
_PAYMENT = ("method", "amount", "reference")
_SALE = ("number", "total", "rounding", "register", "actor", "at", "lines", "payments", *PRICES)
_UNIT = ("state", "version", "product", "serial", *_UNIT_FACTS, "codes", "sales")

BOOKS = (
    *PAYING_BOOKS,
    DISPUTE_BOOK,
    HELD_BOOK,
    *SHIFT_BOOKS,
    RETURN_BOOK,
    Book("item", _UNIT, _units, _said_of_unit, unsaid("item", schema.Item)),
    plain("product", schema.Product, _PRODUCT, _said_of_product),
    Book("sale", _SALE, _sales, _said_of_sale, unsaid("sale", schema.Sale, _S.c.reply != ""), is_numbered=False),
    plain("alarm", schema.Alarm, _ALARM, _said_of_alarm, is_numbered=False),
    Book(
        "incident",
        (*_INCIDENT, "note"),
        _incidents,
        _said_of_incident,
        unsaid("incident", schema.Incident),
        is_numbered=False,
    ),
    Book(
        "permit",
        (*_PERMIT, "note"),
        _permits,
        _said_of_permit,
        unsaid("permit", schema.Permit),
        is_numbered=False,
    ),
    plain("receipt_key", schema.ReceiptKey, ("public", "retired", "version"), _said_of_receipt_key, is_numbered=False),
    Book(
        "gate",
        ("armed", "version", "after closing", "rules"),
        _gates,
        _said_of_gate,
        unsaid("gate", schema.Gate),
        is_numbered=False,
    ),
    plain("badge", schema.Badge, _BADGE, _said_of_badge, is_numbered=False),
    plain("staff", schema.Staff, ("role", "active"), _said_of_person),
    plain("token", schema.Token, ("role",), _said_of_token),
)
