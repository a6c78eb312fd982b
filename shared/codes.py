"""Codes: from a scanned text to what it may name, and own serials. Pure: no clock, no database, no device.

A text is read into a `Reading`: the registered codes that it may be, most certain first, and what to call it if none
of them is registered. What is registered wins; only a miss is explained.
"""

import re
import secrets
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from biip import ParseConfig, ParseError
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from biip.gs1_element_strings import GS1ElementStrings
from biip.gs1_messages import GS1Message
from biip.gtin import Gtin
from epcpy.epc_schemes.sgtin import SGTIN
from epcpy.utils.common import ConvertException

LONGEST_TEXT = 512
PRINTABLE = re.compile(r"[\x20-\x7e\x1d]+")
AIM_IDENTIFIER = re.compile(r"\][A-Za-z][0-9A-Za-z](?=.)")  # ISO/IEC 15424
GS1_SYMBOLOGIES = ("]C1", "]e0", "]d2", "]Q3")
FNC1 = "\x1d"  # as scanners print it: it ends a field of variable length
SERIAL_PREFIX = re.compile(r"(?:S/N|SN)(?::\s*|\s+)(?=\S)", re.IGNORECASE)
MAKER_SERIAL = re.compile(r"[0-9A-Za-z\-._/]{4,40}")
SGTIN_HEX = re.compile(r"(?:30[0-9A-Fa-f]{22}|36[0-9A-Fa-f]{50})")
DIGITAL_LINK = re.compile(r"https?://\S+/01/[0-9]+\S*", re.IGNORECASE)
MAYBE_GS1 = re.compile(r"[\]\x1d(0-3]|https?:", re.IGNORECASE)  # spares other texts the parsing
GTIN_FIRST = re.compile(r"01[0-9]{14}")
PRODUCT_CODE = re.compile(r"[0-9]{8}|[0-9]{12,14}")
GS1_SERIAL = re.compile(r"[\x21-\x7e]{1,20}")
GS1_CONFIG = ParseConfig(gs1_element_strings_verify_date=False)

OWN_PREFIX = "LN"
OWN_INITIALS = "Ll"
OWN_LENGTH = 12
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CROCKFORD_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
NOT_OF_A_SERIAL = str.maketrans("", "", " -")
FIELD_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1, primitive: its powers of two are distinct up to the 31st


class Scheme(StrEnum):
    """Who gave the code; with scope and text it is unique for ever."""

    OWN = "own"
    GS1 = "gs1"
    MAKER = "maker"


class Miss(StrEnum):
    """What to call a text of which nothing is registered."""

    PRODUCT_CODE = "product_code"  # an EAN, UPC or GTIN: names a product, not a unit
    DAMAGED = "damaged"  # looks like ours, but its check character is wrong
    UNREGISTERED = "unregistered"  # ours by prefix and check character, but nobody received it
    UNKNOWN = "unknown"  # could be a serial of somebody's
    FOREIGN = "foreign"  # not a serial at all


class Code(NamedTuple):
    """One registered code. `scope` is "" for own, the 14-digit GTIN for gs1, the product's key for maker."""

    scheme: Scheme
    scope: str
    text: str


class Reading(NamedTuple):
    """What a scanned text may mean.

    `codes` are tried in order; a maker code here has the scope "" and stands for every product's. `forms` are the raw
    text and what is left of it without what scanners and labels put before a serial.
    """

    text: str
    forms: tuple[str, ...]
    codes: tuple[Code, ...]

    @property
    def product(self) -> str:
        """The product key that the text would be, if it is a product's code."""
        return product_key(self.forms[-1])

    @property
    def miss(self) -> Miss:
        """What to call the text if none of its codes is registered."""
        for form in self.forms:
            own = _own(form)
            if own:
                return Miss.UNREGISTERED if _own_body(own) else Miss.DAMAGED
        last = self.forms[-1]
        if gtin_of(last):
            return Miss.PRODUCT_CODE
        return Miss.UNKNOWN if self.codes or MAKER_SERIAL.fullmatch(last) else Miss.FOREIGN

    def matches(self, registered: Iterable[tuple[str, str, str, int]]) -> list[int]:
        """Ids of the items that this text names, from rows (scheme, scope, text, item id) that have one of its texts.

        None: not registered. Several: a maker's bare serial that two products share.
        """
        rows = list(registered)
        for code in self.codes:
            found = {item for scheme, scope, text, item in rows if _same(code, scheme, scope, text)}
            if found:
                return sorted(found)
        return []


