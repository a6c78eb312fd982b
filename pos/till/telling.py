"""What the till says to a scan, in the person's language: what to do first, then why, then the serial."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from pos import lookup
from pos.till.cart import LEASE_SECONDS
from pos.till.cart_view import Answer, CartView
from shared import codes, ledger, product_pictures
from shared.database import Database
from shared.pages import frame
from shared.pages.speech import gettext

HARD = "hard"
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Telling:
    """One answer as the page shows it. `price` None: nothing of the shop's is meant.

    `picture` is the number of the product whose picture is shown, None where it has none.
    """

    level: str
    reason: str
    heading: str
    serial: str = ""
    detail: str = ""
    price: int | None = None
    quantity: int = 1
    picture: int | None = None


def tell(database: Database, answer: Answer, cart: CartView, timezone: ZoneInfo) -> Telling:
    """Put a scan's answer into words; `cart` is as it stands after the scan. Raises DatabaseGoneError."""
    if answer.level == HARD:
        serial = codes.printed(answer.text)
        with database.reading() as connection:
            detail = _detail(connection, answer, timezone)
        return Telling(HARD, answer.reason, refusal(answer.reason), serial, detail)
    line = answer.line
    if line is None:
        raise AssertionError(f"expected a line with a {answer.level} answer")
    if answer.level == "soft":
        place = _place(answer, cart)
        detail = gettext("%(name)s, line %(place)s. Not added again.", name=line.product.name, place=place)
        return Telling("soft", answer.reason, gettext("Already in the cart"), detail=detail, price=line.product.price)
    serial = codes.printed(line.item.serial) if line.item else ""
    with database.reading() as connection:
        picture = line.product.id if product_pictures.has(connection, line.product.id) else None
    found = line.product
    return Telling("good", "", found.name, serial, price=found.price, quantity=line.quantity, picture=picture)


def silent_database(*, may_have_counted: bool) -> Telling:
    """The answer where the database gave none; `may_have_counted`: it went away after it had taken the scan."""
    if may_have_counted:
        detail = gettext("The database does not answer. Look into the cart before you scan again.")
        return Telling(HARD, "database", gettext("Scan again: this scan may not have counted"), detail=detail)
    detail = gettext("The database does not answer. Nothing was added to the cart.")
    return Telling(HARD, "database", gettext("Scan again: this scan did not count"), detail=detail)


def refusal(reason: str) -> str:
    """What to do with an item that cannot be sold, and why, in one line."""
    headings = {
        "already_paid": gettext("Put this item aside: already paid"),
        "held": gettext("Put this item aside: in another till's cart"),
        "returned": gettext("Put this item aside: returned, not yet inspected"),
        "quarantined": gettext("Put this item aside: held back for inspection"),
        "in_transit": gettext("Put this item aside: on its way to another place"),
        "written_off": gettext("Put this item aside: written off"),
        "expired": gettext("Put this item aside: expired"),
        "unknown": gettext("Put this item aside: unknown serial"),
        "damaged": gettext("Scan again: the label was misread"),
        "product_code": gettext("Scan the serial, not the product's code"),
        "ambiguous": gettext("Scan the shop's label, or the product's code"),
        "unreadable": gettext("Scan again: this cannot be read"),
        "badge": gettext("A badge: show it where the till asks for a leader"),
    }
    return headings.get(reason) or gettext("Put this item aside: it cannot be sold (%(reason)s)", reason=reason)


def _detail(connection: Connection, answer: Answer, timezone: ZoneInfo) -> str:
    if answer.reason == "already_paid":
        return _paid(connection, answer, timezone)
    if answer.reason == "ambiguous":
        return _candidates(connection, answer)
    name = answer.line.product.name if answer.line else ""
    item = answer.line.item if answer.line else None
    if answer.reason == "held":
        return gettext(
            "%(name)s is in the cart of %(till)s. Take it out there, or wait: it is let go after %(minutes)d minutes.",
            name=name,
            till=answer.till,
            minutes=LEASE_SECONDS // MINUTE,
        )  # fmt: skip - the words and what goes into them
    if answer.reason == "expired" and item and item.expires_on:
        return gettext("%(name)s, best before %(day)s.", name=name, day=frame.day(item.expires_on))
    return _advice(answer.reason) or (f"{name}." if name else "")


def _advice(reason: str) -> str:
    return {
        "unknown": gettext("No unit with this serial was received. The stock clerk can look into it."),
        "damaged": gettext("A character of the label came wrong. If it does again, type the serial."),
        "product_code": gettext("Each unit of this product is sold by its own serial; look for the other label."),
        "unreadable": gettext("It held characters that no label has. Check the scanner's keyboard language: US."),
    }.get(reason, "")


def _paid(connection: Connection, answer: Answer, timezone: ZoneInfo) -> str:
    if not answer.line or not answer.line.item:
        return ""
    events = ledger.history(connection, "item", answer.line.item.id)
    sold = next((event for event in reversed(events) if event.what == "sold"), None)
    name = answer.line.product.name
    if sold is None:
        return f"{name}."
    when = frame.moment(sold.at, timezone)
    return gettext("%(name)s, paid %(when)s at %(till)s.", name=name, when=when, till=sold.register)


def _candidates(connection: Connection, answer: Answer) -> str:
    named = lookup.name_texts(connection, [answer.text])[0]
    names = sorted({item.product.name for item in lookup.find_items(connection, named.items)})
    if not names:
        return gettext("This serial is on units of several products.")
    return gettext("This serial is on: %(names)s.", names=", ".join(names))


def _place(answer: Answer, cart: CartView) -> int:
    """The number that the line bears on the page: the oldest is 1."""
    meant = answer.line.item.id if answer.line and answer.line.item else None
    ids = [line.item.id if line.item else None for line in reversed(cart.lines)]
    return ids.index(meant) + 1 if meant in ids else 0
