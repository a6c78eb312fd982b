"""QRIS, the QR code that all Indonesian wallets and banks pay by: read, checked, and made for one amount. Pure.

It is EMVCo's merchant-presented code (EMV QRCPS Merchant-Presented Mode 1.1): objects of a two-digit tag, a two-digit
length and a value; the last is tag 63 with the CRC-16/CCITT-FALSE of all before it. Tag 51 is the national part, with
the merchant's national number (NMID). A static code (tag 01 is 11) leaves the amount to who pays; a dynamic one (12)
holds it in tag 54.
"""

import binascii
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 512
FORMAT, POINT, NATIONAL, CURRENCY, AMOUNT = "00", "01", "51", "53", "54"
COUNTRY, NAME, CITY, CRC = "58", "59", "60", "63"
STATIC, DYNAMIC = "11", "12"
GUID, NMID = "00", "02"  # in tag 51
NATIONAL_GUID: Final = "ID.CO.QRIS.WWW"
RUPIAH, INDONESIA = "360", "ID"
CRC_HEAD: Final = "6304"
CRC_DIGITS: Final = 4
LARGEST_AMOUNT: Final = 10**13 - 1  # tag 54 holds 13 characters


class QrisError(ValueError):
    """A text that is no QRIS code of a merchant; the message says what was expected, what came and what to do."""


@dataclass(frozen=True, slots=True)
class Qris:
    """A merchant's static code, checked; `nmid` is the merchant's national number."""

    code: str
    name: str
    city: str
    nmid: str

    def for_amount(self, amount: int) -> str:
        """The code that asks for this amount of rupiah, and for no other. Raises ValueError for one that fits none."""
        if not 0 < amount <= LARGEST_AMOUNT:
            raise ValueError(f"expected 1 to {LARGEST_AMOUNT} rupiah, got {amount}")
        found = _objects(self.code, "the code")
        del found[CRC]
        asked = {FORMAT: found.pop(FORMAT), POINT: DYNAMIC}
        for tag, value in found.items():
            if tag != POINT:
                asked[tag] = value
            if tag == CURRENCY:
                asked[AMOUNT] = str(amount)
        body = "".join(f"{tag}{len(value):02}{value}" for tag, value in asked.items()) + CRC_HEAD
        return body + crc(body)


def read(code: str) -> Qris:
    """A merchant's static code as it stands in the shop's own sticker. Raises QrisError."""
    found = _objects(code, "the code")
    if found.get(FORMAT) != "01":
        raise QrisError(f"expected it to begin with 000201, got {code[:6]!r}: paste what the sticker's QR code holds")
    told = found.get(CRC)
    right = crc(code[:-CRC_DIGITS])
    if told != right or code[-CRC_DIGITS - len(CRC_HEAD) : -CRC_DIGITS] != CRC_HEAD:
        raise QrisError(
            f"expected it to end with {CRC_HEAD}{right}, got {code[-8:]!r}: a character is wrong or missing"
        )
    if found.get(POINT, STATIC) != STATIC or AMOUNT in found:
        raise QrisError("expected the shop's static code (tag 01 is 11, no amount), got one for a single payment")
    if (found.get(CURRENCY), found.get(COUNTRY)) != (RUPIAH, INDONESIA):
        raise QrisError(f"expected rupiah and Indonesia (360, ID), got {found.get(CURRENCY)}, {found.get(COUNTRY)}")
    national = _objects(found.get(NATIONAL, ""), "tag 51")
    if national.get(GUID) != NATIONAL_GUID or not national.get(NMID):
        raise QrisError(f"expected tag 51 of {NATIONAL_GUID} with the merchant's NMID, there is none")
    if not found.get(NAME):
        raise QrisError("expected the merchant's name in tag 59, there is none")
    return Qris(code, found[NAME], found.get(CITY, ""), national[NMID])


def crc(text: str) -> str:
    """The CRC-16/CCITT-FALSE (polynomial 1021, from FFFF) of a text, as four hexadecimal digits."""
    return f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"


def _objects(text: str, where: str) -> dict[str, str]:
    """The objects of a code or of one of its parts, by tag, in their order."""
    if len(text) > LONGEST or not text.isprintable():
        raise QrisError(f"expected {where} as at most {LONGEST} readable characters")
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        tag, length = text[at : at + 2], text[at + 2 : at + 4]
        value = text[at + 4 : at + 4 + _length(length, where, at)]
        if len(value) != int(length) or tag in found or not _is_number(tag):
            raise QrisError(f"expected {where} to hold whole objects, each once; what begins at character {at} is none")
        found[tag] = value
        at += 4 + len(value)
    return found


def _length(digits: str, where: str, at: int) -> int:
    if not _is_number(digits):
        raise QrisError(f"expected a tag and a length in {where} at character {at}, got {digits!r}")
    return int(digits)


def _is_number(text: str) -> bool:
    return len(text) == 2 and text.isascii() and text.isdigit()  # noqa: PLR2004 - tags and lengths have two digits