class UnreadableTextError(ValueError):
    """A text that no label of a shop can hold: empty, too long, control characters, another alphabet."""


def read(text: str) -> Reading:
    """Read a scanned text. Raises UnreadableTextError; its message never echoes the text."""
    clean = _clean(text)
    forms = _forms(clean)
    codes = [code for form in forms for code in _codes(form)]
    return Reading(clean, forms, tuple(dict.fromkeys(codes) if len(codes) > 1 else codes))


def serial_codes(serial: str, product: str, gtin: str) -> list[Code]:
    """All codes to register for one received unit, the one to show first.

    `product` is the product's key, `gtin` its 14 digits or "". A box carries a bare serial and a DataMatrix of the
    same number, so each of the two registers the other. Raises UnreadableTextError, or ValueError where the serial
    cannot be one of this product's.
    """
    clean = _clean(serial)
    codes: list[Code] = []
    for form in _forms(clean):
        codes += [_scoped(code, product) for code in _codes(form)]
    exact = [code for code in codes if code.scheme is not Scheme.MAKER]
    chosen = exact[0] if exact else (codes[-1] if codes else None)
    if chosen is None:
        raise ValueError("expected a serial of 4 to 40 letters, digits, - . _ / or a GS1 code")
    return _family(chosen, product, gtin, bare(clean))


def product_key(code: str) -> str:
    """What a product is found by: its GTIN as 14 digits where the check digit is right, else its code in upper case."""
    return gtin_of(code.strip()) or code.strip().upper()


@lru_cache(1024)  # a delivery names one product again and again
def gtin_of(code: str) -> str:
    """The 14-digit GTIN that `code` is, or "" where it is none."""
    if not PRODUCT_CODE.fullmatch(code):
        return ""
    try:
        return Gtin.parse(code).as_gtin_14()
    except ParseError:
        return ""


def issue() -> str:
    """A new own serial: `LN`, 12 random Crockford base-32 characters, 1 check character."""
    body = "".join(secrets.choice(CROCKFORD) for _ in range(OWN_LENGTH))
    return OWN_PREFIX + body + check_character(body)


def check_character(body: str) -> str:
    """The check character of an own serial's 12 characters: a weighted sum over GF(32) with weights 2^12 to 2^1.

    All weights differ, that of the check character (1) too, so every single wrong character and every swap is found.
    """
    total = 0
    for character in body:
        total = _double(total ^ CROCKFORD.index(character))
    return CROCKFORD[total]


def bare(serial: str) -> str:
    """The text without the symbology identifier and the words (`S/N `, `SN:`) that may stand before a serial."""
    without_aim = AIM_IDENTIFIER.sub("", serial, count=1) if AIM_IDENTIFIER.match(serial) else serial
    return SERIAL_PREFIX.sub("", without_aim, count=1) if SERIAL_PREFIX.match(without_aim) else without_aim


def printed(serial: str) -> str:
    """An own serial in groups of four, `LNXX-XXXX-XXXX-XXX`; any other serial as it is."""
    if _own_body(serial) is None:
        return serial
    return "-".join(serial[start : start + 4] for start in range(0, len(serial), 4))


