"""From what the page says about paying to a sale's request; only the codes of its units are looked up."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from pos.till import asked
from pos.till.basket import GoodsLine, Paid, Request, UnitLine, hash_of
from pos.till.cart_view import CartView
from pos.till.credit_code import CreditCodeError, credit_id, read_code
from pos.till.discount import Grant
from pos.till.line import SaleLine
from pos.till.methods import Method, holds_card_number
from shared import schema
from shared.codes import Scheme
from shared.pages.faults import BadInputError
from shared.pages.speech import gettext
from shared.statements import Among, Statement

LONGEST_REFERENCE = 40
NOTES = (1_000, 5_000, 10_000, 20_000, 50_000, 100_000)
MOST_NOTES = 3
CERTAINTY = (Scheme.OWN, Scheme.GS1, Scheme.MAKER)


@dataclass(frozen=True, slots=True)
class Tender:
    """What the page sends to pay; the same `id` again is the same payment. A credit's code is its id from here on."""

    id: str
    cart: str
    method: Method
    amount: int
    reference: str
    expected_total: int

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Tender":
        """Check what came. Raises BadInputError in the person's language."""
        given = body.get("method")
        if given not in list(Method):
            raise BadInputError(gettext("Choose how it is paid."))
        method = Method(given)
        paid_by = reference(method, body.get("reference", ""))
        amount, total = (asked.amount(body, name) for name in ("amount", "expected_total"))
        return cls(_id(body.get("tender")), _id(body.get("cart")), method, amount, paid_by, total)

    def request(self, lines: Sequence[UnitLine | GoodsLine], grant: Grant | None = None) -> Request:
        """The sale's request; its hash covers what the page sent and not the lines, which are gone once it is sold."""
        paid = Paid(self.method.value, self.amount, self.reference)
        return Request(self.cart, tuple(lines), (paid,), self.expected_total, hash_of(asdict(self)), grant)


def likely_notes(total: int, digits: int) -> list[int]:
    """Up to three round amounts above the total that a customer may hand over; `digits` are the currency's decimals."""
    notes = NOTES if digits == 0 else tuple(note * 10**digits for note in (1, 5, 10, 20, 50, 100))
    fitting = [note for note in notes if note * 20 >= total] or [notes[-1]]
    amounts = {-(-total // note) * note for note in fitting}
    return sorted(amounts - {total})[:MOST_NOTES]


def sale_lines(connection: Connection, cart: CartView) -> list[UnitLine | GoodsLine]:
    """The cart as lines of a sale, each unit by a code of its own that is registered."""
    units = [line.item.id for line in cart.lines if line.item]
    codes: dict[int, tuple[str, str, str]] = {}
    for item, scheme, scope, text in _CODES.run(connection, ids=units) if units else []:
        codes[item] = min(codes.get(item, (scheme, scope, text)), (scheme, scope, text), key=_certainty)
    return [_line(line, codes) for line in reversed(cart.lines)]


def _certainty(code: tuple[str, str, str]) -> int:
    return CERTAINTY.index(Scheme(code[0]))


def _line(line: SaleLine, codes: Mapping[int, tuple[str, str, str]]) -> UnitLine | GoodsLine:
    if line.item is None:
        return GoodsLine(line.product.code, line.quantity, line.grant)
    scheme, scope, text = codes[line.item.id]
    # A GS1 serial may be shorter than a bare one can be, so it is named with its GTIN, as its label does.
    return UnitLine(f"01{scope}21{text}" if scheme == Scheme.GS1 else text, line.product.code, line.grant)


def _id(given: Any) -> str:
    try:
        return str(UUID(given))
    except (ValueError, TypeError, AttributeError):
        raise BadInputError(gettext("Expected the cart's number. Open the page again.")) from None


def reference(method: Method, given: Any) -> str:
    """What was typed as a payment's reference; a credit's is its id. Raises BadInputError in the person's language."""
    if method is Method.CASH:
        return ""
    text = given.strip() if isinstance(given, str) else ""
    if method is Method.CREDIT:
        return _credit(text)
    if not 0 < len(text) <= LONGEST_REFERENCE or not text.isprintable():
        raise BadInputError(gettext("Type the payment's reference, 1 to %(most)d characters.", most=LONGEST_REFERENCE))
    if holds_card_number(text):
        raise BadInputError(
            gettext(
                "That looks like a card's number, which is never kept. Type the payment's reference, of a long one its"
                " last 12 characters."
            )
        )
    return text


def _credit(text: str) -> str:
    try:
        return credit_id(read_code(text))
    except CreditCodeError as error:
        if error.is_damaged:
            raise BadInputError(gettext("A character of this code is wrong. Scan it again.")) from None
        raise BadInputError(gettext("Scan the voucher's code, or type it: LC and 13 characters.")) from None


_C = schema.table(schema.ItemCode).c
_CODES = Statement(select(_C.item_id, _C.scheme, _C.scope, _C.text).where(Among(_C.item_id, "ids")))
