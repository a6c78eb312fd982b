"""The form of an exit permit: what was filled in, and in the person's words what to correct."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, exists, select

from pos import lookup
from pos.office.permits import Leave, PermitKind
from shared import schema, staff
from shared.incidents import LONGEST_NOTE
from shared.pages.speech import gettext
from shared.statements import Statement

ITEM, BATCH, PERSON = "item", "batch", "person"  # what a permit may be for
FIELDS = ("kind", "for", "serial", "product", "batch", "person", "until", "note")
LONGEST_CODE = 200  # characters
LONGEST_DAYS = 366
SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class PermitForm:
    """What was filled in, by field; `leave` is None where `troubles` holds something to correct."""

    filled: Mapping[str, str]
    leave: Leave | None
    troubles: Mapping[str, str]


def empty(now: datetime) -> PermitForm:
    """A form that allows the rest of this hour and the next seven, unless somebody says otherwise."""
    end = (now + timedelta(hours=8)).replace(minute=0, second=0, microsecond=0, tzinfo=None)
    blank = dict.fromkeys(FIELDS, "") | {"for": ITEM, "until": end.isoformat(timespec="minutes")}
    return PermitForm(blank, None, {})


def read_form(connection: Connection, sent: Mapping[str, str], now: datetime) -> PermitForm:
    """Check what was sent; `now` is aware, in the shop's zone."""
    filled = {name: sent.get(name, "").strip() for name in FIELDS}
    troubles = {
        "kind": "" if filled["kind"] in list(PermitKind) else gettext("Choose one from the list."),
        "for": "" if filled["for"] in {ITEM, BATCH, PERSON} else gettext("Choose one from the list."),
        "note": _note_trouble(filled["note"]),
    }
    until, troubles["until"] = _until(filled["until"], now)
    item, product = None, None
    if filled["for"] == ITEM:
        item, troubles["serial"] = _item(connection, filled["serial"])
    elif filled["for"] == BATCH:
        product, troubles["product"] = _product(connection, filled["product"])
        troubles["batch"] = _batch_trouble(connection, product, filled["batch"])
    elif filled["for"] == PERSON:
        troubles["person"] = _person_trouble(connection, filled["person"])
    troubles = {name: why for name, why in troubles.items() if why}
    if troubles:
        return PermitForm(filled, None, troubles)
    batch = filled["batch"] if filled["for"] == BATCH else ""
    person = filled["person"] if filled["for"] == PERSON else ""
    leave = Leave(PermitKind(filled["kind"]), item, product, batch, until, filled["note"], person)
    return PermitForm(filled, leave, {})


def _until(text: str, now: datetime) -> tuple[int, str]:
    """The end in µs since 1970 UTC, and what is wrong with it."""
    try:
        end = datetime.fromisoformat(text).replace(tzinfo=now.tzinfo)
        is_soon_enough = timedelta(0) < end - now <= timedelta(days=LONGEST_DAYS)
    except (ValueError, OverflowError):
        is_soon_enough, end = False, now
    if not is_soon_enough:
        return 0, gettext("Choose a time to come, within a year.")
    return int(end.timestamp()) * SECOND, ""


def _item(connection: Connection, serial: str) -> tuple[int | None, str]:
    found = lookup.name_texts(connection, [serial[:LONGEST_CODE]])[0].items
    if not found:
        return None, gettext("No unit has this serial.")
    if len(found) > 1:
        return None, gettext("Several units have this serial. Scan the shop's own label.")
    return found[0], ""


def _product(connection: Connection, code: str) -> tuple[int | None, str]:
    found = lookup.find_product(connection, code[:LONGEST_CODE]) if code.isprintable() else None
    return (found.id, "") if found else (None, gettext("No product has this code."))


def _batch_trouble(connection: Connection, product: int | None, batch: str) -> str:
    if product is None:
        return ""
    is_known = batch and batch.isprintable() and _BATCH.run(connection, product=product, batch=batch).scalar_one()
    return "" if is_known else gettext("No unit of this product is of that batch.")


def _person_trouble(connection: Connection, person: str) -> str:
    return "" if staff.person(connection, person) else gettext("Choose somebody of the staff.")


def _note_trouble(note: str) -> str:
    if len(note) <= LONGEST_NOTE and note.isprintable():
        return ""
    return gettext("A note has at most %(most)d letters, digits and signs.", most=LONGEST_NOTE)


_I = schema.table(schema.Item)
_BATCH = Statement(select(exists().where(_I.c.product_id == bindparam("product"), _I.c.batch == bindparam("batch"))))
