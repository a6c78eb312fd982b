"""Signed receipts: the text of the code on a receipt, which a gate checks with nothing but public keys. Pure.

The text is `LR1` and base 32 (RFC 4648, unpadded): capitals and digits only, which scanners that type get across, and a
QR code packs well. The bytes in it:

    8      the key's id
    5      when it was sold, seconds since 1970 UTC
    4      the receipt's number, counted by its register
    1 + n  the store's name
    1 + n  the register's name
    5 * n  a short hash of each unit
    64     the signature: Ed25519 (RFC 8032) over `PURPOSE` and all of the above

A unit's hash is salted with everything before the hashes, so that it is another one on every receipt, and covers the
version that the sale gave the unit: what is known of a unit later than its sale is not overruled by its receipt.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.canonical import canonical
from shared.codes import bare

PREFIX = "LR1"
_NUMBER = re.compile(
    r"[A-Za-z0-9._-]+-[0-9]{6,}"
)  # a register's name (see `TableReader.name`), and which of its receipts
PURPOSE = b"lunas receipt\0"  # heads, signed with the same key, are JSON: no text is both
MOST_UNITS = 100  # in one text; a larger sale has several
LONGEST_LABEL = 64  # characters; whatever is longer and begins like a receipt is one, perhaps damaged
KEY_BYTES, TIME_BYTES, NUMBER_BYTES, HASH_BYTES, SIGNATURE_BYTES = 8, 5, 4, 5, 64
MICROSECONDS = 1_000_000


class Signer(Protocol):
    """Who signs: 16 hex digits that tell keys apart, and a signature in hex."""

    @property
    def id(self) -> str:
        """The key's id."""

    def sign(self, content: bytes) -> str:
        """The signature of this content."""


class SaleName(NamedTuple):
    """Which sale a receipt is of: the register's `nth`, at `at` µs since 1970 UTC, of which it keeps the seconds."""

    store: str
    register: str
    nth: int
    at: int

    @property
    def number(self) -> str:
        """The receipt's number as it is printed."""
        return f"{self.register}-{self.nth:06d}"


def is_receipt_number(text: str) -> bool:
    """Whether a text is of the form of a receipt's number, so that it is worth looking for the sale."""
    return _NUMBER.fullmatch(text) is not None


class SoldUnit(NamedTuple):
    """One unit: its product's id, its serial, and the version that the sale gave it."""

    product: int
    serial: str
    version: int


class KeyState(StrEnum):
    """Whether a receipt signed with the key counts."""

    VALID = "valid"
    RETIRED = "retired"


class ReceiptKey(NamedTuple):
    """One public key, 32 bytes; `id` is what a receipt names it by."""

    id: str
    public: bytes
    state: KeyState


class DamagedReceiptError(ValueError):
    """A text that begins like a receipt's, and is none as the shop prints them."""


class SignedReceipt(NamedTuple):
    """What a text says. Who signed it is to be asked: until `is_signed_with` has answered, it may be anybody's."""

    key: str
    sale: SaleName
    hashes: frozenset[bytes]
    salt: bytes
    signed: bytes
    signature: bytes

    @property
    def id(self) -> str:
        """Tells texts apart, several of one sale too: 16 hex digits."""
        return self.signature[:8].hex()

    def is_signed_with(self, public: bytes) -> bool:
        """Whether the owner of this public key, 32 bytes, signed it as it is."""
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(self.signature, PURPOSE + self.signed)
        except (InvalidSignature, ValueError):
            return False
        return True

    def sold_as(self, product: int, serial: str, versions: Iterable[int]) -> int | None:
        """The one of these versions that the sale gave this unit; None where it is not on the receipt."""
        units = (SoldUnit(product, serial, version) for version in versions)
        return next((unit.version for unit in units if _hash(self.salt, unit) in self.hashes), None)


def make(sale: SaleName, units: Sequence[SoldUnit], signer: Signer) -> list[str]:
    """The texts of a sale's codes, none for a sale without units."""
    salt = bytes.fromhex(signer.id) + (sale.at // MICROSECONDS).to_bytes(TIME_BYTES)
    salt += sale.nth.to_bytes(NUMBER_BYTES) + _named(sale.store) + _named(sale.register)
    parts = [units[start : start + MOST_UNITS] for start in range(0, len(units), MOST_UNITS)]
    return [_signed(salt, part, signer) for part in parts]


def begins_like_one(text: str) -> bool:
    """Whether a scanned text can only have been a receipt's."""
    return len(text) > LONGEST_LABEL and bare(text)[: len(PREFIX)].upper() == PREFIX


def read(text: str) -> SignedReceipt:
    """What the text of a receipt says. Raises DamagedReceiptError."""
    label = bare(text.strip()).upper()
    if not label.startswith(PREFIX):
        raise DamagedReceiptError(f"expected {PREFIX} at the beginning of a receipt's code")
    content = _bytes(label.removeprefix(PREFIX))
    signed, signature = content[:-SIGNATURE_BYTES], content[-SIGNATURE_BYTES:]
    try:
        names, rest = _names(signed[KEY_BYTES + TIME_BYTES + NUMBER_BYTES :])
    except (IndexError, UnicodeDecodeError):
        raise DamagedReceiptError("expected a store and a register in a receipt's code, got less") from None
    if len(rest) % HASH_BYTES:
        raise DamagedReceiptError(f"expected hashes of {HASH_BYTES} bytes in a receipt's code, got {len(rest)} bytes")
    hashes = frozenset(rest[start : start + HASH_BYTES] for start in range(0, len(rest), HASH_BYTES))
    key, salt = signed[:KEY_BYTES].hex(), signed[: len(signed) - len(rest)]
    return SignedReceipt(key, _sale(salt, *names), hashes, salt, signed, signature)


def _signed(salt: bytes, units: Iterable[SoldUnit], signer: Signer) -> str:
    content = salt + b"".join(_hash(salt, unit) for unit in units)
    content += bytes.fromhex(signer.sign(PURPOSE + content))
    return PREFIX + _text(content)


def _hash(salt: bytes, unit: SoldUnit) -> bytes:
    return hashlib.sha256(salt + canonical(unit).encode()).digest()[:HASH_BYTES]


def _text(content: bytes) -> str:
    return base64.b32encode(content).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    try:
        content = base64.b32decode(text + "=" * (-len(text) % 8))
    except ValueError:
        raise DamagedReceiptError("expected the characters of a receipt's code, got others, or not all") from None
    if _text(content) != text:  # the last character has bits to spare: one text for each content
        raise DamagedReceiptError("expected a receipt's code, got one whose last character was changed")
    return content


def _named(name: str) -> bytes:
    return len(name).to_bytes() + name.encode("ascii")


def _names(content: bytes) -> tuple[list[str], bytes]:
    """Two names, and what is left."""
    names = []
    for _ in range(2):
        end = 1 + content[0]
        if end > len(content):
            raise IndexError
        names.append(content[1:end].decode("ascii"))
        content = content[end:]
    return names, content


def _sale(salt: bytes, store: str, register: str) -> SaleName:
    at, nth = salt[KEY_BYTES:][:TIME_BYTES], salt[KEY_BYTES + TIME_BYTES :][:NUMBER_BYTES]
    return SaleName(store, register, int.from_bytes(nth), int.from_bytes(at) * MICROSECONDS)