def _clean(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise UnreadableTextError(f"expected at most {LONGEST_TEXT} characters, got {len(text)}")
    stripped = text.strip(" \t\r\n")
    if not stripped:
        raise UnreadableTextError("expected a code, got nothing")
    if not PRINTABLE.fullmatch(stripped):
        raise UnreadableTextError("expected printable ASCII, got control characters or another alphabet")
    return stripped


def _forms(text: str) -> tuple[str, ...]:
    """The raw text first: `SN12345678` is a serial of its own, and stripped bare it would look like an EAN-8."""
    stripped = bare(text)
    return (text,) if stripped == text else (text, stripped)


def _codes(form: str) -> Iterator[Code]:
    own = _own(form)
    if own and _own_body(own):
        yield Code(Scheme.OWN, "", own)
    gs1 = _gs1(form) if MAYBE_GS1.match(form) or FNC1 in form else None
    if gs1:
        yield gs1
    if MAKER_SERIAL.fullmatch(form):
        yield Code(Scheme.MAKER, "", form.upper())


def _own(form: str) -> str | None:
    """The text as an own serial without its dashes, look-alikes put right; None where it cannot be one."""
    if form[:1] not in OWN_INITIALS:
        return None
    packed = form.translate(NOT_OF_A_SERIAL).upper()
    if not packed.startswith(OWN_PREFIX) or len(packed) != len(OWN_PREFIX) + OWN_LENGTH + 1:
        return None
    serial = OWN_PREFIX + packed[len(OWN_PREFIX) :].translate(CROCKFORD_LOOKALIKES)
    return serial if all(character in CROCKFORD for character in serial[len(OWN_PREFIX) :]) else None


def _own_body(serial: str) -> str | None:
    own = _own(serial)
    if own != serial or own is None:
        return None
    body = own[len(OWN_PREFIX) : -1]
    return body if check_character(body) == own[-1] else None


def _gs1(form: str) -> Code | None:
    """The code of GTIN (application identifier 01) and serial (21), None where the text does not hold both."""
    try:
        elements = _element_strings(form)
    except (ParseError, ConvertException, ValueError):
        return None
    gtin = next((element.gtin for element in elements if element.ai.ai == "01"), None)
    serial = next((element.value for element in elements if element.ai.ai == "21"), None)
    if gtin is None or serial is None or not GS1_SERIAL.fullmatch(serial):
        return None
    return Code(Scheme.GS1, gtin.as_gtin_14(), serial)


def _element_strings(form: str) -> GS1ElementStrings:
    """What a Digital Link, an SGTIN EPC in hex or a GS1 message holds; nothing where the text is none of them."""
    if DIGITAL_LINK.fullmatch(form):
        return GS1DigitalLinkURI.parse(form, config=GS1_CONFIG).element_strings
    if SGTIN_HEX.fullmatch(form):
        return GS1Message.parse_hri(SGTIN.from_hex(form).gs1_element_string(), config=GS1_CONFIG).element_strings
    if form.startswith("("):
        return GS1Message.parse_hri(form, config=GS1_CONFIG).element_strings
    message = form[3:] if form.startswith(GS1_SYMBOLOGIES) else form
    if message != form or FNC1 in message or GTIN_FIRST.match(message):
        return GS1Message.parse(message.lstrip(FNC1), config=GS1_CONFIG).element_strings
    return GS1ElementStrings()


def _same(code: Code, scheme: str, scope: str, text: str) -> bool:
    if code.scheme != scheme or code.text != text:
        return False
    return code.scheme is Scheme.MAKER or code.scope == scope


def _scoped(code: Code, product: str) -> Code:
    return Code(code.scheme, product, code.text) if code.scheme is Scheme.MAKER else code


def _family(chosen: Code, product: str, gtin: str, label: str) -> list[Code]:
    if chosen.scheme is Scheme.OWN:
        return [chosen]
    if chosen.scheme is Scheme.GS1:
        if chosen.scope != gtin:
            raise ValueError(
                f"expected a code of GTIN {gtin or 'none (the product has none)'}, got one of {chosen.scope}"
            )
        twin = [Code(Scheme.MAKER, product, chosen.text.upper())] if MAKER_SERIAL.fullmatch(chosen.text) else []
        return [chosen, *twin]
    twin = [Code(Scheme.GS1, gtin, label)] if gtin and GS1_SERIAL.fullmatch(label) else []
    return [chosen, *twin]


def _double(value: int) -> int:
    shifted = value << 1
    return shifted ^ FIELD_POLYNOMIAL if shifted & 0b100000 else shifted
